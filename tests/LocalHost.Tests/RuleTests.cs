using System.Net;
using System.Net.Sockets;
namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Orchestrators that break their rules fail, and say which (design §5.1, §7); on the real host they hang or run astray.</summary>
public sealed class RuleTests
{
    // What is awaited must not be done before it is awaited, also on a busy machine: that would be no foreign await.
    public static class Awaiting
    {
        private static readonly SemaphoreSlim Closed = new(0);

        [Function("Delay")]
        public static async Task Delay([OrchestrationTrigger] TaskOrchestrationContext context) => await Task.Delay(200);

        [Function("LongDelay")]
        public static async Task LongDelay([OrchestrationTrigger] TaskOrchestrationContext context) => await Task.Delay(3_600_000);

        [Function("Run")]
        public static async Task<int> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await Task.Run(async () =>
            {
                await Task.Delay(3_600_000);
                return 1;
            });

        [Function("Semaphore")]
        public static async Task Semaphore([OrchestrationTrigger] TaskOrchestrationContext context) => await Closed.WaitAsync();

        [Function("Io")]
        public static async Task Io([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            // Nobody ever sends.
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            await socket.ReceiveAsync();
        }

        [Function("ConfigureAwait")]
        public static async Task ConfigureAwait([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("Nothing").ConfigureAwait(false);
            await context.CallActivityAsync("Nothing");
        }

        [Function("ConfigureAwaitAtTheEnd")]
        public static async Task ConfigureAwaitAtTheEnd([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await context.CallActivityAsync("Nothing").ConfigureAwait(false);

        [Function("DelayBesideActivity")]
        public static async Task DelayBesideActivity([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var activity = context.CallActivityAsync("Nothing");
            await Task.Delay(200);
            await activity;
        }

        [Function("DelayBesideWait")]
        public static async Task DelayBesideWait([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await Task.WhenAny(context.WaitForExternalEvent<string>("never"), Task.Delay(50));

        [Function("OtherThread")]
        public static async Task OtherThread([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var never = context.WaitForExternalEvent<string>("never");
            _ = Task.Run(() => context.CallActivityAsync("Nothing"));
            await never;
        }

        [Function("RealCancellation")]
        public static async Task RealCancellation([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var clock = new CancellationTokenSource(20);
            await context.CreateTimer(TimeSpan.FromHours(1), clock.Token);
        }

        [Function("Yield")]
        public static async Task<string> Yield([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await Task.Yield();
            await Task.WhenAll(context.CallActivityAsync("Nothing"), Task.CompletedTask);
            return "fine";
        }

        [Function("Nothing")]
        public static void Nothing([ActivityTrigger] object? input)
        {
        }
    }

    [Theory]
    [InlineData("Delay")]
    [InlineData("LongDelay")]
    [InlineData("Run")]
    [InlineData("Semaphore")]
    [InlineData("Io")]
    [InlineData("ConfigureAwait")]
    [InlineData("ConfigureAwaitAtTheEnd")]
    [InlineData("DelayBesideActivity")]
    [InlineData("DelayBesideWait")]
    [InlineData("OtherThread")]
    [InlineData("RealCancellation")]
    public async Task Awaiting_anything_but_the_context_fails_the_instance(string orchestrator)
    {
        await using var host = await TestHost.StartAsync(typeof(Awaiting));

        var end = await host.RunAsync(orchestrator);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith(
            $"InvalidOperationException: The orchestrator '{orchestrator}' awaited something that is not its context's", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yielding_and_combining_tasks_are_allowed()
    {
        await using var host = await TestHost.StartAsync(typeof(Awaiting));
        Assert.Equal("fine", (await host.RunAsync("Yield")).ReadOutputAs<string>());
    }

    /// <summary>The code that wrote the history: activity A, then an event, then activity B.</summary>
    public static class Before
    {
        [Function("Changing")]
        public static async Task Changing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("A");
            await context.WaitForExternalEvent<string>("Go");
            await context.CallActivityAsync("B");
        }

        [Function("A")]
        public static void A([ActivityTrigger] object? input)
        {
        }

        [Function("B")]
        public static void B([ActivityTrigger] object? input)
        {
        }
    }

    public static class OtherActivity
    {
        [Function("Changing")]
        public static Task Changing([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("B");
    }

    public static class NoActivity
    {
        [Function("Changing")]
        public static Task Changing([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Go");
    }

    public static class TimerInstead
    {
        [Function("Changing")]
        public static Task Changing([OrchestrationTrigger] TaskOrchestrationContext context) => context.CreateTimer(TimeSpan.FromHours(1), default);
    }

    public static class OneMore
    {
        [Function("Changing")]
        public static async Task Changing([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("A");
            await context.CallActivityAsync("C");
        }
    }

    public static class Gone
    {
    }

    [Theory]
    [InlineData(typeof(OtherActivity), "The history of '{id}' holds TaskScheduled #0 'A', but the code of the orchestrator 'Changing' asked for TaskScheduled #0 'B' in its place.")]
    [InlineData(typeof(NoActivity), "The history of '{id}' holds TaskScheduled #0 'A', but the code of the orchestrator 'Changing' asked for nothing in its place.")]
    [InlineData(typeof(TimerInstead), "The history of '{id}' holds TaskScheduled #0 'A', but the code of the orchestrator 'Changing' asked for TimerCreated #0 in its place.")]
    [InlineData(typeof(OneMore), "The code of the orchestrator 'Changing' asked for TaskScheduled #1 'C', which the history of '{id}' does not hold in that place.")]
    [InlineData(typeof(Gone), "There is no orchestrator 'Changing'.")]
    public async Task Code_that_differs_from_the_history_fails_the_instance_and_names_the_event(Type after, string message)
    {
        using var folder = new TempFolder();
        string id;
        await using (var before = await TestHost.StartAsync([typeof(Before)], _ => { }, folder))
        {
            id = await before.ScheduleAsync("Changing");
            var store = (Engine.InstanceStore)before.Services.GetService(typeof(Engine.InstanceStore))!;
            while (!store.History(id).Exists(e => e.Kind == Engine.EventKind.TaskCompleted))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }
        }

        await using var host = await TestHost.StartAsync([after], _ => { }, folder);
        await host.RaiseAsync(id, "Go");
        var end = await host.EndOfAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains(message.Replace("{id}", id, StringComparison.Ordinal), end.SerializedOutput, StringComparison.Ordinal);
    }
}
