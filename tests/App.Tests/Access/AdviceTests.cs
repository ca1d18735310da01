using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Points;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Refusals say what to do where it is not plain: of those whose token leaves out their groups, and of savers who are not known.</summary>
public sealed class AdviceTests(Servers servers)
{
    private const string Remedy = "groups that are assigned to the application (Token configuration, groups claim)";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>learn.microsoft.com, "Groups overage claim": the token says that there are groups, and not which.</summary>
    [Fact]
    public async Task Those_whose_groups_are_too_many_are_told_so_when_they_are_refused()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await using var services = api.App.Services();
        var (access, existing, caller) = (services.GetRequiredService<AccessCheck>(), services.GetRequiredService<Existing>(), services.GetRequiredService<Caller>());
        foreach (var lacks in (bool[])[true, false])
        {
            caller.Identity = new Identity("jane@example.com") { LacksGroups = lacks };
            access.Begin(Operation.ViewFolders);
            var refused = await Assert.ThrowsAsync<RefusedException>(() => access.RequireAsync(api.Workspace, sight: null, Stop));
            var unseen = await Assert.ThrowsAsync<RefusedException>(() => existing.WorkspaceAsync(api.Workspace, Stop));
            Assert.Equal((403, 404), (refused.Status, unseen.Status));
            Assert.Equal((lacks, lacks), (refused.Message.Contains(Remedy, StringComparison.Ordinal), unseen.Message.Contains(Remedy, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task A_run_that_nobody_asked_for_is_refused_with_what_to_do()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await using var services = api.App.Services();
        var (access, principals) = (services.GetRequiredService<AccessCheck>(), services.GetRequiredService<Principals>());
        var point = new IntegrationPoint { Id = "p", Name = "P", Workspace = api.Workspace, Source = new ProviderSettings("load-file", default) };
        var (short_, away) = ($"short-{api.Workspace}", $"away-{api.Workspace}");
        await principals.KeepAsync(new Identity(short_) { LacksGroups = true, IssuedUtc = DateTimeOffset.UtcNow }, Stop);
        await principals.KeepAsync(new Identity(away) { IsAdministrator = true, IssuedUtc = DateTimeOffset.UtcNow.AddDays(-95) }, Stop);
        (string SavedBy, string[] Said)[] rows =
        [
            ("", ["It is not known who saved", "save it"]),
            ("gone@example.com", ["is not known any more", "save it"]),
            ("key:gone", ["an API key that has ended", "save it"]),
            (short_, ["Missing: Workspace: View;", "Have that granted", "save it", Remedy]),
            (away, ["has not signed in since", "Auth__SaverDays", "Have that one sign in", "save it"]),
        ];
        foreach (var (savedBy, said) in rows)
        {
            if (savedBy.Contains("gone", StringComparison.Ordinal))
            {
                var making = point with { SavedBy = savedBy, Import = point.Import with { CreateObjects = true } };
                Assert.True(await access.WithheldAsync(making, bySaver: true, Stop) is { Fields: true, Objects.Count: > 0 }, "who is not known may make nothing");
            }
            var problem = await access.AgainstRunAsync(point with { SavedBy = savedBy }, Stop);
            Assert.Equal("missing-permissions", problem!.Code);
            Assert.All(said, words => Assert.Contains(words, problem.Message, StringComparison.Ordinal));
        }
    }
}
