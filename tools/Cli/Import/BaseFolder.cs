namespace IntegrationPoints.Cli.Import;

/// <summary>
/// The folder below which a load file's relative paths lie. Names are found in any case of letters, the same case first. Nothing outside
/// the folder is ever found: the paths come without <c>..</c>, and symbolic links are not followed.
/// </summary>
internal sealed class BaseFolder(string root)
{
    // Bounds memory: beyond it, folders are listed again when they are named again.
    private const int RememberedEntries = 200_000;

    private readonly Dictionary<string, Listing> _listings = [];
    private int _remembered;

    /// <summary>How many names were symbolic links and so not found.</summary>
    public int Links { get; private set; }

    /// <summary>The file of that path: its local path, its path below the folder with <c>/</c>, its size; null when there is none.</summary>
    public FoundFile? Find(IReadOnlyList<string> segments)
    {
        var (local, relative) = (root, "");
        for (var i = 0; i < segments.Count; i++)
        {
            var last = i == segments.Count - 1;
            if (List(local).Find(segments[i]) is not { } entry || entry.IsFolder == last) return null;
            if (entry.IsLink)
            {
                Links++;
                return null;
            }
            local = Path.Combine(local, entry.Name);
            relative = relative.Length == 0 ? entry.Name : $"{relative}/{entry.Name}";
        }
        var file = new FileInfo(local);
        return file.Exists ? new FoundFile(local, relative, file.Length) : null;
    }

    /// <summary>
    /// The packages (.zip) that may hold the file of a path that is not there: those that stand for one of its folders, and for the base folder the
    /// one of the load file's name, else the only one there is.
    /// </summary>
    public IEnumerable<FoundFile> Packages(IReadOnlyList<string> segments, string loadFile)
    {
        for (var level = 0; level < segments.Count - 1; level++)
        {
            var instead = (segments[level].EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? Find([.. segments.Take(level + 1)]) : null)
                ?? Find([.. segments.Take(level), segments[level] + Ending]);
            if (instead is not null) yield return instead;
        }
        var beside = Find([Path.GetFileNameWithoutExtension(loadFile) + Ending])
            ?? (List(root).OnlyFileOf(Ending) is { } only ? Find([only]) : null);
        if (beside is not null) yield return beside;
    }

    private const string Ending = ".zip";

    private Listing List(string folder)
    {
        if (_listings.TryGetValue(folder, out var known)) return known;
        var listing = new Listing(folder);
        if (_remembered + listing.Count > RememberedEntries)
        {
            _listings.Clear();
            _remembered = 0;
        }
        _remembered += listing.Count;
        return _listings[folder] = listing;
    }

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink);

    private sealed class Listing
    {
        private readonly Dictionary<string, Entry> _byAnyCase = new(StringComparer.OrdinalIgnoreCase);

        // Names that differ in case only; there are hardly ever any.
        private readonly Dictionary<string, Entry> _byCase = new(StringComparer.Ordinal);

        public Listing(string folder)
        {
            foreach (var info in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(info => info.Name, StringComparer.Ordinal))
            {
                var isLink = info.Attributes.HasFlag(FileAttributes.ReparsePoint);
                var entry = new Entry(info.Name, info is DirectoryInfo, isLink);
                if (!_byAnyCase.TryAdd(info.Name, entry)) _byCase[info.Name] = entry;
            }
        }

        public int Count => _byAnyCase.Count + _byCase.Count;

        public string? OnlyFileOf(string ending)
            => _byAnyCase.Values.Concat(_byCase.Values).Where(e => !e.IsFolder && e.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).Take(2).ToList() is [var only] ? only.Name : null;

        public Entry? Find(string name)
            => _byCase.TryGetValue(name, out var exact) ? exact : _byAnyCase.TryGetValue(name, out var entry) ? entry : null;
    }
}

/// <summary>A file that a load file names.</summary>
/// <param name="Local">Where it is.</param>
/// <param name="Relative">Its path below the base folder, with <c>/</c>, spelled as on disk.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record FoundFile(string Local, string Relative, long Bytes);
