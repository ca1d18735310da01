using IntegrationPoints.Providers;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Jobs;

/// <summary>Settings of the job engine.</summary>
public sealed record JobSettings
{
    private const int MostBatches = 64;

    /// <summary>How long the first retry of a failed activity waits, in seconds; each further one twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>How long nothing may land in an upload's folder before its load file is imported although files are missing, in seconds.</summary>
    public double UploadQuietSeconds { get; init; } = 120;

    /// <summary>How long a job may take to start before it counts as cut off and is started again, in seconds.</summary>
    public double PatienceSeconds { get; init; } = 30;

    /// <summary>How many days after its end an orchestration is purged.</summary>
    public double HistoryDays { get; init; } = 30;

    /// <summary>How sources are cut into batches.</summary>
    public BatchSize Batches { get; init; } = new();

    /// <summary>Reads the settings that begin with <c>Jobs:</c>.</summary>
    /// <exception cref="InvalidOperationException">One is a number with which no job could run; the message says what is expected.</exception>
    public static JobSettings From(IConfiguration configuration)
    {
        var settings = new JobSettings();
        settings = settings with
        {
            FirstRetrySeconds = configuration.GetValue("Jobs:FirstRetrySeconds", settings.FirstRetrySeconds),
            UploadQuietSeconds = configuration.GetValue("Jobs:UploadQuietSeconds", settings.UploadQuietSeconds),
            PatienceSeconds = configuration.GetValue("Jobs:PatienceSeconds", settings.PatienceSeconds),
            HistoryDays = configuration.GetValue("Jobs:HistoryDays", settings.HistoryDays),
            Batches = new BatchSize
            {
                Records = configuration.GetValue("Jobs:BatchRecords", settings.Batches.Records),
                Page = configuration.GetValue("Jobs:PageBatches", settings.Batches.Page),
            },
        };
        // Every orchestration would fail on the first of these; a page without batches has no end, and one of more is more than a generation may hold.
        if (settings.FirstRetrySeconds is not (> 0 and <= RunJob.LongestRetrySeconds))
            throw Wrong("FirstRetrySeconds", $"a number of seconds above 0 and at most {RunJob.LongestRetrySeconds}");
        if (settings.Batches.Records < 1) throw Wrong("BatchRecords", "a whole number of records, at least 1");
        if (settings.Batches.Page is < 1 or > MostBatches) throw Wrong("PageBatches", $"a whole number of batches from 1 to {MostBatches}");
        return settings;
    }

    private static InvalidOperationException Wrong(string name, string expected) => new($"Jobs__{name} is out of bounds. Expected {expected}.");
}
