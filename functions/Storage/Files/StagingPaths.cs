using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>
/// Which paths of the staging area a workspace may use (design, Data): it reads and writes <c>StructuredData/{workspace}/</c>, and
/// reads a root of which the settings say so. Nothing else is readable or writable. Paths are hostile: they come from users and from load files.
/// </summary>
public sealed class StagingPaths
{
    /// <summary>The root whose folders belong to workspaces.</summary>
    public const string Structured = "StructuredData";

    /// <summary>The only roots there are.</summary>
    public static readonly IReadOnlyList<string> Roots = ["ARM", "ProcessingSource", Structured, "TenantVM"];

    private const int MaxLength = 1024;
    private const int MaxLevels = 254;
    private const int LongestShown = 100;

    private readonly Dictionary<string, IReadOnlyCollection<string>> _readers;

    /// <summary>The rules with <paramref name="readers"/>: by root, the workspaces that may read it (setting <c>Staging:Readable:{root}</c>).</summary>
    /// <exception cref="ArgumentException">Something else than one of the roots, or <c>StructuredData</c>, is named.</exception>
    public StagingPaths(IReadOnlyDictionary<string, IReadOnlyCollection<string>>? readers = null)
    {
        _readers = new(StringComparer.Ordinal);
        foreach (var (name, workspaces) in readers ?? new Dictionary<string, IReadOnlyCollection<string>>())
        {
            var root = Root(name);
            if (root is null or Structured) throw new ArgumentException($"{name} is not a root that can be opened to workspaces.", nameof(readers));
            _readers[root] = workspaces;
        }
    }

    /// <summary>The folder of a workspace, without a slash at its end.</summary>
    public static string FolderOf(string workspace) => $"{Structured}/{workspace}";

    /// <summary>The blob that a path means when a workspace reads it.</summary>
    /// <exception cref="ConfigurationException"><c>path-outside-root</c>: it may not, or the path is malformed.</exception>
    public string ForReading(string workspace, string path)
    {
        var clean = Clean(path);
        return clean is not null && (IsOwn(workspace, clean) || IsOpen(workspace, clean)) ? clean : throw Outside(path);
    }

    /// <summary>The folder that a path means when a workspace reads what lies in it: its own whole folder, too, which is no blob.</summary>
    /// <exception cref="ConfigurationException">As <see cref="ForReading"/>.</exception>
    public string FolderForReading(string workspace, string path) => path == FolderOf(workspace) ? path : ForReading(workspace, path);

    /// <summary>The blob that a path means when a workspace writes it.</summary>
    /// <exception cref="ConfigurationException"><c>path-outside-root</c>: it may not, or the path is malformed.</exception>
    public static string ForWriting(string workspace, string path)
        => Clean(path) is { } clean && IsOwn(workspace, clean) ? clean : throw Outside(path);

    /// <summary>
    /// What a load file in <paramref name="folder"/> means by <paramref name="reference"/>: levels separated by <c>\</c> or <c>/</c>, one at the
    /// beginning meaning the folder itself, <c>.</c> and <c>..</c> resolved. Null when it leaves the staging area or names a drive or a server.
    /// Whether the workspace may read the result is for <see cref="ForReading"/> to say.
    /// </summary>
    public static string? Join(string folder, string reference)
    {
        var relative = reference.Replace('\\', '/');
        if (relative.StartsWith("//", StringComparison.Ordinal)) return null;
        var levels = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var level in relative.Split('/'))
        {
            if (level is "" or ".") continue;
            if (level != "..") levels.Add(level);
            else if (levels.Count == 0) return null;
            else levels.RemoveAt(levels.Count - 1);
        }
        return Clean(string.Join('/', levels));
    }

    /// <summary>The path with its root as it is spelled here; null when it is not a path of the staging area.</summary>
    public static string? Clean(string path)
    {
        if (path.Length is 0 or > MaxLength) return null;
        var levels = path.Split('/');
        if (levels.Length is < 2 or > MaxLevels || Root(levels[0]) is not { } root) return null;
        for (var i = 1; i < levels.Length; i++)
        {
            if (!IsName(levels[i])) return null;
        }
        levels[0] = root;
        return string.Join('/', levels);
    }

    private static string? Root(string name) => Roots.FirstOrDefault(root => string.Equals(root, name, StringComparison.OrdinalIgnoreCase));

    private static bool IsOwn(string workspace, string path) => path.StartsWith(FolderOf(workspace) + "/", StringComparison.Ordinal);

    private bool IsOpen(string workspace, string path)
        => _readers.TryGetValue(path[..path.IndexOf('/', StringComparison.Ordinal)], out var workspaces) && workspaces.Contains(workspace);

    // Blob storage drops a dot or a space at the end of a name, so that two names would be one.
    private static bool IsName(string level)
        => level.Length > 0
            && !level.EndsWith('.') && !level.EndsWith(' ')
            && !level.Contains('\\')
            && !(level is [var drive, ':', ..] && char.IsAsciiLetter(drive))
            && !HidesTraversal(level)
            && IsText(level);

    // %2e %2f %5c %00, also encoded again: something on the way might decode them.
    private static bool HidesTraversal(string level)
    {
        for (var decoded = level; decoded.Contains('%');)
        {
            var next = Uri.UnescapeDataString(decoded);
            if (next == decoded) return false;
            if (next is "." or ".." || next.AsSpan().ContainsAny("/\\\0") || next.EndsWith('.')) return true;
            decoded = next;
        }
        return false;
    }

    private static bool IsText(string level)
    {
        for (var i = 0; i < level.Length; i++)
        {
            if (char.IsControl(level[i])) return false;
            if (!char.IsSurrogate(level[i])) continue;
            if (i + 1 == level.Length || !char.IsSurrogatePair(level[i], level[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static ConfigurationException Outside(string path) => new(
        "path-outside-root",
        $"The path \"{Words.Shorten(path, LongestShown)}\" is outside of what this workspace may use. Files of a workspace lie in the staging area under "
        + $"{Structured}/, in the folder of the workspace; a path has no \"..\", drive letter or server name.");
}
