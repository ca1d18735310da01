using Azure.Storage.Blobs;
using IntegrationPoints.LocalHost.Hosting;
using IntegrationPoints.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>The fault switches of configuration. Whatever they do, the results are those of a quiet run.</summary>
public sealed class ChaosTests(AzuriteServer azurite)
{
    private const int Activities = 40;
    private const int Sum = Activities * (Activities - 1) / 2;

    public sealed class Functions(Recorder recorder)
    {
        [Function("Adder")]
        public static async Task<int> Adder([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var options = TaskOptions.FromRetryPolicy(new RetryPolicy(context.GetInput<int>(), TimeSpan.FromMilliseconds(1)));
            return (await Task.WhenAll(Enumerable.Range(0, Activities).Select(i => context.CallActivityAsync<int>("Number", i, options)))).Sum();
        }

        [Function("Number")]
        public async Task<int> Number([ActivityTrigger] int number, CancellationToken cancellationToken)
        {
            recorder.Note($"{number} starts");
            try
            {
                // Longer than a worker takes to die.
                await Task.Delay(60, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                recorder.Note($"{number} is cut off");
                throw;
            }

            recorder.Note($"{number} ends");
            return number;
        }
    }

    public sealed class Timers(Recorder recorder)
    {
        [Function("Yearly")]
        public void Yearly([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => recorder.Note("timer");
    }

    public sealed class Blobs(Recorder recorder)
    {
        [Function("Twice")]
        public void Twice([BlobTrigger("chaos/{name}")] BlobClient blob, string name) => recorder.Note(name);
    }

    [Fact]
    public async Task Duplicated_activities_run_twice_at_once_or_late_and_count_once()
    {
        await using var host = await StartAsync(typeof(Functions), "Chaos:DuplicateActivities=1", "Chaos:LateMs=50", "Chaos:Seed=1");

        Assert.Equal(Sum, (await host.RunAsync("Adder", 1)).ReadOutputAs<int>());

        var lines = await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count(x => x.EndsWith("ends", StringComparison.Ordinal)) == 2 * Activities);
        var atOnce = Enumerable.Range(0, Activities).Count(i => Order(lines, i) == "starts starts ends ends");
        var late = Enumerable.Range(0, Activities).Count(i => Order(lines, i) == "starts ends starts ends");
        Assert.Equal(Activities, atOnce + late);
        Assert.InRange(atOnce, 1, Activities - 1);
    }

    [Fact]
    public async Task Activities_that_die_fail_and_a_retry_policy_makes_up_for_them()
    {
        await using var host = await StartAsync(typeof(Functions), "Chaos:FailActivities=0.5", "Chaos:Seed=2");

        Assert.Equal(Sum, (await host.RunAsync("Adder", 20)).ReadOutputAs<int>());

        var lines = await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Any(x => x.EndsWith("is cut off", StringComparison.Ordinal)));
        // Some had done their work before they died: their result was lost, and the work was done again.
        Assert.Contains(Enumerable.Range(0, Activities), i => lines.Count(l => l == $"{i} ends") > 1);
    }

    [Fact]
    public async Task An_activity_that_always_dies_fails_its_orchestration_in_the_end()
    {
        await using var host = await StartAsync(typeof(Functions), "Chaos:FailActivities=1");
        var end = await host.RunAsync("Adder", 2);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.EndsWith("failed with an unhandled exception: The worker process exited with code 137 (0x89).", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_duplicated_timer_runs_twice_for_one_occurrence()
    {
        using var folder = new TempFolder();
        await using (var earlier = await TestHost.StartAsync([], _ => { }, folder))
        {
            earlier.Services.GetRequiredService<TriggerStore>().SaveSchedule("Yearly", new ScheduleStatus { Next = new DateTime(2001, 1, 1) });
        }

        await using var host = await TestHost.StartAsync([typeof(Timers)], _ => { }, folder, "Chaos:DuplicateTriggers=1", "Chaos:LateMs=20");
        await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count == 2);
    }

    [Fact]
    public async Task Duplicated_blobs_are_delivered_twice()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, "chaos");
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        string[] names = [.. Enumerable.Range(0, 10).Select(i => $"{i}")];
        foreach (var name in names)
        {
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(""), true, TestContext.Current.CancellationToken);
        }

        await using var host = await StartAsync(
            typeof(Blobs), "Chaos:DuplicateTriggers=1", "Chaos:LateMs=20", $"AzureWebJobsStorage={azurite.ConnectionString}", "LocalHost:BlobPollSeconds=0.05");

        var lines = await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count >= 2 * names.Length);
        Assert.Equal(names.Concat(names).Order(), lines.Order());
    }

    [Fact]
    public void Draws_are_the_same_for_the_same_seed_and_stay_in_their_bounds()
    {
        var settings = new LocalHostSettings { Chaos = new ChaosSettings { DuplicateActivities = 0.5, FailActivities = 0.5, DelayMs = 100, LateMs = 10, Seed = 7 } };
        var draws = Draw(new Chaos(settings));
        Assert.Equal(draws, Draw(new Chaos(settings)));
        Assert.NotEqual(draws, Draw(new Chaos(settings with { Chaos = settings.Chaos with { Seed = 8 } })));
        Assert.All(draws, d => Assert.InRange(d.Delay.TotalMilliseconds, 0, 100));
        Assert.All(draws, d => Assert.InRange(d.Repeat.Late?.TotalMilliseconds ?? 0, 0, 10));
        Assert.InRange(draws.Count(d => d.Repeat == default), 60, 140);
        Assert.InRange(draws.Count(d => d.Death is null), 60, 140);
        Assert.All(Draw(new Chaos(new LocalHostSettings())), d => Assert.Equal((TimeSpan.Zero, default, null), d));
    }

    private static List<(TimeSpan Delay, Repeat Repeat, TimeSpan? Death)> Draw(Chaos chaos) =>
        [.. Enumerable.Range(0, 200).Select(_ => (chaos.Delay(), chaos.RepeatActivity(), chaos.Death()))];

    private static string Order(IEnumerable<string> lines, int number) =>
        string.Join(' ', lines.Where(l => l.StartsWith($"{number} ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]));

    private static Task<TestHost> StartAsync(Type functions, params string[] settings) => TestHost.StartAsync([functions], _ => { }, null, settings);
}
