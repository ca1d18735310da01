using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Whether a run that nobody asks for at that moment may begin is decided once, however often and by however many it is begun.</summary>
[Collection(Servers.Gated)]
[Trait("Speed", "Slow")]
public sealed class RefusedStartTests(Servers servers)
{
    private const string File = "Import/Sample/small.dat";

    private static readonly IReadOnlyList<Permission> All =
        [.. AccessTable.Needs(Operation.RunPoint, new AccessTarget("Document")).Concat(AccessTable.Needs(Operation.EditPoint)).Distinct()];

    [Fact]
    public async Task A_refused_upload_stays_refused_when_the_rights_are_granted_while_it_is_entered()
    {
        var (gate, app) = await servers.GatedAsync();
        var import = await SampleImport.NewSmallAsync(app);
        var api = new Api(app, import.Workspace);
        var member = await Member.NewAsync(api, All);
        await SaverTests.SaveAsync(member.Api, import);
        await member.MayAsync(All.Except([Permission.To(AdminOperation.AllowImport)]));

        // Errors and audit know of it; its row does not stand yet. Then somebody else begins it, and may.
        var held = gate.Hold(KillAt.Before("^POST .*/JobHistory$"));
        await import.StageAsync(File, SampleImport.SmallFile(("A1", "")));
        await held.Come.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        await member.MayAsync(All);
        await import.StageAsync("Import/Sample/beside.txt", [1]);
        var refused = Assert.Single(await import.EndedJobsAsync(1));
        held.Release();
        Assert.Equal("Error - job failed", refused.Text("status"));
        await import.UntilFreeAsync();
        var entry = Assert.Single((await api.GetAsync("workspaces/{ws}/audit?action=run")).Json["items"]!.AsArray());
        Assert.Equal(("refused", "upload", refused.Text("jobId")), (entry!["outcome"]!.GetValue<string>(), entry["by"]!.GetValue<string>(), entry["jobId"]!.GetValue<string>()));
        Assert.Single((await api.GetAsync($"jobs/{refused.Text("jobId")}/errors")).Json["items"]!.AsArray());
        Assert.Single(await import.EndedJobsAsync(1));
        Assert.Equal(0, await import.CountAsync());
    }
}
