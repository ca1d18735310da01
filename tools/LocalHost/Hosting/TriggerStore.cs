using IntegrationPoints.LocalHost.Engine;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>What timers and blob triggers remember between runs of the host.</summary>
internal sealed class TriggerStore(Database database)
{
    public ScheduleStatus? FindSchedule(string function) => database.Query(
        "SELECT last, next, updated FROM schedules WHERE function=?1",
        r => new ScheduleStatus { Last = Utc(r.GetInt64(0)), Next = Utc(r.GetInt64(1)), LastUpdated = Utc(r.GetInt64(2)) },
        function).FirstOrDefault();

    public void SaveSchedule(string function, ScheduleStatus status) => database.Execute(
        "INSERT OR REPLACE INTO schedules(function, last, next, updated) VALUES(?1,?2,?3,?4)",
        function, status.Last, status.Next, status.LastUpdated);

    /// <summary>The blob versions delivered before.</summary>
    public Dictionary<(string Name, string ETag), Receipt> Receipts(string function) => database
        .Query(
            "SELECT name, etag, attempts, done FROM receipts WHERE function=?1",
            r => new Receipt(r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetBoolean(3)),
            function)
        .ToDictionary(r => (r.Name, r.ETag));

    public void SaveReceipt(string function, Receipt receipt) => database.Execute(
        "INSERT OR REPLACE INTO receipts(function, name, etag, attempts, done) VALUES(?1,?2,?3,?4,?5)",
        function, receipt.Name, receipt.ETag, receipt.Attempts, receipt.Done);

    public void DeleteReceipts(string function, IEnumerable<(string Name, string ETag)> blobs) => database.Transaction(() =>
    {
        foreach (var (name, etag) in blobs)
        {
            database.Execute("DELETE FROM receipts WHERE function=?1 AND name=?2 AND etag=?3", function, name, etag);
        }

        return true;
    });

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);
}

/// <summary>What became of one version of a blob.</summary>
/// <param name="Name">The blob.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Attempts">How often it was delivered.</param>
/// <param name="Done">Whether it is not delivered again: delivered, or given up.</param>
internal sealed record Receipt(string Name, string ETag, int Attempts, bool Done);
