namespace IntegrationPoints.Engine.Values;

/// <summary>
/// The selected choices of one value: every path once without regard to case, in the spelling that came first, ancestors included
/// (load-file specification, "Nested values": all checkboxes are selected under each nested value).
/// </summary>
internal sealed class ChoiceSet
{
    /// <summary>What joins the levels of a stored path, whatever the load file uses.</summary>
    public const char Separator = '\\';

    private readonly Dictionary<string, string> spellings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many characters the paths have together.</summary>
    public long Characters { get; private set; }

    /// <summary>Selects a choice below <paramref name="parent"/>, which was added before; null: at the top. Answers the path as it is kept.</summary>
    public string Add(string? parent, ReadOnlySpan<char> level)
        => Keep(parent is null ? level.ToString() : string.Concat(parent, [Separator], level));

    /// <summary>Selects a whole path whose ancestors were added before.</summary>
    public void AddPath(string path)
    {
        var end = path.LastIndexOf(Separator);
        if (end > 0 && spellings.TryGetValue(path[..end], out var parent)) Add(parent, path.AsSpan(end + 1));
        else Keep(path);
    }

    /// <summary>The paths in ordinal order; null when there are none.</summary>
    public string[]? ToSorted()
    {
        if (spellings.Count == 0) return null;
        var paths = spellings.Values.ToArray();
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    private string Keep(string path)
    {
        if (spellings.TryGetValue(path, out var known)) return known;
        spellings.Add(path, path);
        Characters += path.Length;
        return path;
    }
}
