namespace IntegrationPoints.Engine.Schedules;

/// <summary>When an integration point runs by itself: once a day.</summary>
public sealed record Schedule
{
    /// <summary>The first day on which it may run.</summary>
    public required DateOnly StartDate { get; init; }

    /// <summary>The last day on which it may run; null: for ever.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>Time of day on the wall clock of <see cref="TimeZone"/>.</summary>
    public required TimeOnly LocalTime { get; init; }

    /// <summary>IANA or Windows id of a time zone.</summary>
    public string TimeZone { get; init; } = "UTC";
}
