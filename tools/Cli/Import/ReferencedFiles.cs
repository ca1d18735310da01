using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Import;

/// <summary>
/// The files that a load file names and that are there, in the order in which it names them, each once. Whatever is wrong with the load file or
/// with a path is left for the import to say: here such a file is merely not found.
/// </summary>
internal sealed class ReferencedFiles(ImportRequest request, string folder)
{
    // Bounds memory: a file that is named again after a million others is sent again, which changes nothing.
    private const int RememberedFiles = 1 << 20;
    private const int LongestPath = 900;
    private const int MissingKept = 10;

    private readonly BaseFolder _base = new(request.Base);
    private readonly PathRules _rules = new(request.Settings.Import.PathRules);
    private readonly HashSet<UInt128> _found = [];
    private readonly List<IReadOnlyList<string>> _missing = [];

    /// <summary>How far the load file is read, in bytes.</summary>
    public long Position { get; private set; }

    /// <summary>How many paths lead over symbolic links.</summary>
    public int Links => _base.Links;

    /// <summary>The first paths whose file is not there, in their segments.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Missing => _missing;

    /// <summary>Finds them; they go to <c>folder</c> in the staging area, with the layout that they have below the base folder.</summary>
    public async IAsyncEnumerable<StagedFile> FindAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.Settings.Images is { } images)
        {
            await foreach (var file in ImagesAsync(images, cancellationToken)) yield return file;
            yield break;
        }
        var import = request.Settings.Import;
        List<string> wanted = [.. new[] { import.NativeColumn, import.TextIsPath ? import.TextColumn : null }.OfType<string>()];
        if (wanted.Count == 0) yield break;
        await using var reader = await OpenAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) yield break;

        var columns = Columns(reader.Row, wanted);
        if (columns.Count == 0) yield break;
        var isRecord = !request.Settings.HasHeader;
        do
        {
            Position = reader.Offset;
            if (isRecord && reader.Row.Error is null && reader.Row.Line >= request.Settings.StartLine)
            {
                foreach (var file in Files(reader.Row, columns)) yield return file;
            }
            isRecord = true;
        }
        while (await reader.ReadAsync(cancellationToken));
    }

    private async Task<LoadFileReader> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = request.Settings;
        var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
        try
        {
            var encoding = await EncodingDetector.DetectAsync(file, settings.Encoding, cancellationToken);
            file.Position = 0;
            return new LoadFileReader(file, new LoadFileFormat
            {
                Encoding = encoding.Encoding,
                PreambleLength = encoding.PreambleLength,
                Delimiters = settings.Delimiters,
                HasHeader = settings.HasHeader,
            });
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private async IAsyncEnumerable<StagedFile> ImagesAsync(ImageSettings images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = new byte[ImageLines.HeadBytes];
        var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
        var length = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = head.AsSpan(0, length).StartsWith("\ufeff"u8) ? 3 : 0;
        await using var lines = new ImageLineReader(file, ImageLines.FormatOf(request.File, head.AsSpan(0, length)), file.Position, 1);
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            Position = line.Offset;
            string[] paths = images.LoadText ? [line.Path, FilePath.TextBeside(line.Path)] : [line.Path];
            foreach (var found in paths.SelectMany(Find)) yield return found;
        }
    }

    private List<int> Columns(LoadFileRow first, List<string> wanted)
    {
        var header = request.Settings.HasHeader ? Enumerable.Range(0, first.CellCount).Select(first.GetString).ToList() : null;
        var names = HeaderNames.From(header, first.CellCount).ToList();
        var indexes = wanted.Select(column => names.FindIndex(name => name.Equals(column.Trim(), StringComparison.OrdinalIgnoreCase)));
        return [.. indexes.Where(index => index >= 0)];
    }

    private List<StagedFile> Files(LoadFileRow row, List<int> columns)
    {
        List<StagedFile> files = [];
        foreach (var column in columns.Where(column => column < row.CellCount))
        {
            files.AddRange(Find(row.GetString(column)));
        }
        return files;
    }

    // The file of a path, or the packages that may hold it, as far as they were not found before.
    private List<StagedFile> Find(string reference)
    {
        var path = _rules.Parse(reference);
        if (path.Kind != PathKind.Relative) return [];
        List<FoundFile> found = _base.Find(path.Segments) is { } file ? [file] : [.. _base.Packages(path.Segments, request.File)];
        if (found.Count == 0 && _missing.Count < MissingKept) _missing.Add(path.Segments);
        return [.. found.Where(f => CanBeStaged(f.Relative) && IsNew(f.Relative)).Select(f => new StagedFile(f.Local, $"{folder}/{f.Relative}", f.Bytes))];
    }

    // Storage drops a dot or a blank at the end of a name and has a longest one. The import then says of the row that its file is missing, and
    // the other files go on.
    private bool CanBeStaged(string path)
        => folder.Length + path.Length < LongestPath
            && path.Split('/').All(name => !name.EndsWith('.') && !name.EndsWith(' ') && !Uri.UnescapeDataString(name).EndsWith('.'));

    private bool IsNew(string path)
    {
        if (_found.Count >= RememberedFiles) _found.Clear();
        return _found.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(path.AsSpan())));
    }
}
