namespace IntegrationPoints.App.Tests.Running;

/// <summary>A load file that is replaced while its job runs.</summary>
[Trait("Speed", "Slow")]
public sealed class ChangedFileTests(Servers servers)
{
    [Fact]
    public async Task A_job_whose_load_file_is_replaced_fails_with_true_counts_and_another_run_imports_the_new_file()
    {
        await using var app = await servers.NewAppAsync(("Chaos:DelayMs", 600), ("Chaos:Seed", 6));
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        await import.UntilAsync(job, j => j.Number("read") > 0);
        await import.StageAsync("in/documents.dat", File.ReadAllBytes(Path.Combine(SampleImport.SampleFolder, "documents.dat")));

        var failed = await import.EndOfAsync(job);
        Assert.Equal("Error - job failed", failed.Text("status"));
        Assert.InRange(failed.Number("read"), 1, 239);
        failed.AssertReconciles();
        var errors = await Snapshot.ProblemsAsync(app.Http, job, "errors");
        Assert.Contains(" | file-changed | ", errors[0], StringComparison.Ordinal);
        Assert.Equal(failed.Number("withErrors"), errors.Count - 1);
        await import.UntilFreeAsync();
        Assert.Equal(failed.Number("transferred"), await import.CountAsync());

        var overlay = await import.OverlayAsync();
        var again = await overlay.RunAsync();
        await overlay.EndOfAsync(again);
        var quiet = (await servers.QuietAsync()).Appended;
        var snapshot = await Snapshot.OfAsync(overlay, again);
        Assert.Equal(quiet.Errors, snapshot.Errors);
        Assert.Equal(quiet.Records, snapshot.Records);
    }
}
