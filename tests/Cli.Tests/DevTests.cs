using System.Text.Json;
using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip dev</c> and <c>ip demo</c> (contract of the command line; issue A, What it must show).</summary>
[Collection("app")]
public sealed class DevTests(RunningApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_started_once_and_found_running_afterwards()
    {
        var first = JsonSerializer.Deserialize<JsonElement>(app.Up.Out);
        Assert.True(first.GetProperty("started").GetBoolean());
        var again = await Task.WhenAll(app.JsonAsync("dev", "up"), app.JsonAsync("dev", "up"));
        Assert.All(again, run => Assert.False(run.GetProperty("started").GetBoolean()));
        Assert.All(again, run => Assert.Equal(first.GetProperty("url").GetString(), run.GetProperty("url").GetString()));
        var status = await app.JsonAsync("dev", "status");
        Assert.Equal((true, first.GetProperty("url").GetString()), (status.GetProperty("running").GetBoolean(), status.GetProperty("url").GetString()));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Two_starts_at_once_start_one_app_and_stopping_leaves_nothing()
    {
        using var local = new Scratch();
        (string, string) place = ("IP_LOCAL", local.Path);
        var runs = await Task.WhenAll(
            IpProgram.RunAsync(["dev", "up", "--output", "json"], null, place), IpProgram.RunAsync(["dev", "up", "--output", "json"], null, place));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        var answers = runs.Select(run => JsonSerializer.Deserialize<JsonElement>(run.Out)).ToList();
        Assert.Single(answers, answer => answer.GetProperty("started").GetBoolean());
        Assert.Single(answers.Select(answer => answer.GetProperty("url").GetString()).Distinct());

        var state = DevState.Read(new DevFolder(local.Path))!;
        Assert.True(state.App!.IsAlive && state.Storage!.IsAlive);
        var down = await IpProgram.RunAsync(["dev", "down", "--output", "json"], null, place);
        Assert.Equal("{\"stopped\":true}", down.Out.Trim());
        Assert.False(state.App.IsAlive || state.Storage.IsAlive);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task What_is_left_of_a_killed_app_is_stopped_and_everything_is_there_after_the_next_start()
    {
        using var local = new Scratch();
        (string, string) place = ("IP_LOCAL", local.Path);
        await IpProgram.RunAsync(["dev", "up"], null, place);
        await IpProgram.RunAsync(["workspace", "create", "Kept"], null, place);
        var before = DevState.Read(new DevFolder(local.Path))!;
        System.Diagnostics.Process.GetProcessById(before.App!.Pid).Kill();

        var gone = await IpProgram.RunAsync(["workspace", "list"], null, place);
        Assert.Equal(2, gone.ExitCode);
        Assert.StartsWith("The app is not running. Start it with `ip dev up`.", gone.Error, StringComparison.Ordinal);
        var up = await IpProgram.RunAsync(["dev", "up", "--output", "json"], null, place);
        Assert.True(JsonSerializer.Deserialize<JsonElement>(up.Out).GetProperty("started").GetBoolean());
        Assert.False(before.Storage!.IsAlive);
        var list = await IpProgram.RunAsync(["workspace", "list", "--output", "json"], null, place);
        Assert.Contains("\"Kept\"", list.Out, StringComparison.Ordinal);
        await IpProgram.RunAsync(["dev", "down"], null, place);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task The_demo_works_twice_and_leaves_what_runs_alone()
    {
        var expected = new { status = "Completed with errors", read = 240L, transferred = 232L, withErrors = 8L, skipped = 0L, total = 240L };
        for (var times = 0; times < 2; times++)
        {
            var demo = await app.IpAsync("demo", "--output", "json");
            Assert.True(demo.ExitCode == 0, demo.Error);
            var summary = JsonSerializer.Deserialize<JsonElement>(demo.Out);
            Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(new
            {
                status = summary.GetProperty("status").GetString(),
                read = summary.GetProperty("read").GetInt64(),
                transferred = summary.GetProperty("transferred").GetInt64(),
                withErrors = summary.GetProperty("withErrors").GetInt64(),
                skipped = summary.GetProperty("skipped").GetInt64(),
                total = summary.GetProperty("total").GetInt64(),
            }));
        }
        // The header and the bad rows, as they stand in the sample.
        var sample = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "tests", "data", "sample", "documents.dat"), Cancel);
        int[] bad = [1, 28, 55, 88, 117, 146, 176, 204, 235];
        Assert.Equal(bad.Select(line => sample[line - 1]), await File.ReadAllLinesAsync(Path.Combine(app.Local, "demo-errors.dat"), Cancel));
        Assert.True(new FileInfo(Path.Combine(app.Local, "demo-errors.csv")).Length > 0);
        Assert.Empty(Directory.EnumerateDirectories(app.Local, "demo-*"));
        Assert.True((await app.JsonAsync("dev", "status")).GetProperty("running").GetBoolean());
    }
}
