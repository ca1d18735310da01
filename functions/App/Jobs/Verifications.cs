using System.Globalization;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Starts verifications, one of a job at a time and few of a workspace: each reads every file that the job brought.</summary>
public sealed class Verifications(SideRuns runs, JobFiles files, JobSettings settings, TimeProvider time)
{
    private const string Prefix = "verify-";

    private const int MostAtOnce = 4;

    /// <summary>Starts one, or leaves it at the one that is running.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RefusedException">409: so many run in the workspace already.</exception>
    public async Task<SideRun> StartAsync(DurableTaskClient client, JobHistory job, CancellationToken cancellationToken)
    {
        var ours = new SideRun(JobIds.New(), time.GetUtcNow());
        // Looked at before a place of the workspace is taken: whoever asks for the one that runs needs none.
        if (await OfJobAsync(places: 0) is [var running, ..]) return running;
        if (await runs.TryTakeAsync(job.Workspace, "verifications", Instance(job.JobId, ours.Id), MostAtOnce, IsOverAsync, cancellationToken) is not null)
        {
            throw RefusedException.Conflict("too-many-verifications", string.Create(CultureInfo.InvariantCulture,
                $"{MostAtOnce} jobs of the workspace are being verified already, as many as there may be at a time. Wait until one of them is done, and verify again."));
        }
        if (await OfJobAsync(places: 1) is [var quicker, ..]) return quicker;
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(VerifyJob),
            new VerifyState(job.JobId, ours.Id, ours.StartedUtc) { FirstRetrySeconds = settings.FirstRetrySeconds },
            new StartOrchestrationOptions(Instance(job.JobId, ours.Id)), cancellationToken);
        return ours;

        Task<IReadOnlyList<SideRun>?> OfJobAsync(int places) => runs.TryTakeAsync(
            job.Workspace, $"verify {job.JobId}", ours.Id, places, run => IsOverAsync(run with { Id = Instance(job.JobId, run.Id) }), cancellationToken);

        // What has a result is over, even if its orchestration has not come to its own end yet.
        async Task<bool> IsOverAsync(SideRun run)
            => await client.GetInstanceAsync(run.Id, cancellation: cancellationToken) is { } instance
                ? instance.IsCompleted || await files.ReadAsync<Verification>(ResultOf(run.Id), cancellationToken) is not null
                : time.GetUtcNow() - run.StartedUtc >= TimeSpan.FromSeconds(settings.PatienceSeconds);
    }

    private static string ResultOf(string instance)
        => JobFiles.VerificationName(instance[Prefix.Length..^(JobIds.Length + 1)], instance[^JobIds.Length..]);

    /// <summary>The orchestration of a verification.</summary>
    internal static string Instance(string job, string id) => $"{Prefix}{job}-{id}";
}
