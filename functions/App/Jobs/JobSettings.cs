using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Jobs;

/// <summary>Settings of the job engine.</summary>
public sealed record JobSettings
{
    /// <summary>How long the first retry of a failed activity waits, in seconds; each further one twice as long, at most two minutes.</summary>
    public double FirstRetrySeconds { get; init; } = 5;

    /// <summary>How long nothing may land in an upload's folder before its load file is imported although files are missing, in seconds.</summary>
    public double UploadQuietSeconds { get; init; } = 120;

    /// <summary>Reads <c>Jobs:FirstRetrySeconds</c> and <c>Jobs:UploadQuietSeconds</c>.</summary>
    public static JobSettings From(IConfiguration configuration)
    {
        var settings = new JobSettings();
        return settings with
        {
            FirstRetrySeconds = configuration.GetValue("Jobs:FirstRetrySeconds", settings.FirstRetrySeconds),
            UploadQuietSeconds = configuration.GetValue("Jobs:UploadQuietSeconds", settings.UploadQuietSeconds),
        };
    }
}
