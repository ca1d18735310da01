using IntegrationPoints.LocalHost.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>The client, as azure-surface.md lists it.</summary>
public sealed class ClientTests
{
    public static class Functions
    {
        [Function("Wait")]
        public static Task<string> Wait([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Go");

        [Function("Fail")]
        public static Task Fail([OrchestrationTrigger] TaskOrchestrationContext context) => throw new FormatException();

        [Function("Busy")]
        public static async Task<string> Busy([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("Work", context.GetInput<string>());
            return "done";
        }

        [Function("Work")]
        public static async Task Work([ActivityTrigger] string folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "started"), "");
            while (!File.Exists(Path.Combine(folder, "go")))
            {
                await Task.Delay(5);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "done"), "");
        }
    }

    [Theory]
    [InlineData(null, null, "starts")]
    [InlineData(OrchestrationRuntimeStatus.Completed, null, "replaces")]
    [InlineData(OrchestrationRuntimeStatus.Failed, null, "replaces")]
    [InlineData(OrchestrationRuntimeStatus.Terminated, null, "replaces")]
    [InlineData(OrchestrationRuntimeStatus.Running, null, "throws")]
    [InlineData(OrchestrationRuntimeStatus.Pending, null, "throws")]
    [InlineData(OrchestrationRuntimeStatus.Completed, "all", "throws")]
    [InlineData(OrchestrationRuntimeStatus.Failed, "all", "throws")]
    [InlineData(OrchestrationRuntimeStatus.Terminated, "all", "throws")]
    [InlineData(OrchestrationRuntimeStatus.Running, "all", "throws")]
    [InlineData(OrchestrationRuntimeStatus.Pending, "all", "throws")]
    [InlineData(OrchestrationRuntimeStatus.Running, "none", "replaces")]
    [InlineData(OrchestrationRuntimeStatus.Completed, "none", "replaces")]
    public async Task An_instance_with_the_same_id_is_an_error_or_is_replaced(OrchestrationRuntimeStatus? existing, string? dedupe, string effect)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        await BringToAsync(host, "one", existing);
        var options = new StartOrchestrationOptions("one");
        options = dedupe switch
        {
            "all" => options.WithDedupeStatuses([.. Enum.GetValues<OrchestrationRuntimeStatus>().Where(s => s != OrchestrationRuntimeStatus.ContinuedAsNew)]),
            "none" => options.WithDedupeStatuses(),
            _ => options,
        };

        var start = () => host.ScheduleAsync("Wait", "second", options);

        if (effect == "throws")
        {
            var e = await Assert.ThrowsAsync<InvalidOperationException>(start);
            Assert.Contains("'one' already exists", e.Message, StringComparison.Ordinal);
            Assert.Equal("\"first\"", (await host.FindAsync("one"))!.SerializedInput);
        }
        else
        {
            Assert.Equal("one", await start());
            Assert.Equal("\"second\"", (await host.StartOfAsync("one")).SerializedInput);
            await host.RaiseAsync("one", "Go", "on");
            Assert.Equal("on", (await host.EndOfAsync("one")).ReadOutputAs<string>());
        }
    }

    [Fact]
    public async Task Orchestrators_that_do_not_exist_and_statuses_that_are_not_valid_are_refused()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        await Assert.ThrowsAsync<ArgumentException>(() => host.ScheduleAsync("Missing"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.ScheduleAsync("Work"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.ScheduleAsync(
            "Wait", null, new StartOrchestrationOptions().WithDedupeStatuses(OrchestrationRuntimeStatus.ContinuedAsNew)));
        await Assert.ThrowsAsync<ArgumentException>(() => host.ScheduleAsync("Wait", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_instance_starts_at_its_time_and_names_ignore_case()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var later = await host.ScheduleAsync("wait", null, new StartOrchestrationOptions(null, DateTimeOffset.UtcNow.AddHours(1)));
        var soon = await host.ScheduleAsync("WAIT", null, new StartOrchestrationOptions(null, DateTimeOffset.UtcNow.AddMilliseconds(50)));

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.StartOfAsync(soon)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await host.FindAsync(later))!.RuntimeStatus);
        Assert.Equal("Wait", (await host.FindAsync(later))!.Name);
        await host.TerminateAsync(later, new { Why = "not needed" });
        Assert.Equal("{\"Why\":\"not needed\"}", (await host.EndOfAsync(later)).SerializedOutput);
    }

    [Fact]
    public async Task Terminating_lets_running_activities_run_and_drops_their_results()
    {
        using var folder = new TempFolder();
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var id = await host.ScheduleAsync("Busy", folder.Path);
        await Until.TrueAsync(() => File.Exists(Path.Combine(folder.Path, "started")));

        await host.TerminateAsync(id, "stopped");
        var end = await host.EndOfAsync(id);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "go"), "", TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => File.Exists(Path.Combine(folder.Path, "done")));
        await Until.TrueAsync(() => host.Services.GetRequiredService<InstanceStore>().PendingActivities().Count == 0);

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "stopped"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.FindAsync(id))!.RuntimeStatus);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task Events_and_terminations_need_an_instance_that_has_not_ended(OrchestrationRuntimeStatus? existing)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        await BringToAsync(host, "one", existing);

        var raise = await Record.ExceptionAsync(() => host.RaiseAsync("one", "Go"));
        var terminate = await Record.ExceptionAsync(() => host.TerminateAsync("one"));

        // Of no type that the app could name: the real client throws an RpcException.
        Assert.False(raise!.GetType().IsPublic || terminate!.GetType().IsPublic);
        Assert.Equal(existing is null, raise.Message.Contains("no orchestration with the id 'one'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queries_go_page_by_page_in_the_order_of_ids()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        foreach (var id in (string[])["b-2", "a-1", "b-1", "b-3", "c-1", "b%_"])
        {
            await BringToAsync(host, id, id == "b-2" ? OrchestrationRuntimeStatus.Failed : OrchestrationRuntimeStatus.Completed);
        }

        (OrchestrationQuery Query, string Pages)[] cases =
        [
            (new(), "a-1 b%_ b-1 b-2 b-3 c-1"),
            (new(PageSize: 4), "a-1 b%_ b-1 b-2 | b-3 c-1"),
            (new(PageSize: 3), "a-1 b%_ b-1 | b-2 b-3 c-1"),
            (new(PageSize: 2, ContinuationToken: "b-1"), "b-2 b-3 | c-1"),
            (new(InstanceIdPrefix: "b-"), "b-1 b-2 b-3"),
            (new(InstanceIdPrefix: "b%"), "b%_"),
            (new(Statuses: [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running]), "b-2"),
            (new(CreatedFrom: DateTimeOffset.UtcNow.AddMinutes(1)), ""),
            (new(CreatedTo: DateTimeOffset.UtcNow.AddMinutes(1), InstanceIdPrefix: "c"), "c-1"),
        ];
        foreach (var (query, expected) in cases)
        {
            var pages = new List<string>();
            await foreach (var page in host.Client.GetAllInstancesAsync(query).AsPages())
            {
                pages.Add(string.Join(' ', page.Values.Select(i => i.InstanceId)));
            }

            Assert.Equal(expected, string.Join(" | ", pages));
        }
    }

    [Fact]
    public async Task Inputs_and_outputs_are_there_when_asked_for()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        await BringToAsync(host, "one", OrchestrationRuntimeStatus.Completed);
        foreach (var fetch in (bool[])[true, false])
        {
            await foreach (var instance in host.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: fetch)))
            {
                Assert.Equal(fetch ? "\"first\"" : null, instance.SerializedInput);
                Assert.Equal(fetch ? "\"end\"" : null, instance.SerializedOutput);
                Assert.Equal(fetch, Record.Exception(instance.ReadOutputAs<string>) is null);
                Assert.True(instance.IsCompleted && !instance.IsRunning && instance.LastUpdatedAt >= instance.CreatedAt);
            }
        }
    }

    [Fact]
    public async Task Purging_removes_only_what_has_ended()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        await BringToAsync(host, "completed", OrchestrationRuntimeStatus.Completed);
        await BringToAsync(host, "terminated", OrchestrationRuntimeStatus.Terminated);
        await BringToAsync(host, "failed", OrchestrationRuntimeStatus.Failed);
        await BringToAsync(host, "running", OrchestrationRuntimeStatus.Running);
        var client = host.Client;
        var cancellation = TestContext.Current.CancellationToken;

        Assert.Equal(0, (await client.PurgeInstanceAsync("missing", cancellation: cancellation)).PurgedInstanceCount);
        Assert.Equal(0, (await client.PurgeInstanceAsync("running", cancellation: cancellation)).PurgedInstanceCount);
        Assert.Equal(1, (await client.PurgeInstanceAsync("completed", cancellation: cancellation)).PurgedInstanceCount);
        Assert.Null(await host.FindAsync("completed"));
        Assert.Empty(host.Services.GetRequiredService<InstanceStore>().History("completed"));
        var failed = new PurgeInstancesFilter(null, null, [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running]);
        Assert.Equal(1, (await client.PurgeAllInstancesAsync(failed, cancellation: cancellation)).PurgedInstanceCount);
        var old = new PurgeInstancesFilter(CreatedTo: DateTimeOffset.UtcNow.AddHours(-1));
        Assert.Equal(0, (await client.PurgeAllInstancesAsync(old, cancellation: cancellation)).PurgedInstanceCount);
        Assert.Equal(1, (await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), cancellation: cancellation)).PurgedInstanceCount);
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.FindAsync("running"))!.RuntimeStatus);
    }

    private static async Task BringToAsync(TestHost host, string id, OrchestrationRuntimeStatus? status)
    {
        var start = status == OrchestrationRuntimeStatus.Pending ? DateTimeOffset.UtcNow.AddHours(1) : (DateTimeOffset?)null;
        if (status is not null)
        {
            await host.ScheduleAsync(status == OrchestrationRuntimeStatus.Failed ? "Fail" : "Wait", "first", new StartOrchestrationOptions(id, start));
        }

        switch (status)
        {
            case OrchestrationRuntimeStatus.Running:
                await host.StartOfAsync(id);
                break;
            case OrchestrationRuntimeStatus.Terminated:
                await host.TerminateAsync(id);
                await host.EndOfAsync(id);
                break;
            case OrchestrationRuntimeStatus.Completed:
                await host.RaiseAsync(id, "Go", "end");
                await host.EndOfAsync(id);
                break;
            case OrchestrationRuntimeStatus.Failed:
                await host.EndOfAsync(id);
                break;
        }
    }
}
