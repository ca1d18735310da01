using IntegrationPoints.App.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// The links of a batch are decided once and then made (design, Rules of orchestration 6): a kill at each of their steps, two attempts at once, and attempts
/// after the end change nothing of the records, the counts and the errors.
/// </summary>
public sealed class LinkStepTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // All in one batch, so that its steps come one after the other; what was killed before a step comes to it again.
    private static readonly (string, object)[] OneBatch = [("Jobs:BatchRecords", 500), ("Jobs:PageBatches", 3)];

    private static readonly KillAt[] Steps =
    [
        KillAt.Before(@"PUT .*/links/\d+$"), KillAt.After(@"PUT .*/links/\d+$"), KillAt.Before(@"POST .*/BatchResults$"), KillAt.After(@"POST .*/BatchResults$"),
        KillAt.Before(@"PUT .*/JobErrors\("), KillAt.After(@"PUT .*/JobErrors\("), KillAt.Before(@"PATCH .*/BatchResults\("), KillAt.After(@"PATCH .*/BatchResults\("),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact, Trait("Speed", "Slow")]
    public async Task Links_come_to_the_same_when_the_process_is_killed_at_each_step_of_them()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, OneBatch);
        var import = await ManagedPeople.NewAsync(app);
        var come = gate.HoldAsync(Steps[0]);
        var job = await import.RunAsync();
        for (var i = 0; i < Steps.Length; i++)
        {
            await Until.TrueAsync(() => Task.FromResult(come.IsCompleted), Patience, () => app.Failed($"The job did not come to {Steps[i]}.").Message);
            await app.KillAsync();
            if (i + 1 < Steps.Length) come = gate.HoldAsync(Steps[i + 1]);
            await app.StartAsync();
        }
        await ManagedPeople.AssertLinkedAsync(import, job);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Links_come_to_the_same_when_two_attempts_run_at_once_and_others_after_the_end()
    {
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, OneBatch);
        await using var services = app.Services();
        var import = await ManagedPeople.NewAsync(app);
        // The one has decided, and hears of it when the other is done with everything.
        var decided = gate.Hold(KillAt.After(@"PUT .*/links/\d+$"));
        var job = await import.RunAsync();
        await decided.Come.WaitAsync(Patience, Stop);
        Assert.Equal((ManagedPeople.Count - 6, 4), await LinkAsync());
        decided.Release();
        await ManagedPeople.AssertLinkedAsync(import, job);
        await import.UntilFreeAsync();
        var before = await RecordsAsync();

        var late = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LinkAsync()));
        Assert.All(late, counts => Assert.Equal((ManagedPeople.Count - 6, 4), counts));
        await ManagedPeople.AssertLinkedAsync(import, job);
        Assert.Equal(before, await RecordsAsync());

        async Task<(long, long)> LinkAsync()
        {
            var result = await ActivatorUtilities.CreateInstance<LinkBatch>(services).RunAsync(new LinkRequest(job, 0, IsRetried: false), Stop);
            return (result.Counts.Links, result.Counts.LinkProblems);
        }

        Task<string> RecordsAsync() => app.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Entity/records.jsonl", Stop);
    }
}
