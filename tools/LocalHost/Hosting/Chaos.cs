using System.Diagnostics;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Draws what goes wrong.</summary>
internal sealed class Chaos(LocalHostSettings settings)
{
    private const int DeathWithinMs = 50;

    private readonly ChaosSettings chaos = settings.Chaos;
    private readonly Random random = settings.Chaos.Seed is { } seed ? new Random(seed) : new Random();
    private readonly Lock gate = new();
    private int completed;

    /// <summary>How long an activity waits before it starts.</summary>
    public TimeSpan Delay() => Draw(r => TimeSpan.FromMilliseconds(r.NextDouble() * chaos.DelayMs));

    /// <summary>Whether and when an activity is delivered again.</summary>
    public Repeat RepeatActivity() => DrawRepeat(chaos.DuplicateActivities);

    /// <summary>Whether and when a timer or blob is delivered again.</summary>
    public Repeat RepeatTrigger() => DrawRepeat(chaos.DuplicateTriggers);

    /// <summary>When the worker of an activity dies: null for not at all, infinite for after the code and before the result.</summary>
    public TimeSpan? Death() => Draw<TimeSpan?>(r =>
        r.NextDouble() >= chaos.FailActivities ? null
        : r.Next(2) == 0 ? Timeout.InfiniteTimeSpan
        : TimeSpan.FromMilliseconds(r.NextDouble() * DeathWithinMs));

    /// <summary>An activity's result is stored: the process may die now, by SIGKILL.</summary>
    public void ActivityCompleted()
    {
        if (chaos.CrashAfterActivities > 0 && Interlocked.Increment(ref completed) == chaos.CrashAfterActivities)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private Repeat DrawRepeat(double probability) => Draw(r =>
        r.NextDouble() >= probability ? default
        : r.Next(2) == 0 ? new Repeat(true, null)
        : new Repeat(false, TimeSpan.FromMilliseconds(r.NextDouble() * chaos.LateMs)));

    private T Draw<T>(Func<Random, T> draw)
    {
        lock (gate)
        {
            return draw(random);
        }
    }
}

/// <summary>A second delivery: at once, or so long after the first has ended, or none.</summary>
internal readonly record struct Repeat(bool AtOnce, TimeSpan? Late);
