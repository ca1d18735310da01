using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.Spool;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>How long a directory is waited for.</summary>
public sealed class PatienceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Pauses of a minute, and how long is waited in all before it is left to another attempt.</summary>
    [Theory]
    [InlineData("3", 3, false)]
    [InlineData("10", 10, false)]
    [InlineData("15", 15, false)]
    [InlineData("10 5", 15, false)]
    // What is too long is waited as far as it goes: the next attempt would ask again at once.
    [InlineData("10 10", 15, true)]
    [InlineData("60", 15, true)]
    public async Task An_attempt_waits_as_it_is_asked_for_a_quarter_of_an_hour(string pauses, int waited, bool isLater)
    {
        var clock = new JumpingClock();
        var patience = Patience.OfAttempt(clock);
        var failed = await Record.ExceptionAsync(async () =>
        {
            foreach (var pause in pauses.Split(' ')) await patience.WaitAsync(TimeSpan.FromMinutes(int.Parse(pause, null)), Stop);
        });
        Assert.Equal((isLater, TimeSpan.FromMinutes(waited)), (failed is LaterException, clock.Gone));
    }

    [Fact]
    public async Task An_attempt_is_over_after_twenty_minutes_of_its_own_and_what_is_free_does_not_count()
    {
        var clock = new JumpingClock();
        var patience = Patience.OfAttempt(clock);
        await patience.FreeAsync(() => { clock.Gone += TimeSpan.FromHours(1); return Task.FromResult(0); });
        clock.Gone += TimeSpan.FromMinutes(19);
        Assert.False(patience.IsOver);
        // No wait goes on past the end.
        await Assert.ThrowsAsync<LaterException>(() => patience.WaitAsync(TimeSpan.FromMinutes(2), Stop));
        Assert.Equal(TimeSpan.FromMinutes(80), clock.Gone);
        clock.Gone += TimeSpan.FromSeconds(1);
        Assert.True(patience.IsOver);
    }

    /// <summary>Somebody waits.</summary>
    [Fact]
    public async Task Whoever_looks_is_told_at_once_that_it_takes_longer()
    {
        var clock = new JumpingClock();
        var patience = new Patience(clock, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2));
        await patience.WaitAsync(TimeSpan.FromMinutes(1), Stop);
        await Assert.ThrowsAsync<LaterException>(() => patience.WaitAsync(TimeSpan.FromMinutes(2), Stop));
        Assert.Equal(TimeSpan.FromMinutes(1), clock.Gone);
    }
}

/// <summary>A clock on which long waits are over at once. Short ones are those of somebody who looks again and again, and take their time.</summary>
internal sealed class JumpingClock : TimeProvider
{
    public TimeSpan Gone { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Gone.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Gone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.FromMinutes(1)) return TimeProvider.System.CreateTimer(callback, state, dueTime, period);
        Gone += dueTime;
        return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
