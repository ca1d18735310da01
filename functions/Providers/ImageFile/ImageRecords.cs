using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.LoadFile;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>Makes source records of the documents of a batch: names, pages, files, and what is wrong with each line.</summary>
internal sealed class ImageRecords(ImageFileSettings settings, BatchPlan batch, ImageFormat format)
{
    /// <summary>A document with its pages; their files are still to be found.</summary>
    public SourceRecord Of(ImageDocument document)
    {
        var names = PageNames.Of(document, settings.Numbering);
        var pages = document.Lines.Select((line, i) => Page(line, names[i], isFirst: i == 0)).ToList();
        if (document.HasMore) pages[^1] = pages[^1] with { Problem = TooLong() };
        var name = PageNames.OfDocument(document, settings.DocumentId, settings.DocumentField);
        return new SourceRecord
        {
            Line = document.Line,
            Position = (document.Offset, document.Length),
            Cells = [name],
            Pages = pages,
            FirstLine = batch.Duplicates.TryGetValue(document.Line, out var first) ? first : null,
            // Without a name it cannot be more than its first line.
            Problem = name.Length == 0 && pages[0].Problem is { Severity: ProblemSeverity.Error } problem ? problem : null,
        };
    }

    /// <summary>The same records with the files of their pages, and of the pages' texts when those are to be loaded.</summary>
    public async Task<IReadOnlyList<SourceRecord>> WithFilesAsync(
        List<SourceRecord> records, StagedFiles files, CancellationToken cancellationToken)
    {
        var paths = records.SelectMany(r => r.Pages).Select(p => p.File!.Reference).ToList();
        var images = await files.FindAsync(paths, cancellationToken);
        var texts = settings.LoadText ? await files.FindAsync([.. paths.Select(FilePath.TextBeside)], cancellationToken) : new SourceFile?[paths.Count];
        var at = 0;
        return [.. records.Select(r => r with { Pages = [.. r.Pages.Select(p => p with { File = images[at], Text = texts[at++] })] })];
    }

    private SourcePage Page(ImageLine line, string name, bool isFirst) => new(name, line.Line)
    {
        File = new SourceFile(line.Path),
        PageOfFile = line.PageOfFile,
        Rotation = line.Rotation,
        PageCount = isFirst ? line.PageCount : null,
        Problem = Wrong(line, name) ?? (isFirst && !line.StartsDocument ? Unmarked() : null),
    };

    private Problem? Wrong(ImageLine line, string name)
    {
        if (line.Error is { } error) return Item("invalid-line", error + " Correct the line, or remove it.");
        if (name.Length == 0) return Item("missing-page-id", "The page id is blank. Every image needs one; enter it, or number the pages automatically.");
        if (!batch.DuplicatePages.TryGetValue(line.Line, out var first)) return null;
        return Item("duplicate-page-id", string.Create(CultureInfo.InvariantCulture,
            $"The page id {Words.Quote(name)} stands at line {first} already (case of letters does not count). Give each page its own, or number the pages automatically."));
    }

    private Problem Unmarked() => Item("document-not-marked", format == ImageFormat.Lfp
        ? "The file begins with a page that no D, C or S marks as the first of a document; a document was begun there all the same."
        : "The file begins with a page that no Y marks as the first of a document; a document was begun there all the same.") with
    { Severity = ProblemSeverity.Warning };

    private static Problem TooLong() => Item("record-too-long", string.Create(CultureInfo.InvariantCulture,
        $"The document has more than {ImageDocumentReader.MostLines:N0} lines, which is the most that is read. Mark where its parts begin as documents of their own."));

    private static Problem Item(string code, string message) => new(code, message) { Level = ProblemLevel.Item };
}
