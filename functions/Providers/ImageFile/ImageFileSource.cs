using System.Runtime.CompilerServices;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>
/// An image or production load file in the staging area. Its records are documents with their pages; a batch never splits one. Its version is
/// frozen by etag: when the file is replaced while the job runs, reading ends with <c>file-changed</c>.
/// </summary>
public sealed class ImageFileSource(ImageFileSettings settings, Blobs blobs, string job, BatchSize size) : IFileSource
{
    /// <summary>A batch ends with the document that reaches this many pages: each is read, checked and copied.</summary>
    private const int MostPages = 2000;

    /// <summary>Files are looked for when this many pages have come together.</summary>
    private const int FileGroup = 500;

    /// <summary>Where files lie that the load file looks for on drives and servers.</summary>
    public IReadOnlyList<PathRule> PathRules { get; init; } = [];

    /// <inheritdoc/>
    public Task<SourceLayout> CheckAsync(CancellationToken cancellationToken) => new ImageFileCheck(settings, blobs).RunAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var frozen = FrozenLoadFile.From(layout);
        var start = cursor.Page == 0 ? cursor with { Offset = frozen.DataOffset, Line = frozen.DataLine } : cursor;
        await using var lines = await OpenAsync(layout, start.Offset, frozen.Bytes - start.Offset, start.Line, cancellationToken);
        var plan = new ImagePlan(cursor, size.PageAt(cursor.Page), Math.Min(MostPages, size.Records));
        var pageIds = identifier is null ? null : new PlannedIdentifiers(blobs, job, cursor.Page, "pages");
        var identifiers = pageIds is null || settings.DocumentId == DocumentNaming.FirstPage ? null : new PlannedIdentifiers(blobs, job, cursor.Page);
        var documents = new ImageDocumentReader(lines);
        PlanCursor? next = null;
        while (await documents.ReadAsync(cancellationToken) is { } document)
        {
            if (document.Line < settings.StartLine) continue;
            next = plan.Add(document);
            if (next is not null) break;
            var names = PageNames.Of(document, settings.Numbering);
            for (var i = 0; i < names.Count; i++) pageIds?.Add(names[i], document.Lines[i].Line);
            identifiers?.Add(PageNames.OfDocument(document, settings.DocumentId, settings.DocumentField), document.Line);
        }
        if (plan.Records == 0) throw NoRecords();
        var repeated = await PlannedIdentifiers.DuplicatesAsync(identifiers, cancellationToken);
        return new BatchPage(plan.Batches(repeated, await PlannedIdentifiers.DuplicatesAsync(pageIds, cancellationToken)), next, plan.Records);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frozen = FrozenLoadFile.From(layout);
        var files = frozen.Files(blobs, PathRules);
        await using var lines = await OpenAsync(layout, batch.Offset, batch.Length, batch.FirstLine, cancellationToken);
        var documents = new ImageDocumentReader(lines);
        var records = new ImageRecords(settings, batch, ImageFileCheck.FormatOf(layout));
        var group = new List<SourceRecord>();
        while (await documents.ReadAsync(cancellationToken) is { } document)
        {
            group.Add(records.Of(document));
            if (group.Sum(r => r.Pages.Count) < FileGroup) continue;
            foreach (var record in await records.WithFilesAsync(group, files, cancellationToken)) yield return record;
            group.Clear();
        }
        foreach (var record in await records.WithFilesAsync(group, files, cancellationToken)) yield return record;
    }

    /// <inheritdoc/>
    public async Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken)
    {
        await foreach (var record in ReadAsync(layout, FrozenLoadFile.From(layout).Whole, [], cancellationToken))
            if (record.Pages.Any(p => p.File?.Problem?.Code == "missing-file" || p.Text?.Problem?.Code == "missing-file")) return true;
        return false;
    }

    /// <inheritdoc/>
    public Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken)
        => FrozenLoadFile.From(layout).OpenAsync(blobs, offset, length, cancellationToken);

    private async Task<ImageLineReader> OpenAsync(SourceLayout layout, long offset, long length, long line, CancellationToken cancellationToken)
        => new(await OpenBytesAsync(layout, offset, length, cancellationToken), ImageFileCheck.FormatOf(layout), offset, line);

    private ConfigurationException NoRecords() => new(
        "no-records",
        settings.StartLine > 1
            ? $"No document of {Words.QuotePath(settings.File)} begins at line {settings.StartLine} or after it. Choose an earlier start line."
            : $"The load file {Words.QuotePath(settings.File)} names no image. Choose another file, or ask its sender for the rest of it.");
}
