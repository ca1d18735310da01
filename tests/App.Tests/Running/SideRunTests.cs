using IntegrationPoints.App.Http;
using IntegrationPoints.App.Tests.Auditing;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Checks and verifications read whole load files, trials hold connections, and so none is begun in any number.</summary>
[Collection(Servers.Gated)]
public sealed class SideRunTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_has_one_verification_at_a_time_which_a_second_request_is_answered_with_and_a_workspace_four()
    {
        var (gate, api, import) = await NewAsync();
        var job = (await import.EndOfAsync(await import.RunAsync())).Text("jobId");
        // Its first step writes what load file and manifest came to.
        var held = gate.Hold(KillAt.Before($"^PUT .*{job}/verify/"));
        var first = await api.PostAsync($"jobs/{job}/verify");
        Assert.Equal(202, first.Status);
        await held.Come.WaitAsync(TimeSpan.FromMinutes(5), Stop);
        var second = await api.PostAsync($"jobs/{job}/verify");
        Assert.Equal((202, first.Json["id"]!.GetValue<string>(), first.Headers.Location), (second.Status, second.Json["id"]!.GetValue<string>(), second.Headers.Location));
        held.Release();
        await Until.TrueAsync(
            async () => (await api.GetAsync($"jobs/{job}/verifications/{first.Json["id"]}")).Json["status"]!.GetValue<string>() != "Running",
            TimeSpan.FromMinutes(5), () => api.App.Failed("The verification does not end.").Message);
        await using var services = api.App.Services();
        var runs = services.GetRequiredService<SideRuns>();
        for (var i = 0; i < 4; i++)
            await runs.TryTakeAsync(import.Workspace, "verifications", $"verify-job{i}-{i:d32}", 100, _ => Task.FromResult(false), Stop);
        var refused = await api.PostAsync($"jobs/{job}/verify");
        Assert.Equal((409, "too-many-verifications"), (refused.Status, refused.Code));
        await runs.TryTakeAsync(import.Workspace, "verifications", $"verify-job4-{4:d32}", 1, _ => Task.FromResult(true), Stop);
        Assert.NotEqual(first.Json["id"]!.GetValue<string>(), (await api.PostAsync($"jobs/{job}/verify")).Json["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_workspace_has_four_checks_at_a_time_and_the_fifth_is_refused_until_one_has_ended()
    {
        var (gate, api, import) = await NewAsync();
        var route = $"workspaces/{{ws}}/integration-points/{import.Point}/check";
        var held = new List<StoreGate.Held>();
        for (var i = 0; i < 4; i++)
        {
            held.Add(gate.Hold(KillAt.Before("^PUT .*/check/prepared.json")));
            Assert.Equal(202, (await api.PostAsync(route, null, ("Idempotency-Key", $"{i}"))).Status);
            await held[i].Come.WaitAsync(TimeSpan.FromMinutes(5), Stop);
        }
        var refused = await api.PostAsync(route, null, ("Idempotency-Key", "4"));
        Assert.Equal((409, "too-many-checks"), (refused.Status, refused.Code));
        // The same request again is no further check; and another workspace has places of its own.
        Assert.Equal(202, (await api.PostAsync(route, null, ("Idempotency-Key", "0"))).Status);
        var (_, other, another) = await NewAsync();
        Assert.Equal(202, (await other.PostAsync($"workspaces/{{ws}}/integration-points/{another.Point}/check")).Status);
        held[2].Release();
        await Until.TrueAsync(
            async () => (await api.PostAsync(route, null, ("Idempotency-Key", "4"))).Status == 202, TimeSpan.FromMinutes(5), () => api.App.Failed("No place becomes free.").Message);
        foreach (var check in held) check.Release();
    }

    /// <summary>Each holds a connection to a server, for as long as that takes: whoever asks for more is told when to come again, and is seen.</summary>
    [Fact]
    public async Task A_workspace_tries_four_sources_at_a_time_and_the_fifth_is_refused_until_one_has_answered()
    {
        var (gate, api, import) = await NewAsync();
        var body = $$$"""{"settings":{"file":"StructuredData/{ws}/in/small.dat"}}""";
        var (held, trials) = (new List<StoreGate.Held>(), new List<Task<Reply>>());
        for (var i = 0; i < 4; i++)
        {
            held.Add(gate.Hold(KillAt.Before($"^(GET|HEAD) .*{import.Workspace}/in/small.dat")));
            trials.Add(api.PostAsync($"workspaces/{{ws}}/providers/load-file/{(i % 2 == 0 ? "check" : "fields")}", body));
            await held[i].Come.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        }
        foreach (var (route, sent, action) in new[]
        {
            ("workspaces/{ws}/providers/load-file/check", body, "try-source"),
            ("workspaces/{ws}/object-types/document/map-all", $$"""{"integrationPoint":"{{import.Point}}"}""", "map-all"),
        })
        {
            var refused = await api.PostAsync(route, sent);
            Assert.Equal((429, "too-many-trials"), (refused.Status, refused.Code));
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            var entry = await Entries.NewestAsync(api, action);
            Assert.Equal(("refused", "too-many-trials"), (entry["outcome"]!.GetValue<string>(), entry["code"]!.GetValue<string>()));
        }
        var (_, other, _) = await NewAsync();
        Assert.Equal(400, (await other.PostAsync("workspaces/{ws}/providers/load-file/check", """{"settings":{"file":"StructuredData/{ws}/in/none.dat"}}""")).Status);
        // Its place is free with the answer, whatever that is, and nobody has to wait for a process to end.
        held[1].Release();
        Assert.Equal(200, (await trials[1]).Status);
        Assert.Equal(400, (await api.PostAsync("workspaces/{ws}/providers/load-file/check", """{"settings":{"file":"StructuredData/{ws}/in/none.dat"}}""")).Status);
        Assert.Equal(200, (await api.PostAsync("workspaces/{ws}/providers/load-file/check", body)).Status);
        foreach (var one in held) one.Release();
        foreach (var trial in trials) Assert.Equal(200, (await trial).Status);
    }

    /// <summary>A process that died gives nothing back: its place is free when no trial could last that long.</summary>
    [Fact]
    public async Task A_place_that_nobody_gives_back_becomes_free_with_time()
    {
        var (_, api, import) = await NewAsync();
        await using var services = api.App.Services();
        var (runs, time) = (services.GetRequiredService<SideRuns>(), TimeProvider.System);
        for (var i = 0; i < 4; i++) Assert.Null(await runs.TryTakeAsync(import.Workspace, "trials", $"lost {i}", 4, _ => Task.FromResult(false), Stop));
        var places = new TrialPlaces(runs, time, NullLogger<TrialPlaces>.Instance);
        Task<int> One() => places.InOneAsync(import.Workspace, () => Task.FromResult(1), Stop);
        Assert.Equal(429, (await Assert.ThrowsAsync<RefusedException>(One)).Status);
        var later = new TrialPlaces(runs, new Later(TimeSpan.FromMinutes(5)), NullLogger<TrialPlaces>.Instance);
        await Assert.ThrowsAsync<InvalidOperationException>(() => later.InOneAsync<int>(import.Workspace, () => throw new InvalidOperationException(), Stop));
        // Looking took the lost ones away, and the failed one gave its own back.
        for (var i = 0; i < 4; i++) Assert.Null(await runs.TryTakeAsync(import.Workspace, "trials", $"new {i}", 4, _ => Task.FromResult(false), Stop));
        Assert.Equal(4, (await runs.TryTakeAsync(import.Workspace, "trials", "one more", 4, _ => Task.FromResult(false), Stop))!.Count);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => runs.GiveBackAsync(import.Workspace, "trials", $"new {i}", Stop)));
        await runs.GiveBackAsync(import.Workspace, "trials", "new 0", Stop);
        Assert.Equal(1, await One());
    }

    private async Task<(StoreGate Gate, Api Api, SampleImport Import)> NewAsync()
    {
        var (gate, app) = await servers.GatedAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        return (gate, new Api(app, import.Workspace), import);
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
