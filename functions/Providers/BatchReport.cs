using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers;

/// <summary>
/// Writes down what went wrong in a batch: error rows, warnings, and the rejected rows by their positions. All of it follows from the batch's
/// decision and result, so that whoever writes it writes the same.
/// </summary>
internal sealed class BatchReport(JobFiles files, JobTables tables, BatchWatch watch)
{
    public async Task WriteAsync(
        Job job, int batch, IReadOnlyList<RejectedRow> rejected, IReadOnlyList<Problem> warnings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // From the moment of a stop on no new errors are made (guide 5.6.1); the rows are counted and stand in the error file.
        if (job.Point.LogErrors && !await watch.IsStoppingAsync(cancellationToken))
            await tables.Errors.AddAsync(job, batch, [.. rejected.SelectMany(r => r.Problems)], now, cancellationToken);
        await tables.Warnings.AddAsync(job, batch, warnings, now, cancellationToken);
        if (rejected.Count > 0) await files.DecideAsync(JobFiles.RejectedName(job.Id, batch), rejected, cancellationToken);
    }
}
