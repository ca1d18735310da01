namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Events from outside: kept before anybody waits, given to the latest waiter, carried over when nobody took them.</summary>
public sealed class EventTests
{
    public static class Functions
    {
        /// <summary>Lets the test raise events before the orchestrator waits for them.</summary>
        [Function("Gate")]
        public static async Task Gate([ActivityTrigger] string folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "waiting"), "");
            while (!File.Exists(Path.Combine(folder, "open")))
            {
                await Task.Delay(5);
            }
        }

        [Function("Late")]
        public static async Task<string> Late([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("Gate", context.GetInput<string>());
            var one = await context.WaitForExternalEvent<string>("WORD");
            var two = await context.WaitForExternalEvent<string>("word");
            return one + two;
        }

        [Function("Patient")]
        public static async Task<string> Patient([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                return await context.WaitForExternalEvent<string>("word", TimeSpan.FromMilliseconds(context.GetInput<int>()));
            }
            catch (TaskCanceledException)
            {
                return "nothing came";
            }
        }

        [Function("Two")]
        public static async Task<string> Two([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = context.WaitForExternalEvent<string>("word");
            var second = context.WaitForExternalEvent<string>("word");
            return $"{await second} to the latest, {await first} to the other";
        }

        [Function("Deaf")]
        public static async Task<string> Deaf([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var cancel = new CancellationTokenSource();
            var given = context.WaitForExternalEvent<string>("word", cancel.Token);
            cancel.Cancel();
            await context.CallActivityAsync("Gate", context.GetInput<string>());
            return $"{given.Status}, then {await context.WaitForExternalEvent<string>("word")}";
        }

        [Function("Renewing")]
        public static async Task<string> Renewing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var (folder, keep, round) = context.GetInput<Round>()!;
            if (round == 0)
            {
                var ignored = keep is null ? context.WaitForExternalEvent<string>("word") : null;
                await context.CallActivityAsync("Gate", folder);
                context.ContinueAsNew(new Round(folder, keep, 1), keep ?? true);
                return "";
            }

            return await context.WaitForExternalEvent<string>("word") + await context.WaitForExternalEvent<string>("word");
        }

        [Function("Picky")]
        public static async Task<int> Picky([OrchestrationTrigger] TaskOrchestrationContext context) => await context.WaitForExternalEvent<int>("number");

        public sealed record Round(string Folder, bool? Keep, int Number);
    }

    [Fact]
    public async Task Events_that_come_before_the_wait_are_kept_in_order()
    {
        await using var run = await GatedRun.StartAsync("Late", folder => folder);
        await run.RaiseAsync("a", "b");
        run.OpenGate();
        Assert.Equal("ab", await run.OutputAsync());
    }

    [Theory]
    [InlineData(1, "nothing came")]
    [InlineData(3_600_000, "hello")]
    public async Task A_wait_ends_with_the_event_or_its_time(int milliseconds, string output)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Patient", milliseconds);
        if (milliseconds > 1)
        {
            await host.RaiseAsync(id, "word", "hello");
        }

        Assert.Equal(output, (await host.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task The_latest_of_two_waiters_gets_the_first_event()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Two");
        await host.RaiseAsync(id, "word", "1");
        await host.RaiseAsync(id, "word", "2");
        Assert.Equal("1 to the latest, 2 to the other", (await host.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_cancelled_wait_still_takes_an_event_as_on_the_real_host()
    {
        await using var run = await GatedRun.StartAsync("Deaf", folder => folder);
        await run.RaiseAsync("lost", "found");
        run.OpenGate();
        Assert.Equal("Canceled, then found", await run.OutputAsync());
    }

    [Theory]
    [InlineData(true, "ab")] // kept
    [InlineData(false, "cd")] // dropped
    [InlineData(null, "bc")] // kept, but the first was given to a waiter that nobody looked at: lost
    public async Task Events_that_nobody_took_survive_continuing_as_new_when_asked_to(bool? keep, string output)
    {
        await using var run = await GatedRun.StartAsync("Renewing", folder => new Functions.Round(folder, keep, 0));
        await run.RaiseAsync("a", "b");
        run.OpenGate();
        if (keep is not true)
        {
            await run.UntilRenewedAsync();
            await run.RaiseAsync(keep is null ? ["c"] : ["c", "d"]);
        }

        Assert.Equal(output, await run.OutputAsync());
    }

    [Fact]
    public async Task An_event_of_another_type_than_awaited_fails_the_instance()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Picky");
        await host.RaiseAsync(id, "number", "no number");
        var end = await host.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith("System.Text.Json.JsonException: ", end.SerializedOutput, StringComparison.Ordinal);
    }

    /// <summary>An instance that stands in the activity Gate until the test opens it.</summary>
    private sealed class GatedRun : IAsyncDisposable
    {
        private readonly TempFolder folder = new();
        private TestHost host = null!;
        private string id = null!;

        public static async Task<GatedRun> StartAsync(string orchestrator, Func<string, object> input)
        {
            var run = new GatedRun();
            run.host = await TestHost.StartAsync(typeof(Functions));
            run.id = await run.host.ScheduleAsync(orchestrator, input(run.folder.Path));
            await Until.TrueAsync(() => File.Exists(Path.Combine(run.folder.Path, "waiting")));
            return run;
        }

        public async Task RaiseAsync(params string[] words)
        {
            foreach (var word in words)
            {
                await host.RaiseAsync(id, "Word", word);
            }
        }

        public void OpenGate() => File.WriteAllText(Path.Combine(folder.Path, "open"), "");

        public Task UntilRenewedAsync() =>
            Until.TrueAsync(async () => (await host.Client.GetInstanceAsync(id, true))!.ReadInputAs<Functions.Round>()!.Number == 1);

        public async Task<string?> OutputAsync() => (await host.EndOfAsync(id)).ReadOutputAs<string>();

        public async ValueTask DisposeAsync()
        {
            OpenGate();
            await host.DisposeAsync();
            folder.Dispose();
        }
    }
}
