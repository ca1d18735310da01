using System.Net;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Stopping and killing a job of fifty batches at moments that nobody chose, while activities are delivered twice. What the
/// moments were drawn with is printed when a test fails.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class RandomMomentTests(Servers servers)
{
    private const int Moments = 20, AtOnePoint = 5;

    private static readonly (string, object)[] Disturbed = [.. ManyBatches.Settings, ("Chaos:DuplicateActivities", 0.5), ("Chaos:LateMs", 300)];

    [Fact]
    public async Task A_job_that_is_stopped_counts_exactly_what_it_transferred_and_running_again_brings_the_rest()
    {
        var random = Seeded();
        await using var app = await servers.NewAppAsync(Disturbed);
        var (quiet, duration) = await ManyBatches.QuietAsync(app);
        for (var point = 0; point < Moments / AtOnePoint; point++)
        {
            var import = await ManyBatches.NewAsync(app);
            var records = new HashSet<string>();
            for (var moment = 0; moment < AtOnePoint; moment++) records = await StopAsync(import, duration * random.NextDouble(), records);

            var job = await import.RunAsync();
            await import.EndOfAsync(job);
            await import.UntilFreeAsync();
            var whole = await Snapshot.OfAsync(import, job);
            Assert.Equal(quiet.Records, whole.Records);
            Assert.Equal(quiet.Errors, whole.Errors);
            Assert.Equal(quiet.ErrorFile, whole.ErrorFile);
            Assert.Equal(quiet.ErrorReport, whole.ErrorReport);
            // Only the errors of the last job can be retried.
            foreach (var earlier in (await import.JobsAsync()).SkipLast(1)) await AssertStatusAsync(import, earlier, "Expired");
        }
    }

    [Fact]
    public async Task A_job_whose_process_is_killed_comes_to_the_same()
    {
        var random = Seeded();
        await using var app = await servers.NewAppAsync(Disturbed);
        var (quiet, duration) = await ManyBatches.QuietAsync(app);
        for (int kills = 0, jobs = 0; kills < Moments; jobs++)
        {
            Assert.True(jobs < Moments, $"Only {kills} kills found a job at work.");
            var import = await ManyBatches.NewAsync(app);
            var job = await import.RunAsync();
            for (var ended = false; !ended && kills < Moments;)
            {
                await Task.Delay(duration * (random.NextDouble() / 3), TestContext.Current.CancellationToken);
                ended = (await import.JobAsync(job)).GetProperty("isFinal").GetBoolean();
                await app.KillAsync();
                if (!ended) kills++;
                await app.StartAsync();
            }
            await import.EndOfAsync(job);
            await import.UntilFreeAsync();
            quiet.AssertSame(await Snapshot.OfAsync(import, job));
            Assert.Single(await import.JobsAsync());
        }
    }

    // Runs the point, stops the job, and answers with the records that are there then.
    private static async Task<HashSet<string>> StopAsync(SampleImport import, TimeSpan after, HashSet<string> before)
    {
        var job = await import.RunAsync();
        await Task.Delay(after, TestContext.Current.CancellationToken);
        using var answer = await import.App.Http.PostAsync($"jobs/{job}/stop", null, TestContext.Current.CancellationToken);
        var ended = await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        // Refused when it came too late.
        Assert.Equal(answer.StatusCode == HttpStatusCode.Accepted ? "Stopped" : "Completed with errors", ended.Text("status"));
        ended.AssertReconciles();
        Assert.Equal(ManyBatches.WrittenBy(import, job), ended.Number("transferred"));
        var records = (await import.App.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Document/records.jsonl", TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Text("id")).ToHashSet();
        Assert.Subset(records, before);
        if (before.Count == 0) Assert.Equal(ended.Number("transferred"), records.Count);
        await AssertStatusAsync(import, ended, answer.StatusCode == HttpStatusCode.Accepted ? "Expired" : "New");
        return records;
    }

    private static async Task AssertStatusAsync(SampleImport import, JsonElement job, string status)
    {
        var errors = await Snapshot.ProblemsAsync(import.App.Http, job.Text("jobId"), "errors");
        Assert.InRange(errors.Count, 0, job.Number("withErrors"));
        Assert.All(errors, error => Assert.Equal(status, error.Split(" | ")[6]));
    }

    private static Random Seeded()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"The moments are those of new Random({seed}).");
        return new Random(seed);
    }
}
