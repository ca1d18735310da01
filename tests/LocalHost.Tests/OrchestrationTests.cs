using System.Text.Json;
using IntegrationPoints.LocalHost.Engine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Orchestrators and activities, as azure-surface.md lists them and the real host runs them.</summary>
public sealed class OrchestrationTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public enum Colour { Red, Green }

    public record Shape(string Name);

    public sealed record Square(string Name, int Side) : Shape(Name);

    public sealed record Parcel(
        string? Text, int Number, decimal Money, Guid Id, byte[] Bytes, List<string> Words, Colour Colour, DateTimeOffset At, Shape Shape, object Any);

    public sealed class Functions(Recorder recorder)
    {
        [Function("Relay")]
        public static Task<Parcel> Relay([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<Parcel>("PassOn", context.GetInput<Parcel>());

        [Function("PassOn")]
        public static Parcel PassOn([ActivityTrigger] Parcel parcel) =>
            parcel with { Text = $"{parcel.Text}, passed on; any is a {parcel.Any.GetType().Name}, shape a {parcel.Shape.GetType().Name}" };

        [Function("LoseTuple")]
        public static Task<string> LoseTuple([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<string>("TakeTuple", (1, "one"));

        [Function("TakeTuple")]
        public static string TakeTuple([ActivityTrigger] (int Number, string Word) tuple) => $"{tuple.Number}{tuple.Word}";

        [Function("Steps")]
        public async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            recorder.Note($"code {context.CurrentUtcDateTime:O}");
            var logger = context.CreateReplaySafeLogger<Functions>();
            var text = "";
            for (var i = 0; i < 3; i++)
            {
                logger.LogInformation("step {Step}", i);
                text += await context.CallActivityAsync<string>("Letter", i);
            }

            await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            return $"{context.Name} {context.InstanceId} {context.Parent is null} {context.IsReplaying} {text}";
        }

        [Function("Letter")]
        public string Letter([ActivityTrigger] int index, FunctionContext context)
        {
            recorder.Note($"{context.FunctionDefinition.Name} {index}");
            return "abc"[index].ToString();
        }

        [Function("Sleeper")]
        public static async Task<string> Sleeper([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var cancel = new CancellationTokenSource();
            var alarm = context.CreateTimer(Hour, cancel.Token);
            var knock = context.WaitForExternalEvent<string>("Knock");
            var first = await Task.WhenAny(alarm, knock);
            cancel.Cancel();
            return first == knock ? await knock + (alarm.IsCanceled ? ", timer cancelled" : "") : "alarm";
        }

        [Function("Stubborn")]
        public static async Task<int> Stubborn([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var policy = new RetryPolicy(context.GetInput<int>(), TimeSpan.FromMilliseconds(5), 2, TimeSpan.FromMilliseconds(20));
            return await context.CallActivityAsync<int>("Moody", context.InstanceId, TaskOptions.FromRetryPolicy(policy));
        }

        [Function("Moody")]
        public int Moody([ActivityTrigger] string instance)
        {
            recorder.Note(instance);
            var attempt = recorder.Lines.Count(l => l == instance);
            return attempt == 3 ? attempt : throw new FormatException($"attempt {attempt} failed");
        }

        [Function("Catcher")]
        public static async Task<string> Catcher([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                await context.CallActivityAsync(context.GetInput<string>()!, context.InstanceId);
                return "no failure";
            }
            catch (TaskFailedException e)
            {
                return $"{e.TaskName} #{e.TaskId} {e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
            }
        }

        [Function("Thrower")]
        public static Task Thrower([OrchestrationTrigger] TaskOrchestrationContext context) => throw new FormatException("on purpose");

        [Function("Counter")]
        public static async Task<int> Counter([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var count = context.GetInput<int>();
            if (count == 0)
            {
                context.SetCustomStatus(new { Note = "set once" });
            }

            await context.CallActivityAsync("Letter", 0);
            if (count < 5)
            {
                context.ContinueAsNew(count + 1);
            }

            return count;
        }

        [Function("Status")]
        public static async Task Status([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus(new string('x', context.GetInput<int>()));
            await context.WaitForExternalEvent<string>("Go");
            context.SetCustomStatus(null);
        }
    }

    [Fact]
    public async Task Inputs_and_outputs_pass_through_json_as_on_the_worker()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var sent = new Parcel(
            "þ\u0014\"é", 1, 1.10m, Guid.NewGuid(), [0, 255], ["a", ""], Colour.Green, DateTimeOffset.UnixEpoch, new Square("s", 2), 5);

        var end = await host.RunAsync("Relay", sent);

        var got = end.ReadOutputAs<Parcel>()!;
        Assert.Equal("þ\u0014\"é, passed on; any is a JsonElement, shape a Shape", got.Text);
        Assert.Equal((sent.Number, sent.Money, sent.Id, sent.Colour, sent.At), (got.Number, got.Money, got.Id, got.Colour, got.At));
        Assert.Equal(sent.Bytes, got.Bytes);
        Assert.Equal(sent.Words, got.Words);
        Assert.Contains("\"Colour\":1", end.SerializedInput, StringComparison.Ordinal);
        Assert.DoesNotContain("Side", end.SerializedInput, StringComparison.Ordinal);
        Assert.Equal("\"0\"", (await host.RunAsync("LoseTuple")).SerializedOutput);
    }

    [Fact]
    public async Task Code_runs_again_from_its_history_and_activities_once()
    {
        await using var host = await StartWithLogAsync();

        var end = await host.RunAsync("Steps");

        Assert.Equal($"Steps {end.InstanceId} True False abc", end.ReadOutputAs<string>());
        var lines = host.Services.GetRequiredService<Recorder>().Lines;
        Assert.Equal(["Letter 0", "Letter 1", "Letter 2"], lines.Where(l => l.StartsWith("Letter", StringComparison.Ordinal)));
        Assert.Equal(["Information: step 0", "Information: step 1", "Information: step 2"], lines.Where(l => l.StartsWith("Information", StringComparison.Ordinal)));
        var executions = lines.Where(l => l.StartsWith("code", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, executions.Count);
        Assert.Single(executions.Distinct());
    }

    [Fact]
    public async Task A_cancelled_timer_leaves_nothing_behind()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Sleeper");
        await host.StartOfAsync(id);

        await host.RaiseAsync(id, "knock", "who is there");

        Assert.Equal("who is there, timer cancelled", (await host.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Empty(host.Services.GetRequiredService<InstanceStore>().Wakeups());
    }

    [Theory]
    [InlineData(5, 3, "3")]
    [InlineData(3, 3, "3")]
    [InlineData(2, 2, "TaskFailedException: Task 'Moody' (#2) failed with an unhandled exception: attempt 2 failed")]
    [InlineData(1, 1, "TaskFailedException: Task 'Moody' (#0) failed with an unhandled exception: attempt 1 failed")]
    public async Task A_failed_activity_is_retried_as_its_policy_says(int maxAttempts, int attempts, string output)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));

        var end = await host.RunAsync("Stubborn", maxAttempts);

        Assert.EndsWith(output, end.SerializedOutput, StringComparison.Ordinal);
        Assert.Equal(attempts, host.Services.GetRequiredService<Recorder>().Lines.Count);
        var history = host.Services.GetRequiredService<InstanceStore>().History(end.InstanceId);
        Assert.Equal(attempts - 1, history.Count(e => e.Kind == EventKind.TimerCreated));
    }

    [Theory]
    [InlineData(5, 1, 5.0, 10.0, 20.0, 30.0, null)] // 5 s first, doubled, at most 30 s
    [InlineData(2, 1, 5.0, null)]
    [InlineData(5, 12, 5.0, null)] // no attempt later than 20 s after the first
    public void Waits_grow_up_to_the_longest_and_end_with_attempts_or_time(int attempts, int secondsPerAttempt, params object?[] waits)
    {
        var policy = new RetryPolicy(attempts, TimeSpan.FromSeconds(5), 2, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
        var since = TimeSpan.Zero;
        for (var attempt = 1; attempt <= waits.Length; attempt++)
        {
            var wait = policy.WaitAfter(attempt, secondsPerAttempt == 1 ? TimeSpan.Zero : since += TimeSpan.FromSeconds(secondsPerAttempt));
            Assert.Equal(waits[attempt - 1] as double?, wait?.TotalSeconds);
        }
    }

    [Theory]
    [InlineData("Moody", "Moody #0 System.FormatException: attempt 1 failed")]
    [InlineData("Missing", "Missing #0 InvalidOperationException: There is no activity 'Missing'.")]
    [InlineData("Catcher", "Catcher #0 InvalidOperationException: There is no activity 'Catcher'.")]
    [InlineData("Letter", "Letter #0 System.Text.Json.JsonException*")]
    public async Task An_orchestrator_sees_an_activity_fail(string activity, string seen)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));

        var output = (await host.RunAsync("Catcher", activity)).ReadOutputAs<string>()!;

        Assert.StartsWith(seen.TrimEnd('*'), output, StringComparison.Ordinal);
        Assert.True(seen.EndsWith('*') || output == seen);
    }

    [Fact]
    public async Task A_failed_orchestration_has_its_reason_as_output_that_is_not_json_and_no_details()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));

        var end = await host.RunAsync("Thrower");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("System.FormatException: on purpose", end.SerializedOutput);
        Assert.Null(end.FailureDetails);
    }

    [Fact]
    public async Task Continuing_as_new_keeps_id_and_custom_status_and_drops_the_history()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));

        var end = await host.RunAsync("Counter", 0);

        Assert.Equal(5, end.ReadOutputAs<int>());
        Assert.Equal(5, end.ReadInputAs<int>());
        Assert.Equal("set once", end.ReadCustomStatusAs<JsonElement>().GetProperty("Note").GetString());
        var history = host.Services.GetRequiredService<InstanceStore>().History(end.InstanceId);
        Assert.Single(history, e => e.Kind == EventKind.TaskScheduled);
    }

    [Theory]
    [InlineData(8190, OrchestrationRuntimeStatus.Running)] // with its quotes 8,192 characters: 16 KB in UTF-16
    [InlineData(8191, OrchestrationRuntimeStatus.Failed)]
    public async Task Custom_status_holds_16_KB_of_utf16(int length, OrchestrationRuntimeStatus status)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Status", length);

        var started = await host.StartOfAsync(id);

        Assert.Equal(status, started.RuntimeStatus);
        Assert.Equal(status == OrchestrationRuntimeStatus.Running ? length : null, started.ReadCustomStatusAs<string>()?.Length);
        if (status == OrchestrationRuntimeStatus.Running)
        {
            await host.RaiseAsync(id, "Go");
            Assert.Null((await host.EndOfAsync(id)).SerializedCustomStatus);
        }
    }

    private static Task<TestHost> StartWithLogAsync() => TestHost.StartAsync(
        [typeof(Functions)], b => b.Services.AddSingleton<ILoggerProvider>(s => new RecorderLog(s.GetRequiredService<Recorder>(), "Information", typeof(Functions))));
}
