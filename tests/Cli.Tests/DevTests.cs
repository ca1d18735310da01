using System.Text.Json;
using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip dev</c> and <c>ip demo</c> (README).</summary>
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
        await using var place = new DevPlace();
        var runs = await Task.WhenAll(place.IpAsync("dev", "up", "--output", "json"), place.IpAsync("dev", "up", "--output", "json"));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        var answers = runs.Select(run => JsonSerializer.Deserialize<JsonElement>(run.Out)).ToList();
        Assert.Single(answers, answer => answer.GetProperty("started").GetBoolean());
        Assert.Single(answers.Select(answer => answer.GetProperty("url").GetString()).Distinct());

        var state = DevState.Read(new DevFolder(place.Path))!;
        Assert.True(state.App!.IsAlive && state.Storage!.IsAlive);
        var down = await place.IpAsync("dev", "down", "--output", "json");
        Assert.Equal("{\"stopped\":true}", down.Out.Trim());
        Assert.False(state.App.IsAlive || state.Storage.IsAlive);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task What_is_left_of_a_killed_app_is_stopped_and_everything_is_there_after_the_next_start()
    {
        await using var place = new DevPlace();
        await place.IpAsync("dev", "up");
        await place.IpAsync("workspace", "create", "Kept");
        var before = DevState.Read(new DevFolder(place.Path))!;
        System.Diagnostics.Process.GetProcessById(before.App!.Pid).Kill();

        var gone = await place.IpAsync("workspace", "list");
        Assert.Equal(2, gone.ExitCode);
        Assert.StartsWith("The app is not running. Start it with `ip dev up`.", gone.Error, StringComparison.Ordinal);
        var up = await place.IpAsync("dev", "up", "--output", "json");
        Assert.True(JsonSerializer.Deserialize<JsonElement>(up.Out).GetProperty("started").GetBoolean());
        Assert.False(before.Storage!.IsAlive);
        var list = await place.IpAsync("workspace", "list", "--output", "json");
        Assert.Contains("\"Kept\"", list.Out, StringComparison.Ordinal);
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

    /// <summary>A place of local state; whatever was started there is stopped after the test, passed or failed.</summary>
    private sealed class DevPlace : IAsyncDisposable
    {
        private readonly Scratch _local = new();

        public string Path => _local.Path;

        public Task<IpRun> IpAsync(params string[] arguments) => IpProgram.RunAsync(arguments, null, ("IP_LOCAL", _local.Path));

        public async ValueTask DisposeAsync()
        {
            await IpAsync("dev", "down");
            _local.Dispose();
        }
    }
}
