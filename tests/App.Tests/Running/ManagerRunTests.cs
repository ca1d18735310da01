using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// People are linked to their managers when all of them are there, whatever happens on the way: earlier and later in the file, in other batches,
/// missing, the person itself, and more than one (guide 4.2.3; guide 7, "When transferring custodians and associating them to managers").
/// </summary>
public sealed class ManagerRunTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_with_links_that_fail_is_completed_with_errors_and_a_retry_makes_those_that_it_can()
    {
        var import = await ManagedPeople.NewAsync(await servers.AppAsync());
        await ManagedPeople.AssertLinkedAsync(import, await import.RunAsync());
        await import.UntilFreeAsync();

        // E88 comes with the row that was rejected: nothing of the file may change, so somebody else brings E88; and Nobody only when that was retried.
        await BringAsync(import, "E88,Late,Comer");
        Assert.Equal((1, 0, 1, 1, 3), await RetryAsync(import));
        Assert.Equal("Comer, Late", (await PersonAsync(import, "E100")).GetProperty("fields").Text("Manager"));
        await BringAsync(import, "Nobody,Some,Body");
        Assert.Equal((1, 0, 1, 1, 2), await RetryAsync(import));
        Assert.Equal("Body, Some", (await PersonAsync(import, "E10")).GetProperty("fields").Text("Manager"));
    }

    [Fact]
    public async Task What_was_linked_is_undone_with_what_was_written()
    {
        var import = await ManagedPeople.NewAsync(await servers.AppAsync());
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        var undo = (await SampleImport.PostAsync(import.App, $"jobs/{job}/undo", new { })).Text("jobId");
        Assert.Equal((ManagedPeople.Count - 1, 0), ((int)(await import.EndOfAsync(undo)).Number("transferred"), (int)(await import.JobAsync(undo)).Number("skipped")));
        Assert.Empty(await ManagedPeople.RecordsAsync(import));
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("Chaos:DuplicateActivities=0.5", "Chaos:FailActivities=0.1")]
    [InlineData("Chaos:DuplicateActivities=1", "Chaos:DelayMs=100")]
    public async Task Links_come_to_the_same_when_activities_come_twice_late_or_die(params string[] chaos)
    {
        await using var app = await servers.NewAppAsync([.. chaos.Select(c => (c.Split('=')[0], (object)double.Parse(c.Split('=')[1], CultureInfo.InvariantCulture))), ("Chaos:LateMs", 500), ("Chaos:Seed", 4711)]);
        var import = await ManagedPeople.NewAsync(app);
        var job = await import.RunAsync();
        await ManagedPeople.AssertLinkedAsync(import, job);
        await Task.Delay(500, Stop);
        await ManagedPeople.AssertLinkedAsync(import, job);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Links_come_to_the_same_when_the_process_dies_after_every_few_activities(int activities)
    {
        await using var app = await servers.NewAppAsync(("Chaos:CrashAfterActivities", activities));
        var import = await ManagedPeople.NewAsync(app);
        var job = await import.RunAsync();
        while (!await EndsAsync(import, job))
        {
            Assert.Equal(128 + 9, await app.EndAsync());
            await app.StartAsync();
        }
        Assert.True(app.Starts > 1, "The process did not die.");
        // The next death may come at any time after the end.
        await app.KillAsync();
        app.Set(("Chaos:CrashAfterActivities", 0));
        await app.StartAsync();
        await ManagedPeople.AssertLinkedAsync(import, job);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_job_that_is_suspended_between_links_goes_on_with_them()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 400), ("Chaos:Seed", 5));
        var import = await ManagedPeople.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Number("read") == ManagedPeople.Count);
        await SampleImport.PostAsync(app, $"jobs/{job}/suspend", new { });
        await import.UntilAsync(job, j => j.Text("status") == "Suspended" || j.GetProperty("isFinal").GetBoolean());
        Assert.Equal("Suspended", (await import.JobAsync(job)).Text("status"));
        await SampleImport.PostAsync(app, $"jobs/{job}/resume", new { });
        await ManagedPeople.AssertLinkedAsync(import, job);
    }

    private static async Task BringAsync(SampleImport import, string row)
    {
        await import.StageAsync("in/late.csv", Encoding.UTF8.GetBytes($"Unique ID,First Name,Last Name\n{row}\n"));
        var late = await import.PointAsync($"Late {row}", "in/late.csv", ManagedPeople.Entities);
        Assert.Equal("Completed", (await late.EndOfAsync(await late.RunAsync())).Text("status"));
    }

    // Read, transferred, with errors, links, and those that could not be made.
    private static async Task<(long, long, long, long, long)> RetryAsync(SampleImport import)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{import.PointAddress}/retry") { Content = JsonContent.Create(new { confirmOverlay = true }) };
        using var answer = await import.App.Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        var retry = await import.EndOfAsync(JsonDocument.Parse(text).RootElement.Text("jobId"));
        await import.UntilFreeAsync();
        return (retry.Number("read"), retry.Number("transferred"), retry.Number("withErrors"), retry.Number("links"), retry.Number("linkProblems"));
    }

    // False: the process died before the job ended.
    private static async Task<bool> EndsAsync(SampleImport import, string job)
    {
        try
        {
            await import.EndOfAsync(job);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<JsonElement> PersonAsync(SampleImport import, string id)
        => (await ManagedPeople.RecordsAsync(import)).Single(person => person.Text("id") == id);
}
