using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Copies what cannot be read twice into the job's own files, from which batches are planned and read (design, How a record travels).</summary>
public sealed class SpoolSource(JobFiles files, JobTables tables, Sources sources)
{
    /// <summary>A whole copy, or none; one that is there already is kept. A job that was asked to stop copies nothing.</summary>
    [Function(nameof(SpoolSource))]
    public async Task<StepResult> RunAsync([ActivityTrigger] string jobId, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(SpoolSource), jobId);
        if (await tables.History.GetAsync(jobId, cancellationToken) is not { StopRequested: false }) return new StepResult();
        var job = await files.JobAsync(jobId, cancellationToken);
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(jobId), cancellationToken))!;
        try
        {
            if (sources.Open(job) is ISpooledSource source) await source.SpoolAsync(prepared.Layout, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            return new StepResult { Problem = e.Problem };
        }
        catch (JobStoppedException)
        {
            // Planning lays out nothing then.
        }
        return new StepResult();
    }
}
