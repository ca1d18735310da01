using IntegrationPoints.Providers.Spool;

namespace IntegrationPoints.Providers.Entra;

/// <summary>How long a directory is read in one go, waits included; whoever runs out of it leaves the rest to another attempt, which goes on with what is kept.</summary>
/// <param name="time">The clock.</param>
/// <param name="longest">How long in all.</param>
/// <param name="mostWaited">How long of it is waited because Microsoft Graph asks for it.</param>
internal sealed class Patience(TimeProvider time, TimeSpan longest, TimeSpan mostWaited)
{
    // An activity may take 30 minutes (functionTimeout in host.json): the rest is for what is kept already, for the questions of a page that was begun, and
    // for the copy. Five attempts of so long come to more than an hour and a half.
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(20);

    // Microsoft Graph asks for seconds as a rule, and for minutes when it holds an application back.
    private static readonly TimeSpan MostWaitedInAttempt = TimeSpan.FromMinutes(15);

    private readonly long begun = time.GetTimestamp();
    private TimeSpan waited, free;
    private bool isAttempt;

    /// <summary>That of an attempt of an activity. The next one follows within seconds, so that a wait that is too long for this one is begun nevertheless.</summary>
    public static Patience OfAttempt(TimeProvider time) => new(time, LongestAttempt, MostWaitedInAttempt) { isAttempt = true };

    /// <summary>Now.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whether it is over.</summary>
    public bool IsOver => Spent > longest;

    private TimeSpan Spent => time.GetElapsedTime(begun) - free;

    /// <summary>Does something that costs no patience.</summary>
    public async Task<T> FreeAsync<T>(Func<Task<T>> action)
    {
        var start = time.GetTimestamp();
        var result = await action();
        free += time.GetElapsedTime(start);
        return result;
    }

    /// <summary>Waits.</summary>
    /// <exception cref="LaterException">It is for longer than there is patience.</exception>
    public async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var most = new[] { mostWaited - waited, longest - Spent, pause }.Min();
        if (most > TimeSpan.Zero && (most == pause || isAttempt))
        {
            waited += most;
            await Task.Delay(most, time, cancellationToken);
        }
        if (most < pause) throw new LaterException($"Microsoft Graph asks to wait {pause.TotalSeconds:0} seconds, after {waited.TotalSeconds:0} in all.");
    }
}
