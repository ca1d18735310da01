using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Dev;

/// <summary>Suspends every job that runs, and waits until none does: the way to stop or upgrade the app without losing work.</summary>
internal sealed class Drain(AppClient app, Terminal terminal)
{
    // A point runs one job at a time, so that what runs is among the newest.
    private const int NewestJobs = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Suspends and waits. A job that has not begun yet is suspended as soon as it can be.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var suspended = new HashSet<string>();
        while (true)
        {
            var running = await RunningAsync(cancellationToken);
            foreach (var job in running.Where(job => job.Status == "Processing"))
            {
                if (await TrySuspendAsync(job, cancellationToken) && suspended.Add(job.JobId)) terminal.Progress($"Suspending job {job.JobId} ({job.Name}).");
            }
            if (running.Count == 0) break;
            await Task.Delay(Pause, cancellationToken);
        }
        foreach (var job in suspended) terminal.Progress($"Suspended, or done: {job}. `ip job resume {job}` lets it go on when the app runs again.");
    }

    private async Task<List<JobView>> RunningAsync(CancellationToken cancellationToken)
    {
        var running = new List<JobView>();
        await foreach (var workspace in app.ListAsync("workspaces", cancellationToken))
        {
            await foreach (var item in app.ListAsync(AppClient.Route($"workspaces/{workspace.GetProperty("id").GetString()}/jobs"), cancellationToken).Take(NewestJobs))
            {
                var job = System.Text.Json.JsonSerializer.Deserialize<JobView>(item, Terminal.JsonFormat)!;
                if (!job.IsFinal && job.Status != "Suspended") running.Add(job);
            }
        }
        return running;
    }

    private async Task<bool> TrySuspendAsync(JobView job, CancellationToken cancellationToken)
    {
        try
        {
            await app.PostAsync(AppClient.Route($"jobs/{job.JobId}/suspend"), cancellationToken);
            return true;
        }
        catch (AppException e) when (e.Status == 409)
        {
            // It ended, or somebody suspended or stopped it, since it was listed.
            return false;
        }
    }
}
