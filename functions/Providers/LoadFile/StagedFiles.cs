using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>
/// Finds the files that a load file refers to, below its base folder in the staging area. Names are matched in any case of letters. A folder
/// is listed once and remembered; one with more than <see cref="Remembered"/> files is asked for each file instead.
/// </summary>
internal sealed class StagedFiles(Blobs blobs, string baseFolder)
{
    private const int Remembered = 20_000;

    /// <summary>Entries of all folders together that are remembered, so that memory stays flat.</summary>
    private const int RememberedInAll = 50_000;

    /// <summary>The longest name that a blob can have, and more levels than any real path.</summary>
    private const int LongestName = 1024, MostLevels = 100;

    private int remembered;
    private readonly Dictionary<string, Folder?> folders = new(StringComparer.Ordinal);

    /// <summary>The files of these references, in their order; null where the reference is blank.</summary>
    public async Task<SourceFile?[]> FindAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        var found = new SourceFile?[references.Count];
        var late = new List<(int Index, Folder Folder, string Name)>();
        for (var i = 0; i < references.Count; i++)
        {
            var path = FilePath.Parse(references[i]);
            if (path.Kind == PathKind.Blank) continue;
            if (path.Kind != PathKind.Relative || path.Segments.Count > MostLevels || baseFolder.Length + path.Path.Length > LongestName)
            {
                found[i] = Refused(references[i], path.Kind);
                continue;
            }
            var (folderPath, name) = Split(path.Path);
            var folder = await FolderAsync(folderPath, cancellationToken);
            var file = folder is null ? null : await FileAsync(folder, name, cancellationToken);
            found[i] = file is null ? Missing(references[i]) : Found(references[i], name, file);
            if (file is null && folder is { Complete: false }) late.Add((i, folder, name));
        }
        foreach (var group in late.GroupBy(l => l.Folder)) await SearchAsync(group.Key, group.ToList());
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

    private static SourceFile Found(string reference, string name, BlobVersion file)
    {
        var actual = Split(file.Name).Name;
        return new SourceFile(reference)
        {
            Name = actual,
            Blob = file.Name,
            Bytes = file.Bytes,
            ETag = file.ETag,
            Md5 = file.ContentHash is { } md5 ? Convert.ToHexStringLower(md5) : null,
            Warning = file.Bytes == 0
                ? Item("empty-file", $"The file \"{Words.Shorten(reference)}\" is empty (0 bytes); it was imported as it is.")
                : actual == name ? null : Item("file-name-case", $"The file \"{Words.Shorten(reference)}\" was found as \"{actual}\"; the names differ in case of letters only."),
        };
    }

    private static SourceFile Missing(string reference) => new(reference)
    {
        Problem = Item("missing-file", $"The file \"{Words.Shorten(reference)}\" is not there. Expected a file below the load file's base folder; "
            + "upload it there or correct the path, then import the error file."),
    };

    private static SourceFile Refused(string reference, PathKind kind) => new(reference)
    {
        Problem = kind == PathKind.Absolute
            ? Item("path-absolute", $"The path \"{Words.Shorten(reference)}\" names a drive or a server, which cannot be reached from here. "
                + "Expected a path relative to the load file's base folder; stage the file and make the path relative.")
            : Item("path-outside-root", $"The path \"{Words.Shorten(reference)}\" leaves the load file's base folder or cannot be a file's name; "
                + "nothing outside that folder is read. Correct the path."),
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
