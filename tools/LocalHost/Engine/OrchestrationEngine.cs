using System.Collections.Concurrent;
using System.Threading.Channels;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>Runs the turns of all orchestrations, one after the other, on one thread.</summary>
internal sealed class OrchestrationEngine(
    InstanceStore store, FunctionCatalog catalog, FunctionPipeline pipeline, IServiceProvider services, ILoggerFactory loggerFactory)
{
    private static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(1);

    private readonly ILogger logger = loggerFactory.CreateLogger("IntegrationPoints.LocalHost.Orchestrations");
    private readonly ReadyQueue ready = new();
    private readonly Channel<ActivityWork> activities = Channel.CreateUnbounded<ActivityWork>();
    private readonly ConcurrentDictionary<string, string> foreignAwaits = new();
    private Thread? thread;

    /// <summary>The activity calls to run, in order.</summary>
    public ChannelReader<ActivityWork> Activities => activities.Reader;

    public InstanceSignals Signals { get; } = new();

    /// <summary>Takes up what an earlier process left: waiting events, timers, activities without a result.</summary>
    public void Start()
    {
        foreach (var work in store.PendingActivities())
        {
            activities.Writer.TryWrite(work);
        }

        foreach (var (id, at) in store.Wakeups())
        {
            ready.Add(id, at);
        }

        thread = new Thread(Loop) { IsBackground = true, Name = "Orchestrators" };
        thread.Start();
    }

    /// <summary>Ends after the turn that runs.</summary>
    public void Stop()
    {
        ready.Close();
        thread?.Join();
    }

    /// <summary>An instance has events.</summary>
    public void Wake(string instanceId) => ready.Add(instanceId);

    /// <summary>An instance will have events.</summary>
    public void WakeAt(string instanceId, DateTime at) => ready.Add(instanceId, at);

    /// <summary>Stores the result of an activity; a second one is dropped.</summary>
    public void Complete(ActivityWork work, HistoryEvent result)
    {
        if (store.CompleteActivity(work, result))
        {
            ready.Add(work.InstanceId);
        }
        else
        {
            logger.LogDebug("{Activity} of {Instance} had a result already; this one is dropped", work.Name, work.InstanceId);
        }
    }

    private void Loop()
    {
        while (ready.Take(out var id))
        {
            try
            {
                RunTurn(id);
            }
#pragma warning disable CA1031 // The store failed, a full disk for example: the turn is taken back and tried again, the other instances go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.LogError(e, "The turn of {Instance} could not be stored; it is tried again", id);
                ready.Add(id, Clock.UtcNow + RetryAfterFault);
            }
        }
    }

    private void RunTurn(string id)
    {
        var instance = store.Find(id);
        if (instance is null || instance.HasEnded)
        {
            return;
        }

        var due = store.Due(id, Clock.UtcNow);
        if (due.Count == 0 && !foreignAwaits.ContainsKey(id))
        {
            return;
        }

        var events = due.Where(m => m.Execution is null || m.Execution == instance.Execution).Select(m => m.Event).ToList();
        var history = store.History(id);
        if (Ending(instance, events) is { } ending)
        {
            Commit(instance, history.Count, due, ending);
        }
        else if (history.Count > 0 || events.Exists(e => e.Kind == EventKind.ExecutionStarted))
        {
            Commit(instance, history.Count, due, Execute(instance, history, events));
        }
    }

    private TurnOutcome? Ending(Instance instance, List<HistoryEvent> events)
    {
        if (foreignAwaits.TryRemove(instance.Id, out var execution) && execution == instance.Execution)
        {
            return Failed(instance, $"InvalidOperationException: {Turn.ForeignAwait(instance.Name)}");
        }

        return events.Find(e => e.Kind == EventKind.Terminated) is { } end
            ? new TurnOutcome
            {
                Status = OrchestrationRuntimeStatus.Terminated,
                Output = end.Data,
                CustomStatus = instance.CustomStatus,
                NewHistory = [end],
            }
            : null;
    }

    private void Commit(Instance instance, int historyLength, List<Message> handled, TurnOutcome outcome)
    {
        var works = store.Commit(instance, historyLength, handled, outcome);
        foreach (var work in works)
        {
            activities.Writer.TryWrite(work);
        }

        foreach (var timer in outcome.Timers)
        {
            ready.Add(instance.Id, timer.At);
        }

        if (outcome.ContinuesAsNew)
        {
            ready.Add(instance.Id);
        }

        if (outcome.Status == OrchestrationRuntimeStatus.Failed)
        {
            logger.LogWarning("Orchestration {Instance} of {Orchestrator} failed", instance.Id, instance.Name);
        }

        Signals.Changed(instance.Id);
    }

    private TurnOutcome Execute(Instance instance, List<HistoryEvent> history, List<HistoryEvent> events)
    {
        if (catalog.FindOrchestrator(instance.Name) is not { } function)
        {
            return Failed(instance, $"There is no orchestrator '{instance.Name}'.");
        }

        TurnOutcome? outcome = null;
        var orchestratorThread = new OrchestratorThread(() => ReportForeignAwait(instance));
        var context = new ReplayContext(orchestratorThread, instance, loggerFactory);
        var scope = services.CreateAsyncScope();
        var invocation = new Invocation(function, context)
        {
            InstanceServices = scope.ServiceProvider,
            Body = i =>
            {
                outcome = new Turn(instance, orchestratorThread, context).Run(history, events, i.CallAsync);
                return Task.CompletedTask;
            },
        };
        var run = pipeline.RunAsync(invocation);
        scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return run.IsFaulted ? Failed(instance, $"{run.Exception.InnerException!.GetType().FullName}: {run.Exception.InnerException.Message}")
            : outcome ?? Failed(instance, $"A middleware awaited something before it called '{instance.Name}', or did not call it: it must not for orchestrators.");
    }

    /// <summary>Comes from any thread; the instance is failed on this engine's own.</summary>
    private void ReportForeignAwait(Instance instance)
    {
        foreignAwaits[instance.Id] = instance.Execution;
        Wake(instance.Id);
    }

    private static TurnOutcome Failed(Instance instance, string output) => new()
    {
        Status = OrchestrationRuntimeStatus.Failed,
        Output = output,
        CustomStatus = instance.CustomStatus,
    };
}
