using System.Globalization;
using IntegrationPoints.LocalHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Timer functions: six-field schedules in UTC, missed runs made up for once when monitored.</summary>
public sealed class TimerTests
{
    /// <summary>The first second of the year after next: never within a test.</summary>
    private const string Yearly = "0 0 0 1 1 *";

    public sealed class EverySecond(Recorder recorder)
    {
        [Function("Tick")]
        public async Task Tick([TimerTrigger("* * * * * *")] TimerInfo timer, FunctionContext context, CancellationToken cancellationToken)
        {
            recorder.Note($"{context.FunctionDefinition.Name} {timer.IsPastDue} {timer.ScheduleStatus is null}");
            await Task.Delay(1, cancellationToken);
        }
    }

    public sealed class Monitored(Recorder recorder)
    {
        [Function("Yearly")]
        public void Run([TimerTrigger(Yearly)] TimerInfo timer) => recorder.Note(Describe(timer));
    }

    public sealed class Unmonitored(Recorder recorder)
    {
        [Function("Yearly")]
        public void Run([TimerTrigger(Yearly, UseMonitor = false)] TimerInfo timer) => recorder.Note(Describe(timer));
    }

    public sealed class Failing(Recorder recorder)
    {
        [Function("Tick")]
        public void Run([TimerTrigger("* * * * * *")] TimerInfo timer)
        {
            recorder.Note("called");
            throw new FormatException();
        }
    }

    public static class FiveFields
    {
        [Function("Tick")]
        public static void Run([TimerTrigger("* * * * *")] TimerInfo timer)
        {
        }
    }

    [Fact]
    public async Task A_timer_fires_at_every_occurrence()
    {
        await using var host = await TestHost.StartAsync(typeof(EverySecond));
        var lines = await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count >= 2);
        // More often than once a minute: not monitored.
        Assert.All(lines, l => Assert.Equal("Tick False True", l));
    }

    [Fact]
    public async Task A_timer_that_throws_fires_again()
    {
        await using var host = await TestHost.StartAsync(typeof(Failing));
        await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count >= 2);
    }

    [Theory]
    [InlineData(typeof(Monitored), "2001-02-03", 1)] // missed while the host was down
    [InlineData(typeof(Monitored), "2999-01-01", 0)] // not due yet
    [InlineData(typeof(Monitored), null, 0)] // the first start
    [InlineData(typeof(Unmonitored), "2001-02-03", 0)]
    public async Task A_monitored_timer_makes_up_for_a_missed_run(Type functions, string? storedNext, int runs)
    {
        using var folder = new TempFolder();
        if (storedNext is not null)
        {
            await using var earlier = await TestHost.StartAsync([], _ => { }, folder);
            var next = DateTime.Parse(storedNext, CultureInfo.InvariantCulture);
            earlier.Services.GetRequiredService<TriggerStore>().SaveSchedule("Yearly", new ScheduleStatus { Last = next.AddYears(-1), Next = next, LastUpdated = next });
        }

        for (var start = 0; start < 2; start++)
        {
            await using var host = await TestHost.StartAsync([functions], _ => { }, folder);
            var recorder = host.Services.GetRequiredService<Recorder>();
            if (start == 0 && runs > 0)
            {
                // Due at once, with the state before it; what is stored afterwards keeps the second start quiet.
                Assert.Equal(["past due, was due 2001-02-03, last 2000-02-03"], await recorder.UntilAsync(l => l.Count > 0));
            }
            else
            {
                Assert.Empty(recorder.Lines);
            }

            var isMonitored = functions == typeof(Monitored);
            await Until.TrueAsync(() => !isMonitored || host.Services.GetRequiredService<TriggerStore>().FindSchedule("Yearly") is { } s && s.Next > DateTime.UtcNow);
        }
    }

    [Fact]
    public async Task A_schedule_of_five_fields_ends_the_start()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(typeof(FiveFields)));
        Assert.Equal("Function 'Tick': '* * * * *' is not a cron expression of six fields.", e.Message);
    }

    private static string Describe(TimerInfo timer) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(timer.IsPastDue ? "past due" : "on time")}, was due {timer.ScheduleStatus?.Next:yyyy-MM-dd}, last {timer.ScheduleStatus?.Last:yyyy-MM-dd}");
}
