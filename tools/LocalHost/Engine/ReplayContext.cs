using IntegrationPoints.LocalHost.Durable;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>The context of one turn: it notes what the orchestrator asks for and hands it what the history holds.</summary>
internal sealed class ReplayContext(OrchestratorThread thread, Instance instance, ILoggerFactory loggerFactory) : TaskOrchestrationContext
{
    private readonly Dictionary<int, TaskCompletionSource<string?>> open = [];
    private readonly Dictionary<string, Stack<Waiter>> waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent> buffered = [];
    private DateTime now;

    public override TaskName Name => instance.Name;

    public override string InstanceId => instance.Id;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime
    {
        get
        {
            Guard();
            return now;
        }
    }

    public override bool IsReplaying => Replaying;

    /// <summary>Whether the events applied come from the history.</summary>
    public bool Replaying { get; set; } = true;

    /// <summary>What the orchestrator asked for; the index is the task id.</summary>
    public List<(EventKind Kind, string? Name, string? Input, DateTime FireAt)> Requests { get; } = [];

    /// <summary>The timers cancelled in this turn.</summary>
    public List<int> CancelledTimers { get; } = [];

    /// <summary>The custom status as JSON.</summary>
    public string? CustomStatus { get; private set; } = instance.CustomStatus;

    /// <summary>The new input and whether events are kept, once ContinueAsNew was called.</summary>
    public (string? Input, bool KeepEvents)? NewExecution { get; private set; }

    /// <summary>Events that nobody has waited for.</summary>
    public IReadOnlyList<HistoryEvent> BufferedEvents => buffered;

    /// <summary>Whether anything is yet to come that the orchestrator may be waiting for.</summary>
    public bool IsWaiting => open.Count > 0 || waiters.Values.Any(stack => stack.Any(w => !w.Task.IsCompleted));

    protected override ILoggerFactory LoggerFactory => loggerFactory;

    public override T? GetInput<T>()
        where T : default
    {
        Guard();
        return Json.Read<T>(instance.Input);
    }

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Guard();
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("Task options were given as the input of the activity.", nameof(input));
        }

        var json = Json.Write(input);
        var started = now;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? wait;
            try
            {
                return Json.Read<TResult>(await Request(EventKind.TaskScheduled, name.Name, json, default).Task)!;
            }
            catch (TaskFailedException) when ((wait = options?.Retry.WaitAfter(attempt, now - started)) is not null)
            {
            }

            await CreateTimer(wait.Value, CancellationToken.None);
        }
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Guard();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var (id, task) = Request(EventKind.TimerCreated, null, null, fireAt.ToUniversalTime());
        cancellationToken.Register(() => CancelTimer(id, cancellationToken));
        return task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Guard();
        if (!waiters.TryGetValue(eventName, out var stack))
        {
            waiters.Add(eventName, stack = new Stack<Waiter>());
        }

        if (stack.TryPeek(out var other) && other.Type != typeof(T))
        {
            throw new ArgumentException($"The event '{eventName}' is awaited as {other.Type} already.", nameof(eventName));
        }

        var source = new TaskCompletionSource<T>();
        stack.Push(new Waiter(typeof(T), source.Task, data => source.TrySetResult(Json.Read<T>(data)!)));
        if (buffered.FindIndex(e => string.Equals(e.Name, eventName, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index)
        {
            var e = buffered[index];
            buffered.RemoveAt(index);
            stack.Pop().Complete(e.Data);
        }

        cancellationToken.Register(() => OnThread(() => source.TrySetCanceled(cancellationToken)));
        return source.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        Guard();
        CustomStatus = Json.Write(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        Guard();
        NewExecution = (Json.Write(newInput), preserveUnprocessedEvents);
    }

    /// <summary>A turn of the history, or the new one, starts.</summary>
    public void StartTurn(DateTime at) => now = at;

    /// <summary>Hands an event to the code that waits for it; one that nobody waits for is kept or dropped.</summary>
    public void Apply(HistoryEvent e)
    {
        if (e.Kind == EventKind.EventRaised)
        {
            ApplyExternalEvent(e);
        }
        else if (open.Remove(e.TaskId, out var source))
        {
            if (e.Kind == EventKind.TaskFailed)
            {
                var details = new TaskFailureDetails(e.Name!, e.Data!, null, null);
                source.SetException(new TaskFailedException(Requests[e.TaskId].Name!, e.TaskId, details));
            }
            else
            {
                source.SetResult(e.Data);
            }
        }
    }

    private void ApplyExternalEvent(HistoryEvent e)
    {
        if (waiters.TryGetValue(e.Name!, out var stack) && stack.TryPop(out var waiter))
        {
            waiter.Complete(e.Data);
        }
        else
        {
            buffered.Add(e);
        }
    }

    private (int Id, Task<string?> Task) Request(EventKind kind, string? name, string? input, DateTime fireAt)
    {
        Guard();
        var id = Requests.Count;
        Requests.Add((kind, name, input, fireAt));
        // Continuations run at once, on this thread: the order of the history is the order of the code.
        var source = new TaskCompletionSource<string?>();
        open.Add(id, source);
        return (id, source.Task);
    }

    private void CancelTimer(int id, CancellationToken cancellationToken) => OnThread(() =>
    {
        if (open.Remove(id, out var source))
        {
            if (!Replaying)
            {
                CancelledTimers.Add(id);
            }

            source.SetCanceled(cancellationToken);
        }
    });

    private void OnThread(Action action)
    {
        if (thread.IsCurrent)
        {
            action();
        }
        else
        {
            thread.ReportForeignAwait();
        }
    }

    private void Guard()
    {
        if (!thread.IsCurrent)
        {
            thread.ReportForeignAwait();
            throw new InvalidOperationException(Turn.ForeignAwait(instance.Name));
        }
    }

    private sealed record Waiter(Type Type, Task Task, Action<string?> Complete);
}
