using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// A batch that the store refuses in every attempt: the job ends as failed, and says which batch, which lines, and how to
/// retry; everything else is accounted for; and once the store is mended the retry brings what is missing.
/// </summary>
[Collection(Servers.Gated)]
[Trait("Speed", "Slow")]
public sealed class PoisonBatchTests(Servers servers)
{
    private const int Records = 140;

    // 140 records in batches of 20, which lie on pages {0} {1} {2} {3 4 5} {6}; the first record is in line 2.
    [Theory]
    [InlineData("0+1$", 20, "Batch 1 (lines 22 to 41) failed in each of 5 attempts")]
    [InlineData("0+4$", 100, "Batch 4 (lines 82 to 101) failed in each of 5 attempts")]
    [InlineData("0+6$", 120, "Batch 6 (lines 122 to the end) failed in each of 5 attempts")]
    [InlineData("0+[35]$", 80, "Batches 3 (lines 62 to 81), 5 (lines 102 to 121) failed in each of 5 attempts")]
    public async Task A_batch_that_the_store_refuses_ends_the_job_and_a_retry_brings_the_rest(string batch, int transferred, string message)
    {
        var (gate, app) = await servers.GatedAsync();
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, Records).Select(i => (i.ToString("d5", CultureInfo.InvariantCulture), ""))]));
        var before = gate.Refusals;
        gate.Refuse($"PUT .*/batches/{batch}");
        string job;
        try
        {
            job = await import.RunAsync();
            await import.EndOfAsync(job);
            await import.UntilFreeAsync();
        }
        finally
        {
            gate.Refuse(null);
        }
        var failed = await import.JobAsync(job);
        Assert.Equal("Error - job failed", failed.Text("status"));
        Assert.Equal((transferred, transferred, 0), (failed.Number("read"), failed.Number("transferred"), failed.Number("withErrors")));
        failed.AssertReconciles();
        Assert.Equal(5 * (batch.Contains('[', StringComparison.Ordinal) ? 2 : 1), gate.Refusals - before);
        Assert.Equal(transferred, await import.CountAsync());
        var error = Assert.Single(await ErrorsAsync(import, job));
        Assert.Equal("batch-failed", error.Text("code"));
        Assert.StartsWith(message, error.Text("error"), StringComparison.Ordinal);
        Assert.Contains($"ip point retry {import.Point} --workspace {import.Workspace}", error.Text("error"), StringComparison.Ordinal);

        using var answer = await app.Http.PostAsJsonAsync($"{import.PointAddress}/retry", new { confirmOverlay = true }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var retry = await import.EndOfAsync((await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).Text("jobId"));
        Assert.Equal(("Completed", Records), (retry.Text("status"), retry.Number("transferred")));
        Assert.Equal(Records, await import.CountAsync());
        Assert.Equal("Retried", Assert.Single(await ErrorsAsync(import, job)).Text("status"));
    }

    private static async Task<List<JsonElement>> ErrorsAsync(SampleImport import, string job)
        => [.. (await import.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/errors", TestContext.Current.CancellationToken)).GetProperty("items").EnumerateArray()];
}
