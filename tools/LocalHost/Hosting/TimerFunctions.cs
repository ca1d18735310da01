using IntegrationPoints.LocalHost.Engine;
using IntegrationPoints.LocalHost.Worker;
using NCrontab;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Starts timer functions; one function's runs never overlap.</summary>
internal sealed class TimerFunctions(FunctionCatalog catalog, Invoker invoker, TriggerStore store, RunningWork running)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>Reads the schedules.</summary>
    /// <exception cref="InvalidOperationException">One is not a cron expression of six fields.</exception>
    public List<(Function Function, CrontabSchedule Schedule, bool Monitored)> Read() =>
        [.. catalog.With<TimerTriggerAttribute>().Select(f => (f.Function, Parse(f.Function, f.Trigger), Monitored: IsMonitored(f.Function, f.Trigger)))];

    /// <summary>Runs the timers until the host stops.</summary>
    public Task RunAsync() => Task.WhenAll(Read().Select(t => RunAsync(t.Function, t.Schedule, t.Monitored)));

    private static CrontabSchedule Parse(Function function, TimerTriggerAttribute trigger) =>
        CrontabSchedule.TryParse(trigger.Schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true })
        ?? throw new InvalidOperationException($"Function '{function.Name}': '{trigger.Schedule}' is not a cron expression of six fields.");

    private static bool IsMonitored(Function function, TimerTriggerAttribute trigger)
    {
        var next = Parse(function, trigger).GetNextOccurrences(Clock.UtcNow, DateTime.MaxValue).Take(2).ToList();
        return trigger.UseMonitor && (next.Count < 2 || next[1] - next[0] >= TimeSpan.FromMinutes(1));
    }

    private async Task RunAsync(Function function, CrontabSchedule schedule, bool monitored)
    {
        var status = monitored ? store.FindSchedule(function.Name) ?? Save(function, schedule, default) : null;
        var pastDue = status is not null && status.Next < Clock.UtcNow;
        try
        {
            while (true)
            {
                await WaitUntilAsync(pastDue ? default : schedule.GetNextOccurrence(Clock.UtcNow));
                var started = Clock.UtcNow;
                await running.RunAsync(() => invoker.DeliverAsync(function, new TimerInfo { ScheduleStatus = status, IsPastDue = pastDue }));
                // Stored after the run: a process that dies in it makes up for it at the next start.
                status = monitored ? Save(function, schedule, started) : null;
                pastDue = false;
            }
        }
        catch (OperationCanceledException) when (running.Stopping.IsCancellationRequested)
        {
        }
    }

    private ScheduleStatus Save(Function function, CrontabSchedule schedule, DateTime last)
    {
        var now = Clock.UtcNow;
        var status = new ScheduleStatus { Last = last, Next = schedule.GetNextOccurrence(now), LastUpdated = now };
        store.SaveSchedule(function.Name, status);
        return status;
    }

    private async Task WaitUntilAsync(DateTime at)
    {
        TimeSpan wait;
        while ((wait = at - Clock.UtcNow) > TimeSpan.Zero)
        {
            await Task.Delay(wait < LongestDelay ? wait : LongestDelay, running.Stopping);
        }

        running.Stopping.ThrowIfCancellationRequested();
    }
}
