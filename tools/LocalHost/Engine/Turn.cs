using System.Globalization;
using IntegrationPoints.LocalHost.Durable.Client;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>Executes an orchestrator over its whole history and the events that came since, and says what it wants next.</summary>
internal sealed class Turn(Instance instance, OrchestratorThread thread, ReplayContext context)
{
    private const int MaxCustomStatusBytes = 16 * 1024;

    private Task<object?>? orchestrator;
    private int verified;

    public static string ForeignAwait(string name) =>
        $"The orchestrator '{name}' awaited something that is not its context's: Task.Delay, Task.Run, I/O or ConfigureAwait(false), for "
        + "example. On the real host it would hang for ever. Orchestrators await only what TaskOrchestrationContext returns.";

    /// <summary>Runs the turn. It throws nothing that the orchestrator did: that is an outcome.</summary>
    /// <param name="history">What happened in earlier turns.</param>
    /// <param name="messages">What happened since.</param>
    /// <param name="start">Starts the orchestrator's code.</param>
    public TurnOutcome Run(IReadOnlyList<HistoryEvent> history, IEnumerable<HistoryEvent> messages, Func<Task<object?>> start)
    {
        List<HistoryEvent> added = [new(EventKind.TurnStarted, Clock.UtcNow), .. messages];
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            foreach (var e in history)
            {
                Apply(e, start);
            }

            CheckNothingElseWasAsked();
            context.Replaying = false;
            var first = context.Requests.Count;
            foreach (var e in added)
            {
                Apply(e, start);
            }

            return thread.End() ? Failed("InvalidOperationException", ForeignAwait(instance.Name)) : Outcome(added, first);
        }
        catch (NonDeterministicOrchestrationException e)
        {
            thread.End();
            return Failed(nameof(NonDeterministicOrchestrationException), e.Message);
        }
#pragma warning disable CA1031 // An event's payload of another type than awaited, an async void that threw: the instance's own fault.
        catch (Exception e)
#pragma warning restore CA1031
        {
            thread.End();
            return Failed(e.GetType().FullName!, e.Message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    private void Apply(HistoryEvent e, Func<Task<object?>> start)
    {
        switch (e.Kind)
        {
            case EventKind.TurnStarted:
                CheckNothingElseWasAsked();
                context.StartTurn(e.At);
                break;
            case EventKind.ExecutionStarted:
                orchestrator = start();
                break;
            case EventKind.TaskScheduled or EventKind.TimerCreated:
                CheckWasAsked(e);
                break;
            default:
                context.Apply(e);
                break;
        }

        thread.Drain();
    }

    private void CheckWasAsked(HistoryEvent e)
    {
        var isSame = verified < context.Requests.Count && e.TaskId == verified
            && context.Requests[verified] is var asked && asked.Kind == e.Kind && asked.Name == e.Name;
        if (!isSame)
        {
            throw new NonDeterministicOrchestrationException(
                $"The history of '{instance.Id}' holds {e}, but the code of the orchestrator '{instance.Name}' asked for {Describe(verified)} in its place. "
                + "Orchestrators must ask for the same things in the same order at every execution.");
        }

        verified++;
    }

    private void CheckNothingElseWasAsked()
    {
        if (context.Replaying && context.Requests.Count > verified)
        {
            throw new NonDeterministicOrchestrationException(
                $"The code of the orchestrator '{instance.Name}' asked for {Describe(verified)}, which the history of '{instance.Id}' does not "
                + "hold in that place. Orchestrators must ask for the same things in the same order at every execution.");
        }
    }

    private string Describe(int taskId)
    {
        if (taskId >= context.Requests.Count)
        {
            return "nothing";
        }

        var (kind, name, _, fireAt) = context.Requests[taskId];
        return new HistoryEvent(kind, fireAt, taskId, name).ToString();
    }

    private TurnOutcome Outcome(List<HistoryEvent> added, int firstNew)
    {
        if (context.CustomStatus is { } status && status.Length * sizeof(char) > MaxCustomStatusBytes)
        {
            return Failed("ArgumentException", string.Create(
                CultureInfo.InvariantCulture,
                $"The custom status has {status.Length * sizeof(char)} bytes in UTF-16; at most {MaxCustomStatusBytes} are allowed."));
        }

        if (orchestrator is not { IsCompleted: true })
        {
            return context.IsWaiting ? Running(added, firstNew) : Failed("InvalidOperationException", ForeignAwait(instance.Name));
        }

        try
        {
            var result = orchestrator.GetAwaiter().GetResult();
            return context.NewExecution is { } next
                ? Continued(next.Input, next.KeepEvents ? context.BufferedEvents : [])
                : Running(added, firstNew) with { Status = OrchestrationRuntimeStatus.Completed, Output = Json.Write(result) };
        }
#pragma warning disable CA1031 // Whatever the orchestrator throws is its outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Running(added, firstNew) with { Status = OrchestrationRuntimeStatus.Failed, Output = $"{e.GetType().FullName}: {e.Message}" };
        }
    }

    private TurnOutcome Running(List<HistoryEvent> added, int firstNew)
    {
        var requests = context.Requests.Select((r, id) => (r.Kind, r.Name, r.Input, r.FireAt, Id: id)).Skip(firstNew).ToList();
        var timers = requests.Where(r => r.Kind == EventKind.TimerCreated).Select(r => new HistoryEvent(r.Kind, r.FireAt, r.Id)).ToList();
        return new TurnOutcome
        {
            Status = OrchestrationRuntimeStatus.Running,
            CustomStatus = context.CustomStatus,
            NewHistory = [.. added, .. requests.Select(r => new HistoryEvent(r.Kind, r.FireAt, r.Id, r.Name))],
            Activities = [.. requests.Where(r => r.Kind == EventKind.TaskScheduled).Select(r => (r.Id, r.Name!, r.Input))],
            Timers = timers,
            CancelledTimers = context.CancelledTimers,
        };
    }

    private TurnOutcome Continued(string? input, IReadOnlyList<HistoryEvent> events) => new()
    {
        Status = OrchestrationRuntimeStatus.Running,
        CustomStatus = context.CustomStatus,
        ContinuesAsNew = true,
        NewInput = input,
        CarriedEvents = events,
    };

    private TurnOutcome Failed(string type, string message) => new()
    {
        Status = OrchestrationRuntimeStatus.Failed,
        CustomStatus = instance.CustomStatus,
        Output = $"{type}: {message}",
    };
}

/// <summary>The orchestrator's code and its history differ.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
