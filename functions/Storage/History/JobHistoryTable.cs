using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>
/// The job history of a workspace and of each of its points, newest first; beside it where to find a job by its id.
/// A job has a row in both lists, which one transaction writes, so that a page of either is one range of keys.
/// </summary>
public sealed class JobHistoryTable
{
    private const string PlaceRow = "job";
    private const string OfPoints = "point|";

    private readonly TableClient _history;
    private readonly TableClient _jobs;

    /// <summary>The tables <c>JobHistory</c> and <c>Jobs</c>.</summary>
    public JobHistoryTable(TableServiceClient service)
    {
        _history = service.GetTableClient("JobHistory");
        _jobs = service.GetTableClient("Jobs");
    }

    /// <summary>Makes the tables.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _history.CreateIfNotExistsAsync(cancellationToken);
        await _jobs.CreateIfNotExistsAsync(cancellationToken);
    }

    /// <summary>
    /// Enters a job. Can be repeated, and completes what an attempt that died left; a row that is there stays as it is. The history row
    /// comes last: who sees it can find it by its id, too.
    /// </summary>
    /// <returns>Whether it was not there yet.</returns>
    public async Task<bool> CreateAsync(JobHistory job, CancellationToken cancellationToken)
    {
        var row = Row(job);
        await TableText.TryInsertAsync(_jobs, Place(TableText.Key(job.JobId), row), cancellationToken);
        return await TableText.TrySubmitAsync(_history, Rows(job, row).Select(r => new TableTransactionAction(TableTransactionActionType.Add, r)), cancellationToken);
    }

    /// <summary>The row of a job, or null.</summary>
    public async Task<JobHistory?> GetAsync(string jobId, CancellationToken cancellationToken)
    {
        var place = await TableText.FindAsync(_jobs, TableText.Key(jobId), PlaceRow, cancellationToken);
        return place is null ? null : await ReadAsync(place.GetString("Partition"), place.GetString("Row"), cancellationToken);
    }

    /// <summary>The row of a job that is known by its job.json: one read instead of two.</summary>
    public Task<JobHistory?> GetAsync(Job job, CancellationToken cancellationToken)
        => ReadAsync(TableText.Key(job.Point.Workspace), RowKey(job.StartedUtc, job.Id), cancellationToken);

    /// <summary>The row in one place of a workspace's history, or null.</summary>
    internal Task<JobHistory?> AtAsync(string workspace, string row, CancellationToken cancellationToken)
        => ReadAsync(TableText.Key(workspace), row, cancellationToken);

    /// <summary>Replaces the version that the job's etag names; false when there is another, or none.</summary>
    public async Task<bool> TryUpdateAsync(JobHistory job, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(job.ETag);
        var rows = Rows(job, Row(job));
        TableTransactionAction[] actions =
        [
            new(TableTransactionActionType.UpdateReplace, rows[0], new ETag(job.ETag)),
            new(TableTransactionActionType.UpsertReplace, rows[1]),
        ];
        return await TableText.TrySubmitAsync(_history, actions, cancellationToken);
    }

    /// <summary>Jobs of a workspace, or of one of its points, newest first; 1 to 1,000 a page. They are for reading: they have no etag to update by.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public Task<Page<JobHistory>> ListAsync(
        string workspace, string? pointId, int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        var partition = TableText.Key(workspace);
        var list = pointId is null ? new RowList(partition, Before: OfPoints) : new RowList(partition, OfPoint(pointId), OfPoint(pointId)[..^1] + '}');
        return Page<JobHistory>.ReadAsync(_history, list, new PageRequest(pageSize, continuationToken), row => Job(row) with { ETag = "" }, cancellationToken);
    }

    private async Task<JobHistory?> ReadAsync(string partition, string row, CancellationToken cancellationToken)
        => await TableText.FindAsync(_history, partition, row, cancellationToken) is { } found ? Job(found) : null;

    private static TableEntity Place(string partition, TableEntity history) => new(partition, PlaceRow)
    {
        ["Partition"] = history.PartitionKey,
        ["Row"] = history.RowKey,
    };

    // The job as a whole is one column; the others are there for conditions and for people who look at the table.
    private static TableEntity Row(JobHistory job) => new(TableText.Key(job.Workspace), RowKey(job.StartedUtc, job.JobId))
    {
        ["JobId"] = job.JobId,
        ["PointId"] = job.PointId,
        ["Status"] = job.Status.ToString(),
        ["StartedUtc"] = job.StartedUtc,
        ["Job"] = JsonSerializer.Serialize(job),
    };

    // In the list of the workspace, and in that of the point.
    private static TableEntity[] Rows(JobHistory job, TableEntity row)
        => [row, new TableEntity(row) { RowKey = OfPoint(job.PointId) + row.RowKey }];

    // The keys of the workspace's list are numbers first, and come before this; what begins like a point's comes before its end with a brace.
    private static string OfPoint(string pointId) => $"{OfPoints}{TableText.Key(pointId)}|";

    private static JobHistory Job(TableEntity row) => JsonSerializer.Deserialize<JobHistory>(row.GetString("Job"))! with { ETag = row.ETag.ToString() };

    /// <summary>The place of a job in the history.</summary>
    internal static string RowKey(DateTimeOffset started, string jobId) => $"{NewestFirst(started)}-{TableText.Key(jobId)}";

    /// <summary>What the keys of later instants come behind.</summary>
    internal static string NewestFirst(DateTimeOffset instant)
        => string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - instant.UtcTicks:d19}");
}
