using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Starts verifications, one of a job at a time: each reads every file that the job brought.</summary>
public sealed class Verifications(SideRuns runs, JobFiles files, JobSettings settings, TimeProvider time)
{
    /// <summary>Starts one, or leaves it at the one that is running.</summary>
    /// <returns>Its id.</returns>
    public async Task<SideRun> StartAsync(DurableTaskClient client, JobHistory job, CancellationToken cancellationToken)
    {
        var ours = new SideRun(JobIds.New(), time.GetUtcNow());
        if (await runs.TryTakeAsync(job.Workspace, $"verify {job.JobId}", ours.Id, places: 1, IsOverAsync, cancellationToken) is [var running, ..]) return running;
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(VerifyJob),
            new VerifyState(job.JobId, ours.Id, ours.StartedUtc) { FirstRetrySeconds = settings.FirstRetrySeconds },
            new StartOrchestrationOptions(Instance(job.JobId, ours.Id)), cancellationToken);
        return ours;

        // What has a result is over, even if its orchestration has not come to its own end yet.
        async Task<bool> IsOverAsync(SideRun run)
            => await client.GetInstanceAsync(Instance(job.JobId, run.Id), cancellation: cancellationToken) is { } instance
                ? instance.IsCompleted || await files.ReadAsync<Verification>(JobFiles.VerificationName(job.JobId, run.Id), cancellationToken) is not null
                : time.GetUtcNow() - run.StartedUtc >= TimeSpan.FromSeconds(settings.PatienceSeconds);
    }

    /// <summary>The orchestration of a verification.</summary>
    internal static string Instance(string job, string id) => $"verify-{job}-{id}";
}
