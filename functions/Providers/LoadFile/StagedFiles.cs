using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>
/// Finds the files that a load file refers to, below its base folder in the staging area. Names are matched in any case of letters. A folder
/// is listed once and remembered; one with more than <see cref="Remembered"/> files is asked for each file instead. A package (.zip) stands for
/// the folder of its name that is not there, and for the base folder when it has the load file's name or is the only one there.
/// </summary>
internal sealed class StagedFiles(Blobs blobs, string baseFolder)
{
    private const int Remembered = 20_000;

    /// <summary>Entries of all folders together that are remembered, so that memory stays flat.</summary>
    private const int RememberedInAll = 50_000;

    /// <summary>The longest name that a blob can have, and more levels than any real path.</summary>
    private const int LongestName = 1024, MostLevels = 100;

    // What jobs exported is read by whoever may take it out of the workspace; that is asked of who names it, and not of rows.
    private readonly bool isAboveExports = baseFolder.TrimEnd('/').Split('/') is [StagingPaths.Structured, _];

    private int remembered;
    private readonly Dictionary<string, Folder?> folders = new(StringComparer.Ordinal);
    private readonly PackagedFiles packaged = new(blobs);
    private (PackageFile Package, IReadOnlyList<string> Inside)? start;
    private bool started;
    private IReadOnlyList<PackageFile>? besides;

    /// <summary>Where files lie that the load file looks for on drives and servers.</summary>
    public PathRules Rules { get; init; } = new([]);

    /// <summary>The load file's path: a package of its name stands for the base folder.</summary>
    public string LoadFile { get; init; } = "";

    /// <summary>The version of the package that is the base folder, as the check found it; null: whichever is there.</summary>
    public string? PackageETag { get; init; }

    /// <summary>The package that is the base folder, or holds it, opened; null: the base folder is one.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or is not the version any more that the check found.</exception>
    public async Task<PackageIndex?> StartAsync(CancellationToken cancellationToken)
    {
        if (!started) start = await blobs.Packages.OnTheWayAsync(baseFolder, cancellationToken);
        started = true;
        if (start is not var (package, _)) return PackageETag is null ? null : throw Changed.Package(baseFolder.TrimEnd('/'));
        if (PackageETag is not null && PackageETag != package.ETag) throw Changed.Package(package.Path);
        return await Changed.GuardAsync(() => blobs.Packages.OpenAsync(package, cancellationToken), () => Changed.Package(package.Path));
    }

    /// <summary>A warning about files of a package that cannot be referred to, when there are any.</summary>
    public static IEnumerable<Problem> LeftOut(PackageIndex? package)
    {
        if (package is { LeftOut: > 0 })
        {
            yield return new Problem(
                "archive-names",
                $"{package.LeftOut} files of the package {Words.Quote(package.Package.Path)} have names that no file may have, or are links, and are left out. Have them packed under other names if they are needed.")
            { Severity = ProblemSeverity.Warning };
        }
    }

    /// <summary>The files of these references, in their order; null where the reference is blank.</summary>
    public async Task<SourceFile?[]> FindAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        if (!started) await StartAsync(cancellationToken);
        var found = new SourceFile?[references.Count];
        var late = new List<(int Index, Folder Folder, string Name)>();
        var paths = new ReferencedPath[references.Count];
        for (var i = 0; i < references.Count; i++)
        {
            var path = paths[i] = Rules.Parse(references[i]);
            if (path.Kind == PathKind.Blank) continue;
            if (path.Kind != PathKind.Relative || path.Segments.Count > MostLevels || baseFolder.Length + path.Path.Length > LongestName)
            {
                found[i] = Refused(references[i], path.Kind);
                continue;
            }
            if (isAboveExports && path.Segments is [var first, _, ..] && first.Equals(ExportFolder.Name, StringComparison.OrdinalIgnoreCase))
            {
                found[i] = OfExports(references[i]);
                continue;
            }
            if (start is not null) continue;
            var (folderPath, name) = Split(path.Path);
            var folder = await FolderAsync(folderPath, cancellationToken);
            var file = folder is null ? null : await FileAsync(folder, name, cancellationToken);
            if (file is not null) found[i] = Found(references[i], name, file);
            else if (folder is { Complete: false }) late.Add((i, folder, name));
        }
        foreach (var group in late.GroupBy(l => l.Folder)) await SearchAsync(group.Key, group.ToList());
        for (var i = 0; i < references.Count; i++)
        {
            if (found[i] is null && paths[i].Kind == PathKind.Relative)
                found[i] = Noted(await InPackagesAsync(paths[i].Segments, references[i], cancellationToken) ?? Missing(references[i]), paths[i].Segments[^1]);
        }
        return found;

        // A large folder is read through once for all names that were not there as written.
        async Task SearchAsync(Folder folder, List<(int Index, Folder Folder, string Name)> wanted)
        {
            var byName = wanted.ToLookup(w => w.Name, StringComparer.OrdinalIgnoreCase);
            await foreach (var entry in Blobs.ListFolderAsync(blobs.Staging, folder.Path, cancellationToken))
            {
                if (entry.File is not { } file) continue;
                foreach (var (index, _, name) in byName[entry.Name]) found[index] = Found(references[index], name, file);
            }
        }
    }

    private async Task<SourceFile?> InPackagesAsync(IReadOnlyList<string> path, string reference, CancellationToken cancellationToken)
    {
        if (start is var (package, inside)) return await packaged.FindAsync(package, [.. inside, .. path], reference, cancellationToken);
        for (var level = 0; level < path.Count - 1; level++)
        {
            if (await FolderAsync(string.Concat(path.Take(level).Select(p => p + "/")), cancellationToken) is not { } folder) break;
            if (await PackageAsync(folder, path[level], cancellationToken) is not { } instead) continue;
            // Packed with its folder's name or without it.
            var found = await packaged.FindAsync(instead, [.. path.Skip(level + 1)], reference, cancellationToken)
                ?? await packaged.FindAsync(instead, [.. path.Skip(level)], reference, cancellationToken);
            if (found is not null) return found;
        }
        foreach (var beside in besides ??= await BesidesAsync(cancellationToken))
        {
            // A package that cannot be read may have nothing to do with it.
            if (await packaged.FindAsync(beside, path, reference, cancellationToken) is { } found && (found.Entry is not null || IsNamedAlike(beside))) return found;
        }
        return null;
    }

    private async Task<PackageFile?> PackageAsync(Folder folder, string name, CancellationToken cancellationToken)
    {
        var blob = (PackageFile.IsName(name) ? await FileAsync(folder, name, cancellationToken) : null) ?? await FileAsync(folder, name + ".zip", cancellationToken);
        return blob is null ? null : PackageFile.Of(blob);
    }

    private async Task<IReadOnlyList<PackageFile>> BesidesAsync(CancellationToken cancellationToken)
    {
        if (await FolderAsync("", cancellationToken) is not { } folder) return [];
        var named = LoadFile.Length > 0 ? await FileAsync(folder, Stem(LoadFile) + ".zip", cancellationToken) : null;
        if (named is not null) return [PackageFile.Of(named)];
        var all = folder.Complete ? folder.Files.Values.Where(f => PackageFile.IsName(f.Name)).Take(2).ToList() : [];
        return all is [var only] ? [PackageFile.Of(only)] : [];
    }

    private bool IsNamedAlike(PackageFile package) => string.Equals(Stem(package.Path), Stem(LoadFile), StringComparison.OrdinalIgnoreCase);

    private static string Stem(string path) => Path.GetFileNameWithoutExtension(Split(path).Name);

    private async Task<BlobVersion?> FileAsync(Folder folder, string name, CancellationToken cancellationToken)
        => folder.Complete
            ? folder.Files.GetValueOrDefault(name) ?? folder.AnyCase.GetValueOrDefault(name)
            : await Blobs.FindAsync(blobs.Staging, folder.Path + name, cancellationToken);

    // From the base folder down, so that a path that goes astray costs no more than the levels that are there.
    private async Task<Folder?> FolderAsync(string path, CancellationToken cancellationToken)
    {
        if (folders.TryGetValue(path, out var known)) return known;
        var folder = path.Length == 0 ? await ListAsync(baseFolder, cancellationToken) : await SubfolderAsync(path, cancellationToken);
        if (remembered > RememberedInAll)
        {
            folders.Clear();
            remembered = 0;
        }
        remembered += 1 + (folder?.Files.Count ?? 0) + (folder?.Folders.Count ?? 0);
        return folders[path] = folder;
    }

    private async Task<Folder?> SubfolderAsync(string path, CancellationToken cancellationToken)
    {
        var (parentPath, name) = Split(path[..^1]);
        if (await FolderAsync(parentPath, cancellationToken) is not { } parent) return null;
        var actual = parent.Folders.Contains(name) ? name : parent.FoldersInAnyCase.GetValueOrDefault(name);
        // Of a parent that is too large to be listed whole, the name as written is tried.
        return actual is null && parent.Complete ? null : await ListAsync($"{parent.Path}{actual ?? name}/", cancellationToken);
    }

    private async Task<Folder?> ListAsync(string path, CancellationToken cancellationToken)
    {
        var folder = new Folder(path);
        await foreach (var entry in Blobs.ListFolderAsync(blobs.Staging, path, cancellationToken))
        {
            if (entry.File is null)
            {
                folder.Folders.Add(entry.Name);
                folder.FoldersInAnyCase.TryAdd(entry.Name, entry.Name);
                continue;
            }
            if (folder.Files.Count == Remembered) return folder with { Complete = false };
            folder.Files[entry.Name] = entry.File;
            folder.AnyCase.TryAdd(entry.Name, entry.File);
        }
        return folder.Files.Count + folder.Folders.Count == 0 ? null : folder;
    }

    private static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return (path[..slash], path[slash..]);
    }

    private static SourceFile Found(string reference, string name, BlobVersion file) => Noted(
        new SourceFile(reference)
        {
            Name = Split(file.Name).Name,
            Blob = file.Name,
            Bytes = file.Bytes,
            ETag = file.ETag,
            Md5 = file.ContentHash is { } md5 ? Convert.ToHexStringLower(md5) : null,
        },
        name);

    private static SourceFile Noted(SourceFile file, string name) => file.Problem is not null ? file : file with
    {
        Warning = file.Bytes == 0
            ? Item("empty-file", $"The file \"{Words.Shorten(file.Reference)}\" is empty (0 bytes); it was imported as it is.")
            : file.Name == name ? null : Item("file-name-case", $"The file \"{Words.Shorten(file.Reference)}\" was found as {Words.Quote(file.Name)}; the names differ in case of letters only."),
    };

    private static SourceFile Missing(string reference) => new(reference)
    {
        Problem = Item("missing-file", $"The file \"{Words.Shorten(reference)}\" is not there. Expected a file below the load file's base folder; "
            + "upload it there or correct the path, then import the error file."),
    };

    private static SourceFile Refused(string reference, PathKind kind) => new(reference)
    {
        Problem = kind == PathKind.Absolute
            ? Item("path-absolute", $"The path \"{Words.Shorten(reference)}\" names a drive or a server, which cannot be reached from here. "
                + "Expected a path relative to the load file's base folder. Stage the file, and add a path rule to the import that says where this drive or server lies, such as "
                + "D:\\ => (nothing) for the base folder itself.")
            : Item("path-outside-root", $"The path \"{Words.Shorten(reference)}\" leaves the load file's base folder or cannot be a file's name; "
                + "nothing outside that folder is read. Correct the path."),
    };

    private static SourceFile OfExports(string reference) => new(reference)
    {
        Problem = Item("path-of-exports", $"The path \"{Words.Shorten(reference)}\" leads to what jobs exported, which the load file's base folder does not name. "
            + $"Set the base folder to {ExportFolder.Name}, or to a folder in it; running the import then needs Allow Export."),
    };

    private static Problem Item(string code, string message) => new(code, message) { Level = ProblemLevel.Item };

    private sealed record Folder(string Path)
    {
        public bool Complete { get; init; } = true;
        public Dictionary<string, BlobVersion> Files { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, BlobVersion> AnyCase { get; } = new(StringComparer.OrdinalIgnoreCase);
        public HashSet<string> Folders { get; } = new(StringComparer.Ordinal);
        public Dictionary<string, string> FoldersInAnyCase { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
