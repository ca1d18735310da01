using IntegrationPoints.LocalHost.Durable.Client;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>What can happen to an orchestration. The numbers are stored.</summary>
internal enum EventKind
{
    /// <summary>Name: the orchestrator; data: its input.</summary>
    ExecutionStarted = 0,

    /// <summary>The events up to the next of these were handled together; its time is the orchestrator's "now".</summary>
    TurnStarted = 1,

    /// <summary>The orchestrator called the activity of this name.</summary>
    TaskScheduled = 2,

    /// <summary>Data: the activity's result.</summary>
    TaskCompleted = 3,

    /// <summary>Name: the type of the exception; data: its message.</summary>
    TaskFailed = 4,

    /// <summary>The orchestrator started a timer; its time is when it fires.</summary>
    TimerCreated = 5,

    /// <summary>A timer fired.</summary>
    TimerFired = 6,

    /// <summary>Name: the event; data: its payload.</summary>
    EventRaised = 7,

    /// <summary>Data: the output that the client gave.</summary>
    Terminated = 8,
}

/// <summary>One line of an orchestration's history, or one that is to become so.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, in UTC.</param>
/// <param name="TaskId">The activity call or timer it belongs to, numbered from 0 within the execution; -1 for none.</param>
/// <param name="Name">A name; see the kind.</param>
/// <param name="Data">JSON or text; see the kind.</param>
internal sealed record HistoryEvent(EventKind Kind, DateTime At, int TaskId = -1, string? Name = null, string? Data = null)
{
    /// <summary>How messages name it.</summary>
    public override string ToString() =>
        Kind + (TaskId >= 0 ? $" #{TaskId}" : "") + (Name is not null && Kind != EventKind.TaskFailed ? $" '{Name}'" : "");
}

/// <summary>An event that waits for its instance's next turn.</summary>
/// <param name="Seq">Its number in the store.</param>
/// <param name="Execution">The execution it is for; null for events from outside, which are for any.</param>
/// <param name="Event">The event.</param>
internal sealed record Message(long Seq, string? Execution, HistoryEvent Event);

/// <summary>An instance as stored. The execution changes with every ContinueAsNew, so that late results of the old one are known.</summary>
internal sealed record Instance(
    string Id,
    string Execution,
    string Name,
    OrchestrationRuntimeStatus Status,
    DateTime Created,
    DateTime Updated,
    string? Input,
    string? Output,
    string? CustomStatus)
{
    public bool HasEnded => Status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}

/// <summary>An activity call that has not been completed.</summary>
internal sealed record ActivityWork(long Seq, string InstanceId, string Execution, int TaskId, string Name, string? Input);

/// <summary>What one turn decided; committed in one transaction.</summary>
internal sealed record TurnOutcome
{
    public required OrchestrationRuntimeStatus Status { get; init; }

    public string? Output { get; init; }

    public required string? CustomStatus { get; init; }

    public IReadOnlyList<HistoryEvent> NewHistory { get; init; } = [];

    public IReadOnlyList<(int TaskId, string Name, string? Input)> Activities { get; init; } = [];

    public IReadOnlyList<HistoryEvent> Timers { get; init; } = [];

    public IReadOnlyList<int> CancelledTimers { get; init; } = [];

    public bool ContinuesAsNew { get; init; }

    public string? NewInput { get; init; }

    public IReadOnlyList<HistoryEvent> CarriedEvents { get; init; } = [];
}
