using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Ends a check: adds up its batches, looks at what only the whole file shows, and makes the report.</summary>
public sealed class CheckEnd(Blobs blobs, StagingPaths staging, TimeProvider time)
{
    /// <summary>The report of a check whose batches are done.</summary>
    /// <param name="check">The check.</param>
    /// <param name="prepared">What preparing it found.</param>
    /// <param name="batches">How many batches it has.</param>
    /// <param name="imageParts">How many parts its image load file left.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<CheckReport> RunAsync(Check check, PreparedCheck prepared, int batches, int imageParts, CancellationToken cancellationToken)
    {
        await using var merge = new FactMerge();
        var findings = new Findings();
        var total = new BatchCheck();
        var beginnings = new List<long>();
        for (var batch = 0; batch < batches; batch++)
        {
            var found = await FactFile.ReadAsync(blobs, CheckNames.Batch(check.Job.Id, batch), merge.NewRun(), cancellationToken);
            beginnings.Add(total.Beginnings);
            findings.Add(found.Findings);
            total = Sum(total, found);
        }
        for (var part = 0; part < imageParts; part++)
            findings.Add((await FactFile.ReadAsync(blobs, CheckNames.Images(check.Job.Id, part), merge.NewRun(), cancellationToken)).Findings);
        var frozen = FrozenLoadFile.From(prepared.Job.Layout);
        var isReferring = total.Natives.Referenced + total.Texts.Referenced > 0 || imageParts > 0;
        if (isReferring) await new FolderFacts(blobs.Within(check.Job.Instance.Packages)).AddAsync(check, frozen, merge, cancellationToken);
        AddRemarks(findings, prepared, total);
        var fromBates = prepared.Columns.ContainsKey(ColumnMeaning.BeginBates);
        var whole = new WholeFile(findings, beginnings, fromBates, isReferring);
        foreach (var fact in merge.InOrder()) whole.Add(fact);
        var report = whole.End(Report(check, prepared, frozen, total)) with
        {
            Proposal = check.Proposal ?? await new BaseFolders(blobs.Within(check.Job.Instance.Packages), staging).ProposeAsync(check, frozen, [.. total.MissingPaths.Concat(whole.MissingImages).Take(Findings.MostExamples)], cancellationToken),
        };
        return report with { Findings = findings.ToList(), EndedUtc = time.GetUtcNow() };
    }

    private static BatchCheck Sum(BatchCheck a, BatchCheck b) => new()
    {
        Rows = a.Rows.Plus(b.Rows),
        Natives = a.Natives.Plus(b.Natives),
        Texts = a.Texts.Plus(b.Texts),
        Hashes = a.Hashes.Plus(b.Hashes),
        Dates = a.Dates.Count == 0 ? b.Dates : [.. a.Dates.Zip(b.Dates, (x, y) => x.Plus(y))],
        Beginnings = a.Beginnings + b.Beginnings,
        MissingPaths = [.. a.MissingPaths.Concat(b.MissingPaths).Take(10)],
    };

    private static void AddRemarks(Findings findings, PreparedCheck prepared, BatchCheck total)
    {
        foreach (var warning in prepared.Job.Layout.Warnings) Add(CheckSection.LoadFile, FindingSeverity.Warning, warning.Code, warning);
        foreach (var warning in prepared.Images?.Warnings ?? []) Add(CheckSection.Images, FindingSeverity.Warning, warning.Code, warning);
        if (prepared.ImageProblem is { } unreadable) Add(CheckSection.Images, FindingSeverity.Error, FindingWords.ImagesUnreadable, unreadable);
        if (!prepared.CanFind)
            findings.Add(CheckSection.Rows, FindingSeverity.Warning, FindingWords.OverlayUnknown, null, () => new FindingExample(null, null, null));
        // Some dates of the column can be read in the import's order only, and none in the other only.
        foreach (var column in total.Dates.Where(d => d is { Proven: > 0, Contrary: 0 })) findings.Soften(FindingWords.AmbiguousDate, column.Column);

        void Add(CheckSection section, FindingSeverity severity, string code, Problem problem)
            => findings.Add(section, severity, code, null, () => new FindingExample(problem.Line, null, null, problem.Message));
    }

    private static CheckReport Report(Check check, PreparedCheck prepared, FrozenLoadFile frozen, BatchCheck total)
    {
        var (job, layout) = (check.Job, prepared.Job.Layout);
        return new CheckReport
        {
            Id = job.Id,
            Workspace = prepared.Job.Workspace.Name,
            ObjectType = prepared.Job.ObjectType.Name,
            LoadFile = Words.Shorten(layout.Name),
            Bytes = frozen.Bytes,
            Encoding = frozen.Encoding.WebName,
            ImageFile = prepared.Images is not null && check.ImageFile is { } images ? Words.Shorten(images.AsSpan(images.LastIndexOf('/') + 1)) : null,
            Overwrite = job.Point.Import.Overwrite,
            Culture = CultureInfo.GetCultureInfo(layout.Culture ?? job.Point.Import.Culture).EnglishName,
            StartedUtc = job.StartedUtc,
            Rows = total.Rows,
            Natives = total.Natives,
            Texts = total.Texts,
            BaseFolder = Words.Shorten(frozen.BaseFolder.TrimEnd('/')),
            BatesBasis = Basis(prepared),
            Hashes = prepared.Columns.ContainsKey(ColumnMeaning.Hash) ? total.Hashes : null,
            Dates = total.Dates,
            Columns = CheckPreparation.Uses(check, prepared),
        };
    }

    private static string Basis(PreparedCheck prepared)
    {
        if (!prepared.Columns.TryGetValue(ColumnMeaning.BeginBates, out var begin)) return "the identifiers";
        var fields = prepared.Job.Layout.Fields;
        return prepared.Columns.TryGetValue(ColumnMeaning.EndBates, out var end)
            ? $"{Words.Quote(fields[begin].Name)} and {Words.Quote(fields[end].Name)}"
            : Words.Quote(fields[begin].Name);
    }
}
