using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Instance settings over HTTP, and the jobs that go by them.</summary>
public sealed class SettingsTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_are_checked_by_their_type()
    {
        var app = await servers.AppAsync();
        foreach (var (name, value) in new[]
        {
            ("MaxFailedScheduledJobsCount", "0"), ("MaxFailedScheduledJobsCount", "4.5"), ("MaxFailedScheduledJobsCount", "many"),
            ("MaxFailedScheduledJobsCount", "3000000000"), ("CreateErrorForInvalidDate", "maybe"), ("RestrictedFileTypes", "*"),
        })
        {
            using var refused = await app.Http.PutAsJsonAsync($"settings/{name}", new { value }, Stop);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Stop);
            Assert.Equal((400, "invalid-setting"), ((int)refused.StatusCode, problem.Text("code")));
            Assert.Contains(name, problem.ToString(), StringComparison.Ordinal);
        }
        using var unknown = await app.Http.PutAsJsonAsync("settings/Nothing", new { value = "1" }, Stop);
        Assert.Equal(404, (int)unknown.StatusCode);
        var settings = await app.Http.GetFromJsonAsync<JsonElement>("settings", Stop);
        var setting = settings.GetProperty("items").EnumerateArray().Single(s => s.Text("name") == "MaxFailedScheduledJobsCount");
        Assert.Equal(("100", "100", "integer", "Integration Points"), (setting.Text("value"), setting.Text("default"), setting.Text("type"), setting.Text("section")));
    }

    [Fact]
    public async Task A_job_keeps_the_settings_that_held_when_it_started()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        await SetAsync(app, "999999");
        var job = await import.RunAsync();
        await SetAsync(app, "1000000");
        Assert.Equal("Completed", (await import.EndOfAsync(job)).Text("status"));
        await import.UntilFreeAsync();
        Assert.Equal(999_999, await FrozenAsync(app, job));
        Assert.Equal(1_000_000, await FrozenAsync(app, await import.RunAsync()));
    }

    // A limit that no other test comes near.
    private static async Task SetAsync(AppProcess app, string entries)
    {
        using var set = await app.Http.PutAsJsonAsync("settings/MaxPackageEntries", new { value = entries }, Stop);
        Assert.True(set.IsSuccessStatusCode);
    }

    private static async Task<int> FrozenAsync(AppProcess app, string job) => (await new JobFiles(app.Blobs).JobAsync(job, Stop)).Instance.Packages.Entries;
}
