using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>What configuration and host.json say about the host.</summary>
internal sealed record LocalHostSettings
{
    /// <summary><c>LocalHost:Port</c>: the port of the HTTP functions; 0 takes a free one.</summary>
    public int Port { get; init; } = 7071;

    /// <summary><c>LocalHost:Database</c>: the file with histories, schedules and receipts.</summary>
    public string Database { get; init; } = Path.Combine(".local", "localhost.db");

    /// <summary><c>LocalHost:BlobPollSeconds</c>: how often containers are looked at.</summary>
    public double BlobPollSeconds { get; init; } = 2;

    /// <summary><c>LocalHost:ShutdownSeconds</c>: how long running functions are waited for.</summary>
    public double ShutdownSeconds { get; init; } = 30;

    /// <summary><c>extensions.durableTask.maxConcurrentActivityFunctions</c> of host.json; twice the processors when it is not there.</summary>
    public int MaxConcurrentActivities { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary><c>Chaos:*</c>.</summary>
    public ChaosSettings Chaos { get; init; } = new();

    /// <param name="configuration">The app's configuration.</param>
    /// <param name="folders">Where host.json may lie; the first one counts.</param>
    public static LocalHostSettings Read(IConfiguration configuration, params IEnumerable<string> folders)
    {
        var settings = (configuration.GetSection("LocalHost").Get<LocalHostSettings>() ?? new()) with
        {
            Chaos = configuration.GetSection("Chaos").Get<ChaosSettings>() ?? new(),
        };
        return ReadHostJson(folders) is { } activities ? settings with { MaxConcurrentActivities = activities } : settings;
    }

    private static int? ReadHostJson(IEnumerable<string> folders)
    {
        var path = folders.Select(d => Path.Combine(d, "host.json")).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("durableTask", out var durableTask)
            && durableTask.TryGetProperty("maxConcurrentActivityFunctions", out var activities)
            ? activities.GetInt32()
            : null;
    }
}

/// <summary>How the host misbehaves on purpose. Probabilities are from 0 to 1.</summary>
internal sealed record ChaosSettings
{
    /// <summary><c>Chaos:DuplicateActivities</c>: how likely an activity is delivered a second time, at once or late.</summary>
    public double DuplicateActivities { get; init; }

    /// <summary><c>Chaos:DuplicateTriggers</c>: how likely a timer or blob is delivered a second time, at once or late.</summary>
    public double DuplicateTriggers { get; init; }

    /// <summary><c>Chaos:FailActivities</c>: how likely an activity fails as if its worker had died in the middle or at the end.</summary>
    public double FailActivities { get; init; }

    /// <summary><c>Chaos:CrashAfterActivities</c>: after how many completed activities the process kills itself; 0 is never.</summary>
    public int CrashAfterActivities { get; init; }

    /// <summary><c>Chaos:DelayMs</c>: each activity starts up to this much later.</summary>
    public int DelayMs { get; init; }

    /// <summary><c>Chaos:LateMs</c>: a late delivery comes up to this long after the first has ended.</summary>
    public int LateMs { get; init; } = 2000;

    /// <summary><c>Chaos:Seed</c>: makes the draws the same in every run.</summary>
    public int? Seed { get; init; }
}
