using IntegrationPoints.LocalHost.Engine;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Runs activity calls as they come, so many at a time. A call leaves the store only with its result.</summary>
internal sealed class ActivityFunctions(OrchestrationEngine engine, FunctionCatalog catalog, Invoker invoker, RunningWork running, Chaos chaos)
{
    /// <summary>Delivers calls until the host stops; what was not started then is in the store for the next start.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var work = await engine.Activities.ReadAsync(running.Stopping);
                await running.RunAsync(() => DeliverAsync(work));
            }
        }
        catch (OperationCanceledException) when (running.Stopping.IsCancellationRequested)
        {
        }
    }

    private async Task DeliverAsync(ActivityWork work)
    {
        var repeat = chaos.RepeatActivity();
        var second = repeat.AtOnce ? Task.Run(() => ExecuteAsync(work)) : Task.CompletedTask;
        await ExecuteAsync(work);
        await second;
        if (repeat.Late is { } wait)
        {
            _ = running.RunLaterAsync(wait, () => ExecuteAsync(work));
        }
    }

    private async Task ExecuteAsync(ActivityWork work)
    {
        await Task.Delay(chaos.Delay());
        if (catalog.FindActivity(work.Name) is not { } function)
        {
            engine.Complete(work, Failure("InvalidOperationException", $"There is no activity '{work.Name}'."));
            return;
        }

        using var death = CancellationTokenSource.CreateLinkedTokenSource(running.Abandoned);
        var run = CallAsync(function, work.Input, death.Token);
        if (chaos.Death() is { } after)
        {
            // The code is cut off where it stands, or runs to its end and the result is lost: both happen when a worker dies.
            await Task.WhenAny(run, Task.Delay(after));
            await death.CancelAsync();
            engine.Complete(work, Failure("WorkerProcessExitException", "The worker process exited with code 137 (0x89)."));
            return;
        }

        var result = await run;
        if (running.Abandoned.IsCancellationRequested)
        {
            // The shutdown did not wait for it: that is no failure, the next start runs it again.
            return;
        }

        engine.Complete(work, result);
        chaos.ActivityCompleted();
    }

    private async Task<HistoryEvent> CallAsync(Function function, string? input, CancellationToken cancellation)
    {
        try
        {
            // Off this thread at once: code that never awaits must not keep other deliveries back.
            await Task.Yield();
            var value = Json.Read(input, function.TriggerParameter.ParameterType);
            var result = await invoker.InvokeAsync(function, value, null, cancellation);
            return new HistoryEvent(EventKind.TaskCompleted, Clock.UtcNow, Data: Json.Write(result));
        }
#pragma warning disable CA1031 // Whatever the activity throws is its outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Failure(e.GetType().FullName!, e.Message);
        }
    }

    private static HistoryEvent Failure(string type, string message) => new(EventKind.TaskFailed, Clock.UtcNow, Name: type, Data: message);
}
