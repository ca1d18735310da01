using System.Globalization;
using System.Runtime.CompilerServices;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>
/// A document load file in the staging area. Its version is frozen by etag: when the file is replaced while the job runs, reading ends with
/// <c>file-changed</c>.
/// </summary>
public sealed class LoadFileSource(LoadFileSettings settings, Blobs blobs, string job, BatchSize size) : IFileSource
{
    private const int FileGroup = 500;

    /// <summary>Where files lie that the load file looks for on drives and servers.</summary>
    public IReadOnlyList<PathRule> PathRules { get; init; } = [];

    /// <summary>How the import says that dates are written.</summary>
    public string Culture { get; init; } = "en-US";

    /// <inheritdoc/>
    public Task<SourceLayout> CheckAsync(CancellationToken cancellationToken)
        => new LoadFileCheck(settings, CultureInfo.GetCultureInfo(Culture), blobs).RunAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var frozen = FrozenLoadFile.From(layout);
        var start = cursor.Page > 0 ? cursor : cursor with { Offset = frozen.DataOffset, Line = frozen.DataLine, BlankLines = frozen.BlankLines };
        await using var reader = await OpenAsync(frozen, start.Offset, frozen.Bytes - start.Offset, start.Line, cancellationToken);
        var identifiers = identifier is null && layout.DerivedKey is null ? null : new PlannedIdentifiers(blobs, job, cursor.Page);
        var batches = new List<BatchPlan>();
        BatchPlan? batch = null;
        var records = cursor.Records;
        PlanCursor? next = null;
        var most = size.PageAt(cursor.Page);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = reader.Row;
            if (row.Line < settings.StartLine) continue;
            if (batch is not null && (batch.Length >= size.Bytes || batch.Records >= size.Records))
            {
                batches.Add(batch);
                batch = null;
                if (batches.Count == most)
                {
                    next = new PlanCursor(cursor.Page + 1, cursor.Batch + most, row.Offset, row.Line, records, start.BlankLines + reader.BlankLines);
                    break;
                }
            }
            batch ??= new BatchPlan { Index = cursor.Batch + batches.Count, Offset = row.Offset, FirstLine = row.Line };
            batch = batch with { Length = row.Offset + row.Length - batch.Offset, Records = batch.Records + 1 };
            records++;
            if (row.Error is null && row.CellCount == layout.Fields.Count) identifiers?.Add(identifier is { } column ? row.GetChars(column) : layout.DerivedKey!.Of(Cells(row)), row.Line);
        }
        if (batch is not null) batches.Add(batch);
        if (records == 0 && !settings.MayBeEmpty) throw new ConfigurationException(NoRecords());
        return new BatchPage(Share(batches, await PlannedIdentifiers.DuplicatesAsync(identifiers, cancellationToken)), next, records)
        {
            Warnings = records == 0 ? [NoRecords() with { Severity = ProblemSeverity.Warning }]
                : next is null && start.BlankLines + reader.BlankLines is > 0 and var blank ? [BlankLines(blank)] : [],
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceRecord> ReadAsync(
        SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var frozen = FrozenLoadFile.From(layout);
        var files = frozen.Files(blobs, PathRules);
        await using var reader = await OpenAsync(frozen, batch.Offset, batch.Length, batch.FirstLine, cancellationToken);
        var group = new List<SourceRecord>(FileGroup);
        while (await reader.ReadAsync(cancellationToken))
        {
            var read = Record(reader.Row, layout, batch);
            if (fileFields.Count == 0)
            {
                yield return read;
                continue;
            }
            group.Add(read);
            if (group.Count < FileGroup) continue;
            foreach (var record in await WithFilesAsync(group, files, fileFields, cancellationToken)) yield return record;
            group.Clear();
        }
        foreach (var record in await WithFilesAsync(group, files, fileFields, cancellationToken)) yield return record;
    }

    /// <inheritdoc/>
    public async Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken)
    {
        int[] columns = [.. Enumerable.Range(0, layout.Fields.Count).Where(i => IsOfFiles(layout.Fields[i]))];
        if (columns.Length == 0) return false;
        await foreach (var record in ReadAsync(layout, FrozenLoadFile.From(layout).Whole, columns, cancellationToken))
            if (record.Files.Values.Any(f => f.Problem?.Code == "missing-file")) return true;
        return false;

        bool IsOfFiles(SourceField field) => Is(import.NativeColumn, field) || (import.TextIsPath && Is(import.TextColumn, field));
        static bool Is(string? column, SourceField field) => string.Equals(column?.Trim(), field.Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken)
        => FrozenLoadFile.From(layout).OpenAsync(blobs, offset, length, cancellationToken);

    private async Task<LoadFileReader> OpenAsync(FrozenLoadFile frozen, long offset, long length, long line, CancellationToken cancellationToken)
        => new(await frozen.OpenAsync(blobs, offset, length, cancellationToken), frozen.Format(settings), offset, line);

    private static SourceRecord Record(LoadFileRow row, SourceLayout layout, BatchPlan batch)
    {
        var record = new SourceRecord { Line = row.Line, Position = (row.Offset, row.Length) };
        if (row.Error is { } error)
        {
            var column = error.Cell >= 0 && error.Cell < layout.Fields.Count ? layout.Fields[error.Cell].Name : null;
            return record with { Problem = Item(error.Code, error.Words) with { Field = column } };
        }
        if (row.CellCount != layout.Fields.Count)
            return record with { Problem = ColumnCount(row.CellCount, layout.Fields.Count), Cells = row.CellCount > 0 ? Cells(row) : [] };
        return record with { Cells = Cells(row), FirstLine = batch.Duplicates.TryGetValue(row.Line, out var first) ? first : null };
    }

    private static string[] Cells(LoadFileRow row)
    {
        var cells = new string[row.CellCount];
        for (var i = 0; i < cells.Length; i++) cells[i] = row.GetString(i);
        return cells;
    }

    private static async Task<IReadOnlyList<SourceRecord>> WithFilesAsync(
        IReadOnlyList<SourceRecord> group, StagedFiles files, IReadOnlyList<int> fileFields, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, SourceFile>[group.Count];
        foreach (var field in fileFields)
        {
            var references = group.Select(r => r.Problem is null ? r.Cells[field] : "").ToList();
            var results = await files.FindAsync(references, cancellationToken);
            for (var i = 0; i < results.Length; i++)
                if (results[i] is { } file) (found[i] ??= [])[field] = file;
        }
        return [.. group.Select((r, i) => found[i] is { } f ? r with { Files = f } : r)];
    }

    private static List<BatchPlan> Share(List<BatchPlan> batches, Dictionary<long, long> duplicates)
        => duplicates.Count == 0 ? batches :
        [.. batches.Select((b, i) => b with
        {
            Duplicates = duplicates.Where(d => d.Key >= b.FirstLine && (i + 1 == batches.Count || d.Key < batches[i + 1].FirstLine)).ToDictionary(),
        })];

    private Problem NoRecords() => new(
        "no-records",
        settings.StartLine > 1
            ? $"No record of {Words.QuotePath(settings.File)} begins at line {settings.StartLine} or after it. Choose an earlier start line."
            : settings.MayBeEmpty ? $"The file {Words.QuotePath(settings.File)} has a header and no records: nothing was transferred. Ask its sender when it should have had some."
            : $"The load file {Words.QuotePath(settings.File)} holds no records. Ask its sender for the rest of it.");

    private Problem BlankLines(long count) => new("blank-lines", string.Create(CultureInfo.InvariantCulture,
        $"{count:N0} blank lines of {Words.QuotePath(settings.File)} were passed over; they are no records. Check with its sender when they should have been some."))
    { Severity = ProblemSeverity.Warning };

    private static Problem ColumnCount(int cells, int columns) => Item(
        "column-count",
        string.Create(CultureInfo.InvariantCulture, $"The row has {cells} cells, but there are {columns} columns. Expected {columns}; look for a delimiter ")
        + "or a quote that is missing or too many.");

    private static Problem Item(string code, string message) => new(code, message) { Level = ProblemLevel.Item };
}
