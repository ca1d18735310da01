using System.Text;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>
/// What has to be known of a document before its files can be laid out: native, text, images, first Bates number, as far as the export asks for
/// them; and what it is ordered by. The record's own part is taken at once, so that nobody has to keep it; what lies beside it is read for
/// many documents together.
/// </summary>
internal sealed class DocumentFacts
{
    private readonly SelectedDocuments selection;
    private readonly ExportSettings? settings;
    private readonly WorkspaceStores stores;
    private readonly Encoding? textEncoding;

    /// <param name="selection">What is exported.</param>
    /// <param name="settings">With which files; null: without any.</param>
    /// <param name="stores">Where it lies.</param>
    public DocumentFacts(SelectedDocuments selection, ExportSettings? settings, WorkspaceStores stores)
    {
        (this.selection, this.settings, this.stores) = (selection, settings, stores);
        // Of the encoding's number, since the one of its name may leave out the byte order mark.
        textEncoding = settings is { TextFiles: true } && EncodingDetector.Find(settings.TextEncoding) is { } named ? Encoding.GetEncoding(named.CodePage) : null;
    }

    /// <summary>What the record itself says.</summary>
    public Draft Begin(StoredItem item)
    {
        var record = RecordJson.Read(item.Body.Span);
        var listed = new ListedDocument { Identifier = record.Identifier, ETag = item.ETag, Text = TextOf(record) };
        if (record.Native is { } file && settings is { Natives: true }) listed = listed with { Native = new ListedFile(file.Name, file.Bytes) };
        else if (settings is { AppendOriginalName: true }) listed = listed with { OriginalName = record.Native?.Name };
        return new Draft
        {
            Partition = item.Key.Partition,
            Listed = listed,
            BeginSet = NeedsBegin ? InPrecedence(record)?.Set : null,
            Images = settings is { Images: true } ? ImagesOf(record) : null,
            SortValues = [.. selection.Sort.Select(s => ValueOf(record, s))],
        };
    }

    /// <summary>What lies beside the records, and the lines of the list with it.</summary>
    public async Task<IReadOnlyList<KeyedLine>> CompleteAsync(IReadOnlyList<Draft> drafts, CancellationToken cancellationToken)
    {
        await new ImageFacts(stores.Records, settings?.ImageOutput == ImageOutput.SinglePage).ReadAsync(drafts, cancellationToken);
        return [.. drafts.Select(d => new KeyedLine(KeyOf(d), DocumentList.Line(d.Listed)))];
    }

    private bool NeedsBegin => selection.Production is not null || settings?.NameAfter == FileNaming.BeginProductionNumber;

    private (string Name, ImageSet Set)? InPrecedence(Record record)
    {
        foreach (var production in selection.Productions)
            if (record.Images?.GetValueOrDefault(production) is { Pages: > 0 } set) return (production, set);
        return null;
    }

    private (string Name, ImageSet Set)? ImagesOf(Record record)
    {
        if (InPrecedence(record) is { } produced) return produced;
        var originals = selection.Productions.Count == 0 || settings!.IncludeOriginals;
        return originals && record.Images?.GetValueOrDefault(ImageSet.Original) is { Pages: > 0 } set ? (ImageSet.Original, set) : null;
    }

    private ListedText? TextOf(Record record)
    {
        if (textEncoding is null) return null;
        foreach (var field in selection.TextFields)
        {
            switch (record.ValueOf(field))
            {
                case string { Length: > 0 } text: return new ListedText(field, textEncoding.Preamble.Length + textEncoding.GetByteCount(text));
                // Its letters are not counted for this: as if each were one byte of UTF-8.
                case TextReference { Bytes: > 0 } file: return new ListedText(field, textEncoding.Preamble.Length + (file.Bytes * textEncoding.GetByteCount("a")));
                default: break;
            }
        }
        return null;
    }

    private object? ValueOf(Record record, SelectedSort sort)
        => sort.Field == selection.IdentifierField ? record.Identifier : record.ValueOf(sort.Field);

    private byte[] KeyOf(Draft draft)
    {
        var key = new SortKey();
        if (selection.Production is not null) key.ThenBates(draft.Listed.BeginNumber);
        for (var i = 0; i < draft.SortValues.Length; i++) key.Then(draft.SortValues[i], selection.Sort[i].Type, selection.Sort[i].Descending);
        return key.ThenIdentifier(draft.Listed.Identifier);
    }

    /// <summary>A document of which only the record was read.</summary>
    internal sealed class Draft
    {
        public required string Partition { get; init; }
        public required ListedDocument Listed { get; set; }
        public ImageSet? BeginSet { get; init; }
        public (string Name, ImageSet Set)? Images { get; init; }
        public required object?[] SortValues { get; init; }

        /// <summary>How many pages have to be read for it.</summary>
        public int Pages => Images?.Set.Pages ?? (BeginSet is null ? 0 : Math.Min(BeginSet.Pages, ImageSet.PagesPerPart));
    }
}
