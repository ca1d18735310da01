using IntegrationPoints.LocalHost.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>A shutdown waits for running activities up to a limit, starts no new ones, and loses neither.</summary>
public sealed class ShutdownTests
{
    public sealed class Functions(Recorder recorder)
    {
        [Function("Many")]
        public static async Task<int> Many([OrchestrationTrigger] TaskOrchestrationContext context) =>
            (await Task.WhenAll(Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("Hold", i)))).Length;

        [Function("Hold")]
        public async Task<int> Hold([ActivityTrigger] int number, CancellationToken cancellationToken)
        {
            recorder.Note($"{number} starts");
            await recorder.UntilAsync(l => l.Contains("go") || cancellationToken.IsCancellationRequested);
            recorder.Note(cancellationToken.IsCancellationRequested ? $"{number} is cut off" : $"{number} ends");
            return number;
        }
    }

    [Fact]
    public async Task What_runs_is_waited_for_and_what_waits_is_for_the_next_start()
    {
        const int Count = 100;
        using var folder = new TempFolder();
        string id;
        int ran;
        await using (var host = await StartAsync(folder, limitSeconds: 30))
        {
            var recorder = host.Services.GetRequiredService<Recorder>();
            id = await host.ScheduleAsync("Many", Count);
            await recorder.UntilAsync(l => l.Count > 0);
            var stop = host.StopAsync();
            Assert.False(stop.IsCompleted);
            recorder.Note("go");
            await stop;
            var starts = recorder.Lines.Count(l => l.EndsWith("starts", StringComparison.Ordinal));
            ran = recorder.Lines.Count(l => l.EndsWith("ends", StringComparison.Ordinal));
            Assert.Equal(starts, ran);
            Assert.InRange(ran, 1, Count - 1);
        }

        await using var next = await StartAsync(folder, limitSeconds: 30);
        var again = next.Services.GetRequiredService<Recorder>();
        again.Note("go");
        Assert.Equal(Count, (await next.EndOfAsync(id)).ReadOutputAs<int>());
        Assert.Equal(Count - ran, again.Lines.Count(l => l.EndsWith("ends", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_takes_too_long_is_cut_off_and_runs_again()
    {
        using var folder = new TempFolder();
        string id;
        await using (var host = await StartAsync(folder, limitSeconds: 0.05))
        {
            var recorder = host.Services.GetRequiredService<Recorder>();
            id = await host.ScheduleAsync("Many", 1);
            await recorder.UntilAsync(l => l.Count > 0);
            await host.StopAsync();
            await recorder.UntilAsync(l => l.Contains("0 is cut off"));
        }

        await using var next = await StartAsync(folder, limitSeconds: 30);
        Assert.Single(next.Services.GetRequiredService<InstanceStore>().PendingActivities());
        next.Services.GetRequiredService<Recorder>().Note("go");
        Assert.Equal(1, (await next.EndOfAsync(id)).ReadOutputAs<int>());
    }

    private static Task<TestHost> StartAsync(TempFolder folder, double limitSeconds) => TestHost.StartAsync(
        [typeof(Functions)], _ => { }, folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"LocalHost:ShutdownSeconds={limitSeconds}"));
}
