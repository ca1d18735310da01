using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Entra;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>Who may read a directory as the app itself.</summary>
public sealed class ManagedIdentityTests(Stores stores, LookAlike lookAlike) : IClassFixture<Stores>, IClassFixture<LookAlike>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Nobody, until an administrator names the workspace: neither who looks nor who runs.</summary>
    [Fact]
    public async Task Only_workspaces_that_are_named_use_the_apps_identity()
    {
        var place = await EntraPlace.NewAsync(stores, lookAlike.Server);
        var point = place.Point(new EntraSettings { ManagedIdentity = true }, "department");
        foreach (var job in (string[])["", place.NewJob()])
        {
            var refused = await Assert.ThrowsAsync<ConfigurationException>(() => place.Source(point, job).CheckAsync(Stop));
            Assert.Equal(Outside.IdentityNotAllowed, refused.Problem.Code);
            Assert.Contains($"{Words.Quote(point.Workspace)} may not use the app's managed identity", refused.Message, StringComparison.Ordinal);
            Assert.Contains(InstanceSetting.ManagedIdentityWorkspaces, refused.Message, StringComparison.Ordinal);
        }
        // An application of its own needs nobody's leave.
        await place.Source(place.Point(place.Settings, "department"), "").CheckAsync(Stop);

        foreach (var (value, isAllowed) in new[] { ("other-1, other-2", false), ($"{point.Workspace}-2", false), ($"other-1,{point.Workspace.ToUpperInvariant()}", true), ("*", true), ("", false) })
        {
            var setting = InstanceSetting.Find(InstanceSetting.ManagedIdentityWorkspaces)!;
            Assert.True(await stores.Instance.TrySetAsync(setting, setting.Clean(value), (await stores.Instance.GetAsync(setting, Stop)).ETag, Stop));
            var failed = await Record.ExceptionAsync(() => stores.Outside.CheckIdentityAsync(point.Workspace, Stop));
            Assert.Equal((value, isAllowed), (value, failed is null));
        }
    }
}
