using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>Opens an image load file before anything is written: is it there, is it one, can its letters be read.</summary>
internal sealed class ImageFileCheck(ImageFileSettings settings, Blobs blobs)
{
    private const int Western = 1252;

    /// <summary>The code that stands between the cells of most document load files.</summary>
    private const char DocumentDelimiter = '\u0014';

    public async Task<SourceLayout> RunAsync(CancellationToken cancellationToken)
    {
        var file = await StagedLoadFile.FindAsync(blobs, settings.File, StagedLoadFile.ImageEndings, cancellationToken);
        settings = settings with { File = file.Path };
        var folder = FrozenLoadFile.FolderOf(settings.File, settings.BaseFolder);
        var package = await new StagedFiles(blobs, folder).StartAsync(cancellationToken);
        if (file.Version.Bytes == 0)
            throw new ConfigurationException("empty-file", $"The load file {Words.QuotePath(settings.File)} is empty (0 bytes). Ask its sender for it again.");
        ImageFileText text;
        await using (var whole = await file.OpenAsync(blobs, 0, cancellationToken)) text = await ImageFileText.OfAsync(whole, cancellationToken);
        Refuse(text);
        var (format, others) = await ReadAsync(file, text, cancellationToken);
        var frozen = new FrozenLoadFile(
            settings.File, folder, file.Version.ETag, file.Version.Bytes, Western, text.PreambleLength, text.PreambleLength, 1)
        {
            Unpacked = file.IsUnpacked ? file.Version.Name : null,
            PackageETag = package?.Package.ETag,
            Column = ',',
            Quote = 0,
            HasHeader = false,
        };
        return new SourceLayout
        {
            Name = settings.File[(settings.File.LastIndexOf('/') + 1)..],
            // All that the file says of a document is its name.
            Fields = [new SourceField(FieldPlan.DefaultIdentifier, IsIdentifier: true)],
            Frozen = new Dictionary<string, string>(frozen.ToFrozen()) { [nameof(ImageFormat)] = format.ToString() },
            Images = new ImageImport(string.IsNullOrWhiteSpace(settings.Production) ? null : settings.Production.Trim(), settings.LoadText),
            Warnings = [.. Warnings(text, others), .. StagedFiles.LeftOut(package)],
        };
    }

    /// <summary>How the lines of a file are written, as the check found it.</summary>
    public static ImageFormat FormatOf(SourceLayout layout) => Enum.Parse<ImageFormat>(layout.Frozen[nameof(ImageFormat)]);

    private void Refuse(ImageFileText text)
    {
        if (text.Kind == ImageTextKind.Unicode)
        {
            throw new ConfigurationException(
                "unicode-image-file",
                $"The image load file {Words.QuotePath(settings.File)} is written in {text.Encoding}, and image load files are read in Western European (Windows-1252, \"ANSI\") only. "
                + "Open it in a text editor, save it with the encoding ANSI or Western European (Windows), and give files and ids whose letters are lost names without them.");
        }
        if (text.Kind == ImageTextKind.Binary)
        {
            throw new ConfigurationException(
                "not-a-load-file",
                $"{Words.QuotePath(settings.File)} is not an image load file: it is not text. Expected a text file with one image a line (.opt, .lfp). Choose another file.");
        }
    }

    // Reads the whole file for what is said once of it, not of each line.
    private async Task<(ImageFormat Format, long OtherLines)> ReadAsync(StagedLoadFile file, ImageFileText text, CancellationToken cancellationToken)
    {
        var format = settings.Format ?? await FormatAsync(file, cancellationToken);
        await using var lines = new ImageLineReader(await file.OpenAsync(blobs, text.PreambleLength, cancellationToken), format, text.PreambleLength, 1);
        var first = await lines.ReadAsync(cancellationToken);
        if (first is null && lines.OtherLines == 0)
            throw new ConfigurationException("empty-file", $"The load file {Words.QuotePath(settings.File)} holds no lines. Ask its sender for it again.");
        if (first is { Error: not null, PageId: var start } && (start.StartsWith('\u00FE') || start.Contains(DocumentDelimiter, StringComparison.Ordinal)))
        {
            throw new ConfigurationException(
                "not-a-load-file",
                $"{Words.QuotePath(settings.File)} is a document load file, not one of images. Import it with the kind document, or choose the image load file (.opt, .lfp).");
        }
        if (format == ImageFormat.Opticon) return (format, 0);
        while (await lines.ReadAsync(cancellationToken) is not null) { }
        return (format, lines.OtherLines);
    }

    private async Task<ImageFormat> FormatAsync(StagedLoadFile file, CancellationToken cancellationToken)
    {
        await using var start = await file.OpenAsync(blobs, 0, cancellationToken);
        var head = new byte[ImageLines.HeadBytes];
        return ImageLines.FormatOf(file.Path, head.AsSpan(0, await start.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)));
    }

    private static IEnumerable<Problem> Warnings(ImageFileText text, long others)
    {
        if (text.PreambleLength > 0)
            yield return Warning("encoding", "The image load file begins with a byte order mark, which image load files do not have. All of its letters are ASCII, so that it was read all the same.");
        if (others > 0)
            yield return Warning("other-lines", $"{others} {(others == 1 ? "line is" : "lines are")} about something else than images, such as the text of pages (FT) or volumes (VN), and {(others == 1 ? "was" : "were")} passed over.");
    }

    private static Problem Warning(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };
}
