using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Statistics;

/// <summary>Where the statistics of an integration point stand.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StatisticsState>))]
public enum StatisticsState
{
    /// <summary>Nobody has asked for them yet.</summary>
    [JsonStringEnumMemberName("New")] New,

    /// <summary>They are being calculated.</summary>
    [JsonStringEnumMemberName("In progress")] InProgress,

    /// <summary>They are there.</summary>
    [JsonStringEnumMemberName("Completed")] Completed,

    /// <summary>They could not be calculated.</summary>
    [JsonStringEnumMemberName("Error")] Error,
}

/// <summary>The last calculation of an integration point's statistics, kept beside the point.</summary>
public sealed record PointStatistics
{
    /// <summary>The calculation's id: only its own end is put down here.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public StatisticsState State { get; init; } = StatisticsState.InProgress;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedUtc { get; init; }

    /// <summary>When it came to its end; null while it goes on.</summary>
    public DateTimeOffset? CalculatedUtc { get; init; }

    /// <summary>What it came to; null when it has not come to anything.</summary>
    public StatisticsCounts? Counts { get; init; }

    /// <summary>Why there are none; null when nothing is wrong.</summary>
    public Problem? Problem { get; init; }
}
