using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Puts together what the batches left, and writes down file by file what a job did, before it ends. May be repeated; the second time changes nothing.</summary>
public sealed class WriteManifest(JobFiles files, Destinations destinations, Manifests manifests)
{
    /// <summary>Also of a job that was stopped or failed. One that failed validation did nothing.</summary>
    [Function(nameof(WriteManifest))]
    public async Task<StepResult> RunAsync([ActivityTrigger] JobEnd end, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(WriteManifest), end.JobId);
        var job = await files.JobAsync(end.JobId, cancellationToken);
        if (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job.Id), cancellationToken) is not { } prepared) return new StepResult();
        try
        {
            var isWhole = end is { Problem: null, FailedStep: null, EndedEarly: false };
            var more = await destinations.Open(job.Point).JoinAsync(job, prepared, isWhole, cancellationToken);
            await manifests.WriteAsync(job, prepared, more, cancellationToken);
            return new StepResult();
        }
        catch (ConfigurationException e)
        {
            return new StepResult { Problem = e.Problem };
        }
    }
}
