using System.Runtime.CompilerServices;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>At most one running job per integration point: the job that holds the point's lease. Leases do not expire.</summary>
public sealed class PointLeases
{
    private readonly TableClient _table;

    /// <summary>The table <c>Leases</c>.</summary>
    public PointLeases(TableServiceClient service) => _table = service.GetTableClient("Leases");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Takes the lease when it is free, and answers with the job that holds it now. Can be repeated.</summary>
    public async Task<string> TryAcquireAsync(string workspace, string pointId, string jobId, CancellationToken cancellationToken)
    {
        var lease = new TableEntity(TableText.Key(workspace), TableText.Key(pointId)) { ["Holder"] = jobId };
        while (true)
        {
            if (await TableText.TryInsertAsync(_table, lease, cancellationToken)) return jobId;
            // Null: released between the two.
            if (await HolderAsync(workspace, pointId, cancellationToken) is { } holder) return holder;
        }
    }

    /// <summary>Gives the lease back when this job holds it; otherwise nothing happens.</summary>
    public async Task ReleaseAsync(string workspace, string pointId, string jobId, CancellationToken cancellationToken)
    {
        var lease = await FindAsync(workspace, pointId, cancellationToken);
        // By etag: another job may have taken it after an attempt of this one released it.
        if (lease?.GetString("Holder") == jobId) await TableText.TryDeleteAsync(_table, lease, cancellationToken);
    }

    /// <summary>The job that holds the lease, or null.</summary>
    public async Task<string?> HolderAsync(string workspace, string pointId, CancellationToken cancellationToken)
        => (await FindAsync(workspace, pointId, cancellationToken))?.GetString("Holder");

    /// <summary>Every lease that is held: the job, and since when.</summary>
    public async IAsyncEnumerable<(string JobId, DateTimeOffset TakenUtc)> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var lease in _table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
            yield return (lease.GetString("Holder"), lease.Timestamp ?? default);
    }

    private Task<TableEntity?> FindAsync(string workspace, string pointId, CancellationToken cancellationToken)
        => TableText.FindAsync(_table, TableText.Key(workspace), TableText.Key(pointId), cancellationToken);
}
