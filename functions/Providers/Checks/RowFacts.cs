using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.LoadFile;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Takes down what a row says about numbers, families, hashes and files, to be looked at when the whole file is known.</summary>
internal sealed class RowFacts(PreparedCheck prepared, ResolvedMapping mapping, Findings findings, int batch)
{
    private readonly IReadOnlyDictionary<ColumnMeaning, int> columns = prepared.Columns;
    private readonly string baseFolder = FrozenLoadFile.From(prepared.Job.Layout).BaseFolder;

    /// <summary>The facts so far.</summary>
    public List<Fact> Facts { get; } = [];

    /// <summary>Rows so far that begin a family.</summary>
    public long Beginnings { get; private set; }

    /// <summary>Rows so far with something in the hash column.</summary>
    public long Hashes { get; private set; }

    /// <summary>A row; what cannot be read, and identifiers that stood earlier, say nothing. Answers with its native when that has a hash.</summary>
    /// <param name="row">The row.</param>
    /// <param name="ordinal">Its number in the load file.</param>
    public HashedNative? Add(SourceRecord row, long ordinal)
    {
        if (row.Problem is not null) return null;
        foreach (var (column, file) in row.Files.Where(f => f.Value.Problem is null)) AddFile(row, file, column == mapping.NativeColumn);
        if (mapping.IsKeyDerived) return null;
        var id = row.Cells[(mapping.Identifier ?? mapping.Key).Column].Trim();
        if (id.Length is 0 or > Identifier.MaxLength || row.FirstLine is not null) return null;
        AddDocument(row, id, ordinal);
        return Cell(row, ColumnMeaning.Hash) is { Length: > 0 } hash ? AddHash(row, id, hash, ordinal) : null;
    }

    private void AddDocument(SourceRecord row, string id, long ordinal)
    {
        var folded = Identifier.Fold(id);
        var parent = Cell(row, ColumnMeaning.Parent);
        if (Identifier.Fold(parent) == folded) parent = "";
        if (parent.Length == 0) Beginnings++;
        Facts.Add(new Fact(FactKind.Document, folded, 0, batch, Beginnings, row.Line, id));
        if (parent.Length > 0) Facts.Add(new Fact(FactKind.Document, Identifier.Fold(parent), 1, batch, Beginnings, row.Line, id));
        if (Cell(row, ColumnMeaning.Group) is { Length: > 0 } group)
            Facts.Add(new Fact(FactKind.Group, Identifier.Fold(group), ordinal, Identifier.Fold(group) == folded ? 1 : 0, 0, row.Line, id));
        var range = Range(row, id);
        if (prepared.Images is not null) AddImages(row, id, folded, range);
        if (range is { } own)
        {
            Facts.Add(new Fact(FactKind.Range, own.Begin.Series, own.Begin.Number, own.End, own.Begin.Digits, row.Line, own.Begin.At(own.Begin.Number)));
            Attachment(row, id, ordinal, own);
            Pages(row, id, own);
        }
    }

    // Numbers count pages only where the row says where they end.
    private void AddImages(SourceRecord row, string id, string folded, (BatesNumber Begin, long End)? range)
    {
        var (from, to) = range is { } own && columns.ContainsKey(ColumnMeaning.BeginBates) && columns.ContainsKey(ColumnMeaning.EndBates) ? (own.Begin.Number, own.End) : (0, 0);
        Facts.Add(new Fact(FactKind.ImagesById, folded, 0, from, to, row.Line, id));
        if (Cell(row, ColumnMeaning.BeginBates) is { Length: > 0 } bates)
            Facts.Add(new Fact(FactKind.ImagesByBates, Identifier.Fold(bates), 0, from, to, row.Line, id));
    }

    private void AddFile(SourceRecord row, SourceFile file, bool isNative)
    {
        Use(file.Path);
        // The package in which it lies is no orphan either.
        if (file.Entry is not null) Use(file.Blob);

        void Use(string blob)
        {
            var path = blob.StartsWith(baseFolder, StringComparison.OrdinalIgnoreCase) ? blob[baseFolder.Length..] : blob;
            Facts.Add(new Fact(FactKind.File, path.ToUpperInvariant(), 1, isNative ? 0 : 1, 0, row.Line, ""));
        }
    }

    private HashedNative? AddHash(SourceRecord row, string id, string cell, long ordinal)
    {
        Hashes++;
        var column = ColumnName(ColumnMeaning.Hash)!;
        if (NativeHashes.Clean(cell) is not { } hash)
        {
            findings.Add(CheckSection.Hashes, FindingSeverity.Warning, FindingWords.HashUnreadable, column,
                () => new FindingExample(row.Line, Words.Shorten(id), Words.Shorten(cell)));
            return null;
        }
        Facts.Add(new Fact(FactKind.Hash, hash, ordinal, 0, 0, row.Line, id));
        return mapping.NativeColumn is { } native && row.Files.GetValueOrDefault(native) is { Problem: null } file
            ? new HashedNative(row.Line, id, column, hash, file)
            : null;
    }

    // Trimmed; blank when no column has the meaning.
    private string Cell(SourceRecord row, ColumnMeaning meaning) => columns.TryGetValue(meaning, out var column) ? row.Cells[column].Trim() : "";

    private string? ColumnName(ColumnMeaning meaning) => columns.TryGetValue(meaning, out var column) ? prepared.Job.Layout.Fields[column].Name : null;

    // From the Bates columns, else the identifier: then a document has one number.
    private (BatesNumber Begin, long End)? Range(SourceRecord row, string id)
    {
        if (!columns.ContainsKey(ColumnMeaning.BeginBates)) return BatesNumber.Parse(id) is { } only ? (only, only.Number) : null;
        var (begin, end) = (Cell(row, ColumnMeaning.BeginBates), Cell(row, ColumnMeaning.EndBates));
        if (begin.Length == 0) return null;
        var number = BatesNumber.Parse(begin);
        if (end.Length == 0 && number is { } single) return (single, single.Number);
        if (number is { } from && BatesNumber.Parse(end) is { } to && to.Series == from.Series && to.Number >= from.Number) return (from, to.Number);
        Unreadable(row, id, number is null ? ColumnMeaning.BeginBates : ColumnMeaning.EndBates, end.Length == 0 ? begin : $"{begin} – {end}");
        return null;
    }

    private void Attachment(SourceRecord row, string id, long ordinal, (BatesNumber Begin, long End) range)
    {
        var (begin, end) = (Cell(row, ColumnMeaning.BeginAttachment), Cell(row, ColumnMeaning.EndAttachment));
        if (begin.Length == 0 || end.Length == 0) return;
        if (BatesNumber.Parse(begin) is not { } from || BatesNumber.Parse(end) is not { } to || to.Series != from.Series || to.Number < from.Number)
        {
            Unreadable(row, id, ColumnMeaning.BeginAttachment, $"{begin} – {end}");
            return;
        }
        var (first, last) = range.Begin.Series == from.Series ? (range.Begin.Number, range.End) : (0, -1);
        Facts.Add(new Fact(FactKind.Attachment, AttachmentKey.Of(from, to), ordinal, first, last, row.Line, id));
    }

    // A native that was produced with a slip sheet has one number, whatever its pages.
    private void Pages(SourceRecord row, string id, (BatesNumber Begin, long End) range)
    {
        if (!columns.ContainsKey(ColumnMeaning.BeginBates) || !columns.ContainsKey(ColumnMeaning.EndBates)) return;
        if (!long.TryParse(Cell(row, ColumnMeaning.Pages), NumberStyles.None, CultureInfo.InvariantCulture, out var pages) || pages == 0) return;
        var numbers = range.End - range.Begin.Number + 1;
        if (numbers == pages || (numbers == 1 && row.Files.Count > 0)) return;
        findings.Add(CheckSection.Bates, FindingSeverity.Warning, FindingWords.PageCount, ColumnName(ColumnMeaning.Pages), () => new FindingExample(
            row.Line, Words.Shorten(id), pages.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{Words.Shorten(range.Begin.At(range.Begin.Number))} – {Words.Shorten(range.Begin.At(range.End))} are {numbers:N0} numbers.")));
    }

    private void Unreadable(SourceRecord row, string id, ColumnMeaning meaning, string value)
        => findings.Add(CheckSection.Bates, FindingSeverity.Warning, FindingWords.BatesUnreadable, ColumnName(meaning),
            () => new FindingExample(row.Line, Words.Shorten(id), Words.Shorten(value)));
}
