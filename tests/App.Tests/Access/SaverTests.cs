using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>"Scheduled and blob-triggered jobs run with the rights of whoever last saved the point, checked at run time".</summary>
public sealed class SaverTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", File = "Import/Sample/small.dat";

    private static readonly IReadOnlyList<Permission> All =
        [.. AccessTable.Needs(Operation.RunPoint, new AccessTarget("Document")).Concat(AccessTable.Needs(Operation.EditPoint)).Distinct()];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_starts_nothing_that_whoever_saved_the_point_may_not_run_any_more()
    {
        var import = await SampleImport.NewSmallAsync(await servers.UploadsAppAsync());
        var api = new Api(import.App, import.Workspace);
        var member = await Member.NewAsync(api, All);
        await SaveAsync(member.Api, import);

        await member.MayAsync(All.Except([Permission.To(Right.Add, "Document"), Permission.To(AdminOperation.AllowImport)]));
        await import.StageAsync(File, SampleImport.SmallFile(("A1", "")));
        var refused = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal(("Error - job failed", "upload", member.Name), (refused.Text("status"), refused.Text("trigger"), refused.Text("startedBy")));
        var error = await ErrorAsync(api, refused);
        Assert.Equal("missing-permissions", error.Text("code"));
        Assert.Contains($"\"{member.Name}\", who saved the integration point last, does not have sufficient permissions. Missing: Document: Add; Allow Import.", error.Text("error"), StringComparison.Ordinal);
        Assert.Equal(0, await import.CountAsync());
        Assert.Equal([$"refused missing-permissions upload {member.Name} {refused.Text("jobId")}"], await StartsAsync(api));

        // Granted again: the next load file is imported.
        await member.MayAsync(All);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", ""), ("A2", "")));
        Assert.Equal("Completed", (await import.EndedJobsAsync(2))[^1].Text("status"));
        Assert.Equal(2, await import.CountAsync());
        Assert.Equal($"done - upload {member.Name} {(await import.EndedJobsAsync(2))[^1].Text("jobId")}", (await StartsAsync(api))[0]);

        // Saved by somebody else, it runs with that one's rights.
        await member.MayAsync([]);
        await SaveAsync(api, import);
        await import.StageAsync(File, SampleImport.SmallFile(("A3", "")));
        Assert.Equal("Completed", (await import.EndedJobsAsync(3))[^1].Text("status"));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_schedule_starts_nothing_that_whoever_saved_the_point_may_not_run_any_more_and_counts_that_as_a_failure()
    {
        await using var app = await servers.NewAppAsync(("Jobs:PatienceSeconds", 0), ("Chaos:DuplicateTriggers", 1));
        var import = await SampleImport.NewSmallAsync(app, body => body["schedule"] = JsonSerializer.SerializeToNode(Schedule()));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var api = new Api(app, import.Workspace);
        var member = await Member.NewAsync(api, All);
        await SaveAsync(member.Api, import);
        await member.MayAsync([]);
        await TickAsync(app, import);

        var refused = Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal(("Error - job failed", "Scheduled Run"), (refused.Text("status"), refused.Text("type")));
        var error = await ErrorAsync(api, refused);
        Assert.Equal("missing-permissions", error.Text("code"));
        Assert.Contains($"Missing: {string.Join("; ", AccessTable.Needs(Operation.RunPoint, new AccessTarget("Document")))}.", error.Text("error"), StringComparison.Ordinal);
        var state = await app.Http.GetFromJsonAsync<JsonElement>($"{import.PointAddress}/schedule", Stop);
        Assert.Equal(1, state.Number("failuresInARow"));
        Assert.Equal(JsonValueKind.String, state.GetProperty("nextRunUtc").ValueKind);
        Assert.Null(await app.Tables.Leases.HolderAsync(import.Workspace, import.Point, Stop));
        Assert.Equal([$"refused missing-permissions schedule {member.Name} {refused.Text("jobId")}"], await StartsAsync(api));
    }

    /// <summary>As after an upgrade from a version that kept nothing of who saved.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_point_whose_saver_is_not_known_runs_by_itself_once_it_is_saved_again()
    {
        await using var app = await servers.NewAppAsync(Servers.Uploads, ("Jobs:PatienceSeconds", 0));
        var import = await SampleImport.NewSmallAsync(app, body => body["schedule"] = JsonSerializer.SerializeToNode(Schedule()));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        await using (var records = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={app.Records};Pooling=False"))
        {
            await records.OpenAsync(Stop);
            await using var command = records.CreateCommand();
            command.CommandText = "DELETE FROM items WHERE id LIKE 'principal|%'";
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Stop));
        }
        var api = new Api(app, import.Workspace);
        await TickAsync(app, import);
        await import.EndedJobsAsync(1);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", "")));
        foreach (var refused in await import.EndedJobsAsync(2))
        {
            var error = await ErrorAsync(api, refused);
            Assert.Equal("missing-permissions", error.Text("code"));
            Assert.Contains("is not known any more, or is an API key that has ended. To go on, have somebody who may run the integration point save it.", error.Text("error"), StringComparison.Ordinal);
        }
        // The schedule was not ended by that: its next run comes.
        await SaveAsync(api, import);
        await TickAsync(app, import);
        Assert.Equal("Completed", (await import.EndedJobsAsync(3))[^1].Text("status"));
    }

    /// <summary>What the directory said of whoever saved the point counts for 90 days; any request of that one begins them anew.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_point_of_somebody_who_was_away_for_long_runs_by_itself_again_when_that_one_has_signed_in()
    {
        var import = await SampleImport.NewSmallAsync(await servers.UploadsAppAsync());
        var api = new Api(import.App, import.Workspace);
        var member = await Member.NewAsync(api, All);
        await SaveAsync(api.As(import.App.SignedIn(new LocalToken { Name = member.Name, Roles = [] }, ago: TimeSpan.FromDays(91))), import);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", "")));
        var error = await ErrorAsync(api, Assert.Single(await import.EndedJobsAsync(1)));
        Assert.Contains($"has not signed in since {DateTime.UtcNow.AddDays(-91):yyyy-MM-dd}", error.Text("error"), StringComparison.Ordinal);

        Assert.Equal(200, (await member.Api.GetAsync("workspaces")).Status);
        await import.StageAsync(File, SampleImport.SmallFile(("A1", ""), ("A2", "")));
        Assert.Equal("Completed", (await import.EndedJobsAsync(2))[^1].Text("status"));
    }

    private static object Schedule() => new { startDate = "2026-01-01", localTime = DateTime.UtcNow.AddHours(12).ToString("HH:mm", CultureInfo.InvariantCulture) };

    // What the audit says of runs, newest first.
    private static async Task<List<string>> StartsAsync(Api api)
        => [.. (await api.GetAsync("workspaces/{ws}/audit?action=run")).Json["items"]!.AsArray().Select(e => $"{e!["outcome"]} {e["code"]?.ToString() ?? "-"} {e["by"]} {e["who"]} {e["jobId"]}")];

    // As it is.
    internal static async Task SaveAsync(Api api, SampleImport import)
    {
        var point = (await import.App.Http.GetStringAsync(import.PointAddress, Stop)).Replace("\"notes\":null,", "", StringComparison.Ordinal);
        var saved = await api.CallAsync("PUT", $"{Points}/{import.Point}", point, ("If-Match", "*"));
        Assert.True(saved.Status == 200, saved.Text);
    }

    private static async Task<JsonElement> ErrorAsync(Api api, JsonElement job)
        => JsonDocument.Parse((await api.GetAsync($"jobs/{job.Text("jobId")}/errors")).Text).RootElement.GetProperty("items").EnumerateArray().Single();

    // Brings the next run to the present, as time would, and has the tick come at once.
    private static async Task TickAsync(AppProcess app, SampleImport import)
    {
        var entry = (await app.Tables.Schedules.FindAsync(import.Workspace, import.Point, Stop))!;
        Assert.True(await app.Tables.Schedules.TryAdvanceAsync(entry, DateTimeOffset.UtcNow.AddSeconds(-1), Stop));
        await app.KillAsync();
        app.MissTimers();
        await app.StartAsync();
    }
}
