namespace IntegrationPoints.LoadFiles;

/// <summary>Where files lie here that a load file looks for on a drive or a server: <c>D:\Review</c> may mean <c>NATIVES</c>.</summary>
/// <param name="From">The beginning of paths: a drive or a server's share, and folders. Whole names are compared, without regard to case; <c>/</c> and <c>\</c> are alike.</param>
/// <param name="To">What stands in its place: a folder below the base folder; blank: the base folder itself.</param>
public sealed record PathRule(string From, string To)
{
    /// <summary>What is wrong with the rule, and what is expected; null when nothing is.</summary>
    public string? Problem => PathRules.Levels(this) is null
        ? $"The path rule \"{From}\" => \"{To}\" cannot be used. It begins with a drive such as D:\\ or a share such as \\\\server\\share\\, and ends in a folder below the base folder, or in nothing."
        : null;
}

/// <summary>Maps paths to drives and servers into the base folder, when there is a rule for them (load-file specification, "Native File Path").</summary>
public sealed class PathRules
{
    private readonly List<(IReadOnlyList<string> From, IReadOnlyList<string> To)> rules = [];

    /// <summary>The rules that can be used, the longest first: it says the most about where a file lies.</summary>
    public PathRules(IEnumerable<PathRule> rules)
        => this.rules.AddRange(rules.Select(Levels).OfType<(IReadOnlyList<string> From, IReadOnlyList<string> To)>().OrderByDescending(r => r.From.Count));

    /// <summary>A path of a load file, taken apart; one to a drive or a server becomes relative when there is a rule for it.</summary>
    public ReferencedPath Parse(string raw)
    {
        var path = FilePath.Parse(raw);
        if (path.Kind != PathKind.Absolute) return path;
        foreach (var (from, to) in rules)
        {
            if (path.Segments.Count <= from.Count || !path.Segments.Take(from.Count).SequenceEqual(from, StringComparer.OrdinalIgnoreCase)) continue;
            return new(PathKind.Relative, [.. to, .. path.Segments.Skip(from.Count)]);
        }

        return path;
    }

    // A drive alone is no path of a file, so a name is put behind it and taken off again.
    internal static (IReadOnlyList<string> From, IReadOnlyList<string> To)? Levels(PathRule rule)
    {
        var from = FilePath.Parse(rule.From.Trim().TrimEnd('/', '\\') + "/x");
        var to = FilePath.Parse(rule.To);
        return from.Kind == PathKind.Absolute && (to.Kind is PathKind.Blank or PathKind.Relative || rule.To.Trim() is "/" or "\\" or ".")
            ? ([.. from.Segments.SkipLast(1)], to.Segments)
            : null;
    }
}
