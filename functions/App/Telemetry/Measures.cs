using System.Diagnostics;
using System.Diagnostics.Metrics;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.App.Telemetry;

/// <summary>
/// What is measured while jobs run, for dashboards and alerts. A step that is carried out twice is measured twice; the exact counts of a job
/// are those of its history. The only tags are outcomes and statuses.
/// </summary>
public static class Measures
{
    private static readonly Meter Meter = new(JobTrace.Source);

    private static readonly Counter<long> Records = Meter.CreateCounter<long>("records", "{record}", "Records of batches, by outcome: written, rejected, skipped.");
    private static readonly Counter<double> RequestUnits = Meter.CreateCounter<double>("request_units", "{RU}", "What Cosmos DB charged for batches.");
    private static readonly Histogram<double> BatchSeconds = Meter.CreateHistogram<double>("batch.duration", "s", "How long batches took.");
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("jobs.ended", "{job}", "Jobs that ended, by status.");
    private static readonly Gauge<long> Active = Meter.CreateGauge<long>("jobs.active", "{job}", "Jobs that have begun and not ended, counted once a minute.");
    private static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("schedule.lag", "s", "How long after they were due scheduled runs started.");

    /// <summary>A batch has come to its end.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="begun">When it began, as <see cref="Stopwatch.GetTimestamp"/> says.</param>
    public static void Batch(BatchResult result, long begun)
    {
        var counts = result.Counts;
        RequestUnits.Add(result.RequestUnits);
        BatchSeconds.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        Records.Add(counts.Written, new KeyValuePair<string, object?>("outcome", "written"));
        Records.Add(counts.Rejected, new KeyValuePair<string, object?>("outcome", "rejected"));
        Records.Add(counts.Skipped, new KeyValuePair<string, object?>("outcome", "skipped"));
    }

    /// <summary>A job has ended.</summary>
    public static void Ended(JobStatus status) => Jobs.Add(1, new KeyValuePair<string, object?>("status", status.ToString()));

    /// <summary>So many jobs run.</summary>
    public static void Running(long jobs) => Active.Record(jobs);

    /// <summary>A scheduled run started so long after it was due.</summary>
    public static void Started(TimeSpan afterDue) => Lag.Record(afterDue.TotalSeconds);
}
