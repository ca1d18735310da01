using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Workspace;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Counts what would become of rows, their files and their dates, and groups what is wrong with them.</summary>
internal sealed class RowStudy
{
    private const int MostMissingPaths = 10;

    private readonly ResolvedMapping mapping;
    private readonly BatchScope scope;
    private readonly Findings findings;
    private readonly DateReading reading;
    private readonly (int Column, string Name)[] dateColumns;
    private readonly DateCounts[] dates;
    private readonly Dictionary<string, int> columnsByName;
    private readonly List<string> missingPaths = [];
    private RowCounts counts = new();
    private ReferenceCounts natives = new(), texts = new();

    public RowStudy(Check check, PreparedCheck prepared, ResolvedMapping mapping, BatchScope scope, Findings findings)
    {
        (this.mapping, this.scope, this.findings) = (mapping, scope, findings);
        var import = check.Job.Point.Import;
        reading = new DateReading(CultureInfo.GetCultureInfo(prepared.Job.Layout.Culture ?? import.Culture), check.Job.StartedUtc.UtcDateTime);
        var exact = new HashSet<string>(import.DateFormats.Keys, StringComparer.OrdinalIgnoreCase);
        dateColumns = [.. mapping.Fields.Where(f => f.Field.Type == FieldType.Date && !exact.Contains(f.Field.Name)).Select(f => (f.Column, Words.Shorten(f.ColumnName)))];
        dates = [.. dateColumns.Select(c => new DateCounts { Column = c.Name })];
        columnsByName = prepared.Job.Layout.Fields.Select((f, i) => (f.Name, i)).ToDictionary(f => f.Name, f => f.i, StringComparer.OrdinalIgnoreCase);
        if (mapping is { TextField: { } text, TextColumn: { } column }) columnsByName.TryAdd(text.Name, column);
    }

    /// <summary>What the rows so far come to.</summary>
    public BatchCheck Found => new() { Rows = counts, Natives = natives, Texts = texts, Dates = dates, MissingPaths = missingPaths };

    /// <summary>A row and what would become of it.</summary>
    public void Add(SourceRecord row, Decision decision)
    {
        var problem = decision.Outcome != Outcome.Reject && !Storage.StoredSize.Fits(Applier.Write(decision)) ? Applier.TooLarge(scope, decision) : null;
        var outcome = problem is null ? decision.Outcome : Outcome.Reject;
        counts = counts.Plus(new RowCounts
        {
            Rows = 1,
            New = outcome == Outcome.Create ? 1 : 0,
            Overlaid = outcome == Outcome.Replace ? 1 : 0,
            Rejected = outcome == Outcome.Reject ? 1 : 0,
            Warnings = outcome == Outcome.Reject ? 0 : decision.Problems.Count,
        });
        if (problem is not null) Add(row, problem);
        foreach (var found in decision.Problems) Add(row, found);
        if (row.Problem is null) AddDates(row, decision);
        foreach (var (column, file) in row.Files) AddFile(column, file);
    }

    private void Add(SourceRecord row, Problem problem)
    {
        var severity = problem.Severity == ProblemSeverity.Error ? FindingSeverity.Error : FindingSeverity.Warning;
        findings.Add(SectionOf(problem.Code), severity, problem.Code, problem.Field is { } field ? Words.Shorten(field) : null, () => new FindingExample(
            problem.Line, problem.SourceId is { } id ? Words.Shorten(id) : null, ValueOf(row, problem.Field), problem.ReasonIn(scope.File)));
    }

    private string? ValueOf(SourceRecord row, string? field)
        => field is not null && columnsByName.TryGetValue(field, out var column) && column < row.Cells.Count ? Words.Shorten(row.Cells[column]) : null;

    private void AddDates(SourceRecord row, Decision decision)
    {
        for (var i = 0; i < dateColumns.Length; i++)
        {
            var (column, name) = dateColumns[i];
            var cell = row.Cells[column];
            var before = dates[i];
            dates[i] = reading.Count(cell, before, out var value, out var alternative);
            if (dates[i].Ambiguous > before.Ambiguous)
            {
                Date(FindingWords.AmbiguousDate, $"Read as {value:d MMMM yyyy}; the other order of day and month gives {alternative:d MMMM yyyy}.");
            }
            if (dates[i].Completed > before.Completed) Date(FindingWords.CompletedDate, $"Completed to {value:d MMMM yyyy}.");

            void Date(string code, FormattableString words) => findings.Add(CheckSection.Dates, FindingSeverity.Warning, code, name, () => new FindingExample(
                row.Line, decision.SourceId is { } id ? Words.Shorten(id) : null, Words.Shorten(cell), words.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private void AddFile(int column, SourceFile source)
    {
        var file = ReferenceCounts.Of(source);
        if (file.Missing > 0 && missingPaths.Count < MostMissingPaths) missingPaths.Add(source.Reference);
        if (column == mapping.NativeColumn) natives = natives.Plus(file);
        else texts = texts.Plus(file);
    }

    private static CheckSection SectionOf(string code) => code switch
    {
        "duplicate-identifier" => CheckSection.Duplicates,
        "missing-file" or "empty-file" or "path-absolute" or "path-outside-root" or "restricted-file-type" or "file-name-case" or "file-changed" => CheckSection.Files,
        _ => CheckSection.Rows,
    };
}
