using System.Diagnostics;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;
using Spectre.Console;

namespace IntegrationPoints.Cli.Jobs;

/// <summary>Looks at a job until it ends, and shows how far it has come.</summary>
/// <param name="app">The app.</param>
/// <param name="terminal">Where progress goes.</param>
/// <param name="stays">Whether the app, and so the job, goes on when the command is interrupted.</param>
internal sealed class JobWatch(AppClient app, Terminal terminal, bool stays = true)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // For readers of a log: not a line a second.
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    // An app that restarts is away for a moment; the job goes on where it was.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Watches it.</summary>
    /// <returns>The job, ended.</returns>
    /// <exception cref="CommandException">There is no such job, or the app stays away.</exception>
    public async Task<JobView> WatchAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            return terminal.IsWatched ? await WithBarAsync(job, cancellationToken) : await WithLinesAsync(job, cancellationToken);
        }
        catch (OperationCanceledException) when (stays && cancellationToken.IsCancellationRequested)
        {
            terminal.Remark($"The job goes on. Look at it again with `ip job watch {job}`, or stop it with `ip job stop {job}`.");
            throw;
        }
    }

    private async Task<JobView> WithBarAsync(string job, CancellationToken cancellationToken)
    {
        ProgressColumn[] columns =
        [
            new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(),
        ];
        return await terminal.Error.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Pending", maxValue: 1);
            return await PollAsync(job, now =>
            {
                bar.Description = Markup.Escape(Words(now));
                bar.IsIndeterminate = now.Known is null;
                if (now.Known is not { } known) return;
                bar.MaxValue = Math.Max(1, known);
                bar.Value = now.IsFinal ? bar.MaxValue : now.Read;
            }, cancellationToken);
        });
    }

    private async Task<JobView> WithLinesAsync(string job, CancellationToken cancellationToken)
    {
        var (status, said) = ("", Stopwatch.StartNew());
        return await PollAsync(job, now =>
        {
            if (now.Status == status && said.Elapsed < BetweenLines) return;
            terminal.Progress(Words(now));
            (status, said) = (now.Status, Stopwatch.StartNew());
        }, cancellationToken);
    }

    private async Task<JobView> PollAsync(string job, Action<JobView> show, CancellationToken cancellationToken)
    {
        var (pause, answered) = (FirstPause, (Stopwatch?)null);
        while (true)
        {
            try
            {
                var now = await app.GetAsync<JobView>(AppClient.Route($"jobs/{job}"), cancellationToken);
                answered = Stopwatch.StartNew();
                show(now);
                if (now.IsFinal || now.Status == "Suspended") return now;
            }
            catch (Exception e) when (IsPassing(e, cancellationToken) && answered?.Elapsed < Patience)
            {
                pause = LongestPause;
            }
            await Task.Delay(pause, cancellationToken);
            pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause;
        }
    }

    private static bool IsPassing(Exception e, CancellationToken cancellationToken)
        => e is HttpRequestException or AppException { Status: >= 500 or 429 } or (CommandException and not AppException)
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Words(JobView job)
    {
        if (job.Read == 0 && job.Known is null) return job.Status;
        var of = job.Known is { } known ? $" of {Terminal.Number(known)}" : "";
        return $"{job.Status}: {Terminal.Number(job.Read)}{of} read, {Terminal.Number(job.Transferred)} written, {Terminal.Number(job.WithErrors)} rejected";
    }
}
