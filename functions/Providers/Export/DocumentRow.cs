using System.Buffers;
using Azure;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>Makes a document's row of the data file and its lines of the load file of the images.</summary>
internal sealed class DocumentRow
{
    private readonly ExportSettings settings;
    private readonly PreparedExport export;
    private readonly Blobs blobs;
    private readonly SelectedDocuments documents;
    private readonly IReadOnlyList<SourceField> columns;
    private readonly Dictionary<string, Field> fields;
    private readonly DataFileWriter writer;
    private readonly CellText cells;
    private readonly Uri address;

    public DocumentRow(ExportSettings settings, PreparedJob prepared, Blobs blobs)
    {
        (this.settings, this.blobs, export) = (settings, blobs, prepared.Export!);
        documents = SelectedDocuments.From(prepared.Layout);
        fields = prepared.Fields.ToDictionary(f => f.Id);
        columns = prepared.Layout.Fields;
        writer = ExportFormat.Writer(settings, prepared.Layout.Name);
        cells = ExportFormat.Cells(settings);
        address = blobs.Staging.GetBlobClient(export.Folder).Uri;
    }

    /// <summary>Writes the row; what the format or the encoding cannot hold becomes a warning.</summary>
    public async Task WriteAsync(
        Record record, LaidOutDocument document, WrittenFiles written, IBufferWriter<byte> row, List<Problem> problems, CancellationToken cancellationToken)
    {
        var values = new List<DataCell>(export.Columns.Count);
        foreach (var column in columns)
        {
            values.Add(values.Count == export.TextColumn ? TextCell(document) : new DataCell(await CellAsync(record, column, problems, cancellationToken)));
        }
        if (export.TextColumn == values.Count) values.Add(TextCell(document));
        if (settings.Images && writer.ImageColumn is not null)
            values.Add(new DataCell("", [.. written.Pages.Select(p => p.Path).Distinct().Select(InLoadFile)]));
        if (settings.Natives) values.Add(DataCell.File(document.NativePath is { } path ? InLoadFile(path) : ""));
        else if (settings.IncludeNativePath) values.Add(DataCell.File(Repository(record.Native)));
        problems.AddRange(writer.Row(values, row).Select(loss => Warning(loss.Code, loss.Reason, export.Columns[loss.Cell])));
    }

    /// <summary>The lines of the document's pages. A page id that the format cannot hold is an error.</summary>
    public async Task<byte[]> ImageLinesAsync(
        Record record, LaidOutDocument document, WrittenFiles written, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (written.Pages.Count == 0) return [];
        var texts = settings.ImageFile == ImageFileFormat.IproFullText ? await PageTextsAsync(record, written.Pages.Count, cancellationToken) : null;
        var lines = new List<byte>();
        // A file of several pages is one line of Opticon, and one line for each page of IPRO.
        var isOpticon = settings.ImageFile == ImageFileFormat.Opticon;
        var pages = isOpticon ? [.. written.Pages.DistinctBy(p => p.Path)] : written.Pages;
        var total = written.Pages.DistinctBy(p => p.Path).Sum(p => p.PagesInFile);
        foreach (var (i, page) in pages.Index())
        {
            if (texts is not null) Add(LfpLine.FullText(page.Id, texts[i]), isText: true);
            Add(isOpticon
                ? OpticonLine.Of(page.Id, document.Volume, InLoadFile(page.Path), i + 1, total)
                : LfpLine.Image(page.Id, document.Volume, InLoadFile(page.Path), i + 1, page.Page, page.Rotation), isText: false);
        }
        return [.. lines];

        void Add(ImageFileLine line, bool isText)
        {
            lines.AddRange(line.Bytes);
            if (line.Code is null) return;
            problems.Add(isText && line.Bytes.Length > 0 ? Warning(line.Code, line.Reason!, null) : new Problem(line.Code, line.Reason!) { Level = ProblemLevel.Item });
        }
    }

    private async Task<string> CellAsync(Record record, SourceField column, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (column.FieldId is null) return CellText.Of(record.Folder).Text;
        var field = fields[column.FieldId];
        var value = field.Role == FieldRole.Identifier ? record.Identifier : record.ValueOf(field.Id);
        if (value is TextReference text) value = await TextAsync(text, cancellationToken);
        var cell = cells.Of(field, value);
        if (cell.Warning is { } warning) problems.Add(Warning(CellValue.Code, warning, column.Name));
        return cell.Text;
    }

    // The repository keeps no text of single pages: form feeds part it where there are some, otherwise the first page has all of it.
    private async Task<string[]> PageTextsAsync(Record record, int pages, CancellationToken cancellationToken)
    {
        var text = documents.TextFields.Select(record.ValueOf).FirstOrDefault(v => v is TextReference or string { Length: > 0 }) switch
        {
            TextReference kept => await TextAsync(kept, cancellationToken),
            string inline => inline,
            _ => "",
        };
        var parts = text.Split('\f', pages);
        return [.. parts, .. Enumerable.Repeat("", pages - parts.Length)];
    }

    private async Task<string> TextAsync(TextReference text, CancellationToken cancellationToken)
    {
        try
        {
            return (await blobs.Files.GetBlobClient(text.Blob).DownloadContentAsync(cancellationToken)).Value.Content.ToString();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw ExportedFiles.IsGone(blobs.Files, text.Blob, e);
        }
    }

    private DataCell TextCell(LaidOutDocument document) => DataCell.File(document.TextPath is { } path ? InLoadFile(path) : "");

    private string Repository(NativeFile? native)
        => native is null ? "" : (native.Linked ? blobs.Staging : blobs.Files).GetBlobClient(native.Blob).Uri.AbsoluteUri;

    private string InLoadFile(string path) => ExportNames.InLoadFile(settings, address, path);

    private static Problem Warning(string code, string reason, string? column)
        => new(code, reason) { Level = ProblemLevel.Item, Severity = ProblemSeverity.Warning, Field = column };
}
