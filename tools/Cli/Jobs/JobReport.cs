using System.Globalization;
using System.Net;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Jobs;

/// <summary>What an ended job came to: a document for programs; counts, the first errors and the way to the others for people.</summary>
internal sealed class JobReport(AppClient app, Terminal terminal)
{
    private const int ErrorsShown = 5;

    private const int WarningsShown = 3;

    /// <summary>Tells it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="extension">How the load file's name ends, and so that of its error file; null: it has none.</param>
    /// <param name="hints">Say how to get at all errors.</param>
    /// <param name="document">What programs get; null: the job's summary.</param>
    /// <returns>The exit code of the command.</returns>
    public async Task<int> ShowAsync(
        JobView job, CancellationToken cancellationToken, string? extension = ".dat", bool hints = true, object? document = null)
    {
        if (terminal.Json) Terminal.Line(document ?? job.Summary);
        else Counts(job);
        // Programs read the document; the words are for whoever reads the log of a script.
        if (job.ExitCode == ExitCode.Failed) await FailureAsync(job.JobId, cancellationToken);
        else if (job.HasErrors && !terminal.Json) await FirstErrorsAsync(job, cancellationToken);
        if (hints && job.HasErrors && !terminal.Json) Hints(job, extension);
        if (!terminal.Json) await FirstWarningsAsync(job.JobId, cancellationToken);
        return job.ExitCode;
    }

    /// <summary>Tells what an undo came to.</summary>
    /// <returns>The exit code of the command.</returns>
    public async Task<int> ShowUndoAsync(JobView job, CancellationToken cancellationToken)
    {
        if (terminal.Json) Terminal.Line(job.Summary);
        terminal.Say($"{job.Status}. Of {Terminal.Number(job.Read)} records {Terminal.Number(job.Transferred)} are undone, {Terminal.Number(job.Skipped)} were changed since and left alone. Job {job.JobId}.");
        if (job.ExitCode == ExitCode.Failed) await FailureAsync(job.JobId, cancellationToken);
        if (job.Skipped > 0 && !terminal.Json)
        {
            var left = app.ListAsync(AppClient.Route($"jobs/{job.JobId}/warnings"), cancellationToken);
            await foreach (var record in left.Take(ErrorsShown)) terminal.Say($"  {record.Deserialize<JobErrorView>(Terminal.JsonFormat)!.Error}");
            terminal.Say($"All of them: ip job warnings {job.JobId}");
        }
        return job is { ExitCode: ExitCode.Done, Skipped: > 0 } ? ExitCode.DoneWithErrors : job.ExitCode;
    }

    private void Counts(JobView job)
    {
        var took = (job.EndedUtc ?? DateTimeOffset.UtcNow) - job.StartedUtc;
        var speed = took > TimeSpan.Zero && job.Read > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {job.Read / took.TotalSeconds:N0} records/s")
            : "";
        terminal.Say("");
        terminal.Say($"{job.Status}.");
        long[] counts = [job.Read, job.Transferred, job.WithErrors, job.Skipped, job.Warnings];
        terminal.Table(["Read", "Written", "Rejected", "Skipped", "Warnings"], [[.. counts.Select(Terminal.Number)]]);
        if (job.Links + job.LinkProblems > 0) terminal.Say($"Linked to managers: {Terminal.Number(job.Links)}; not linked: {Terminal.Number(job.LinkProblems)}.");
        terminal.Say($"{string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:N1}")} s{speed}. Job {job.JobId}.");
        if (job.RequestUnits > 0) terminal.Say(string.Create(CultureInfo.InvariantCulture, $"Cosmos DB charged {job.RequestUnits:N0} request units for its batches."));
    }

    private async Task FailureAsync(string job, CancellationToken cancellationToken)
    {
        await foreach (var error in ErrorsAsync(job, cancellationToken))
        {
            if (error.Type == "job") terminal.Remark($"{error.Error} ({error.Code})");
        }
    }

    private async Task FirstErrorsAsync(JobView job, CancellationToken cancellationToken)
    {
        terminal.Say("");
        terminal.Say("The first errors:");
        await foreach (var error in ErrorsAsync(job.JobId, cancellationToken).Take(ErrorsShown)) terminal.Say($"  {error.Error} ({error.Code})");
    }

    // Also what no count shows, because it is about the source as a whole, such as a column that is new.
    private async Task FirstWarningsAsync(string job, CancellationToken cancellationToken)
    {
        List<string> first;
        try
        {
            first = await app.ListAsync(AppClient.Route($"jobs/{job}/warnings"), cancellationToken).Take(WarningsShown + 1)
                .Select(warning => warning.Deserialize<JobErrorView>(Terminal.JsonFormat)!).Select(warning => $"  {warning.Error} ({warning.Code})").ToListAsync(cancellationToken);
        }
        catch (AppException refused) when (refused.Status == (int)HttpStatusCode.Forbidden)
        {
            // Whoever may run a job need not be one who may see its warnings.
            return;
        }
        if (first.Count == 0) return;
        terminal.Say("");
        terminal.Say("Warnings:");
        foreach (var warning in first.Take(WarningsShown)) terminal.Say(warning);
        if (first.Count > WarningsShown) terminal.Say($"All of them:          ip job warnings {job}");
    }

    private void Hints(JobView job, string? extension)
    {
        terminal.Say("");
        terminal.Say($"All of them:          ip job errors {job.JobId}");
        if (job.WithErrors == 0) return;
        if (extension is not null) terminal.Say($"The rejected rows:    ip job error-file {job.JobId} --out rejected{extension}");
        terminal.Say($"Why, row by row:      ip job error-report {job.JobId} --out reasons.csv");
    }

    private IAsyncEnumerable<JobErrorView> ErrorsAsync(string job, CancellationToken cancellationToken)
        => app.ListAsync(AppClient.Route($"jobs/{job}/errors"), cancellationToken).Select(error => error.Deserialize<JobErrorView>(Terminal.JsonFormat)!);
}
