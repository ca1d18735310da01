namespace IntegrationPoints.LocalHost.Worker;

/// <summary>What a timer function is told about its schedule (Worker.Extensions.Timer).</summary>
public sealed class TimerInfo
{
    /// <summary>The state before this run; null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this run makes up for one that was missed while the host was down.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>When a schedule fired, and when it fires next, in UTC.</summary>
public sealed class ScheduleStatus
{
    /// <summary>When it fired last; <see cref="DateTime.MinValue"/> when it never did.</summary>
    public DateTime Last { get; set; }

    /// <summary>When it was to fire next.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this state was written.</summary>
    public DateTime LastUpdated { get; set; }
}
