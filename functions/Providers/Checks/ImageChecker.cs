using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>
/// Reads the image load file of a check as facts, to be compared with the rows and with the files that are there. It leaves them in parts, so
/// that memory does not depend on its size. May be repeated; the first to store a part decides.
/// </summary>
public sealed class ImageChecker(Blobs blobs)
{
    private const int FactsOfPart = 50_000;

    /// <summary>How many parts there are; none without an image load file.</summary>
    /// <exception cref="ConfigurationException">It was replaced meanwhile.</exception>
    public async Task<int> RunAsync(Check check, PreparedCheck prepared, CancellationToken cancellationToken)
    {
        if (prepared.Images is not { } layout) return 0;
        var frozen = FrozenLoadFile.From(layout);
        var stream = await frozen.OpenAsync(blobs, frozen.DataOffset, frozen.Bytes - frozen.DataOffset, cancellationToken);
        await using var lines = new ImageLineReader(stream, ImageFileCheck.FormatOf(layout), frozen.DataOffset, frozen.DataLine);
        var documents = new ImageDocumentReader(lines);
        var rules = new PathRules(check.Job.Point.Import.PathRules);
        var (facts, findings, parts) = (new List<Fact>(), new Findings(), 0);
        while (await documents.ReadAsync(cancellationToken) is { } document)
        {
            Add(document, rules, facts, findings);
            if (facts.Count >= FactsOfPart) await StoreAsync();
        }
        if (facts.Count > 0 || parts == 0) await StoreAsync();
        return parts;

        async Task StoreAsync()
        {
            await FactFile.DecideAsync(blobs, CheckNames.Images(check.Job.Id, parts++), new BatchCheck { Findings = findings.ToList() }, facts, cancellationToken);
            (facts, findings) = ([], new Findings());
        }
    }

    private static void Add(ImageDocument document, PathRules rules, List<Fact> facts, Findings findings)
    {
        foreach (var line in document.Lines)
        {
            if (line.Error is { } error) Report(line, "invalid-line", null, error);
            else if (line.PageId.Length == 0) Report(line, "missing-page-id", null, "The page id is blank.");
            else facts.Add(new Fact(FactKind.Page, Identifier.Fold(line.PageId), 0, 0, 0, line.Line, line.PageId));
            if (line.Error is null) AddFile(line);
        }
        var (first, pages) = (document.Lines[0], document.Lines.Count(l => l.Error is null));
        if (first.PageId.Length is 0 or > Identifier.MaxLength) return;
        facts.Add(new Fact(FactKind.ImagesById, Identifier.Fold(first.PageId), 1, pages, 0, first.Line, first.PageId));
        facts.Add(new Fact(FactKind.ImagesByBates, Identifier.Fold(first.PageId), 1, pages, 0, first.Line, first.PageId));
        if (first.PageCount is { } said && said != pages)
            Report(first, "page-count", Words.Shorten(first.PageId), $"It says that the document has {said} pages, and there are {pages}.", FindingSeverity.Warning);

        void AddFile(ImageLine line)
        {
            var path = rules.Parse(line.Path);
            if (path.Kind == PathKind.Relative) facts.Add(new Fact(FactKind.File, path.Path.ToUpperInvariant(), 1, Fact.ImageFile, 0, line.Line, path.Path));
            else if (path.Kind == PathKind.Blank) Report(line, FindingWords.MissingFile, null, "The line names no file.");
            else Report(line, path.Kind == PathKind.Absolute ? "path-absolute" : "path-outside-root", Words.Shorten(line.Path), "The path cannot be followed.");
        }

        void Report(ImageLine line, string code, string? value, string words, FindingSeverity severity = FindingSeverity.Error)
            => findings.Add(CheckSection.Images, severity, code, null, () => new FindingExample(null, null, value, $"{words} Line {line.Line} of the image load file."));
    }
}
