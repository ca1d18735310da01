using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Writes down what a job imported, file by file, before it ends. May be repeated; the second time changes nothing.</summary>
public sealed class WriteManifest(JobFiles files, Manifests manifests)
{
    /// <summary>Puts together what the batches left, also those of a job that was stopped or failed.</summary>
    [Function(nameof(WriteManifest))]
    public async Task<StepResult> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        await manifests.WriteAsync(await files.JobAsync(jobId, cancellationToken), cancellationToken);
        return new StepResult();
    }
}
