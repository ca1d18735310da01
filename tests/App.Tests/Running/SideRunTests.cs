using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Checks and verifications read whole load files, and so are not begun in any number.</summary>
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
        await held.Come.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        var second = await api.PostAsync($"jobs/{job}/verify");
        Assert.Equal((202, first.Json["id"]!.GetValue<string>(), first.Headers.Location), (second.Status, second.Json["id"]!.GetValue<string>(), second.Headers.Location));
        held.Release();
        await Until.TrueAsync(
            async () => (await api.GetAsync($"jobs/{job}/verifications/{first.Json["id"]}")).Json["status"]!.GetValue<string>() != "Running",
            TimeSpan.FromSeconds(60), () => api.App.Failed("The verification does not end.").Message);
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
            await held[i].Come.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        }
        var refused = await api.PostAsync(route, null, ("Idempotency-Key", "4"));
        Assert.Equal((409, "too-many-checks"), (refused.Status, refused.Code));
        // The same request again is no further check; and another workspace has places of its own.
        Assert.Equal(202, (await api.PostAsync(route, null, ("Idempotency-Key", "0"))).Status);
        var (_, other, another) = await NewAsync();
        Assert.Equal(202, (await other.PostAsync($"workspaces/{{ws}}/integration-points/{another.Point}/check")).Status);
        held[2].Release();
        await Until.TrueAsync(
            async () => (await api.PostAsync(route, null, ("Idempotency-Key", "4"))).Status == 202, TimeSpan.FromSeconds(60), () => api.App.Failed("No place becomes free.").Message);
        foreach (var check in held) check.Release();
    }

    private async Task<(StoreGate Gate, Api Api, SampleImport Import)> NewAsync()
    {
        var (gate, app) = await servers.GatedAsync();
        var import = await SampleImport.NewSmallAsync(app);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        return (gate, new Api(app, import.Workspace), import);
    }
}
