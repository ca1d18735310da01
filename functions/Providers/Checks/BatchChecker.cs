using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>
/// Checks one batch: reads and decides as the import would, on paper, and leaves what it found in one blob. Nothing is written into the
/// workspace. May be repeated; the first to store the blob decides.
/// </summary>
public sealed class BatchChecker(Blobs blobs, Sources sources, IRecords records, UsedNames names, TimeProvider time)
{
    private const int GroupSize = 250;

    /// <summary>What the batch comes to.</summary>
    /// <param name="check">The check.</param>
    /// <param name="prepared">What preparing it found.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="ordinal">The number of its first row in the load file.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Engine.ConfigurationException">The load file was replaced meanwhile.</exception>
    public async Task<BatchCheck> RunAsync(Check check, PreparedCheck prepared, BatchPlan batch, long ordinal, CancellationToken cancellationToken)
    {
        var (job, plan, name) = (check.Job, prepared.Job, CheckNames.Batch(check.Job.Id, batch.Index));
        if (await FactFile.FindAsync(blobs, name, cancellationToken) is { } done) return done;

        var scope = new BatchScope(plan.Workspace.Id, plan.Workspace.Buckets, plan.ObjectType.Name, job.Id, batch.Index, plan.Layout.Name);
        var decider = new Decider(job, plan, records, names, new TextFiles(blobs, scope) { OnPaper = true }, scope, time.GetUtcNow());
        var mapping = ResolvedMapping.Of(job.Point, plan);
        var findings = new Findings();
        var rows = new RowStudy(check, prepared, mapping, scope, findings);
        var facts = new RowFacts(prepared, mapping, findings, batch.Index);
        var hashes = new NativeHashes(blobs, findings);
        await foreach (var group in sources.Open(job).ReadAsync(plan.Layout, batch, decider.FileFields, cancellationToken).Chunked(GroupSize, cancellationToken))
        {
            var decisions = await decider.DecideAsync(group, cancellationToken);
            var natives = new List<HashedNative>();
            for (var i = 0; i < group.Count; i++)
            {
                rows.Add(group[i], decisions[i]);
                if (facts.Add(group[i], ordinal++) is { } native) natives.Add(native);
            }
            await hashes.CompareAsync(natives, cancellationToken);
        }
        var found = rows.Found with
        {
            Hashes = hashes.Counts with { Hashes = facts.Hashes },
            Beginnings = facts.Beginnings,
            Findings = findings.ToList(),
        };
        return await FactFile.DecideAsync(blobs, name, found, facts.Facts, cancellationToken);
    }
}
