using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Connections;

/// <summary>What sources need that lie outside of the deployment.</summary>
/// <param name="Hosts">The way out.</param>
/// <param name="Secrets">Passwords and keys by name.</param>
/// <param name="Points">Where what is learned of a server is recorded.</param>
/// <param name="Time">The clock.</param>
/// <param name="Settings">What administrators allow.</param>
public sealed record Outside(OutboundHosts Hosts, ISecrets Secrets, PointCatalog Points, TimeProvider Time, InstanceSettings Settings)
{
    /// <summary>The code of a refusal to sign in somewhere as the app itself.</summary>
    public const string IdentityNotAllowed = "managed-identity-not-allowed";

    /// <summary>How often a server is tried before the job fails.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long to wait before the second attempt; before the third it is four times as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a source may take that is copied in one go, all attempts together: an activity may take 30 minutes (functionTimeout in host.json), and one
    /// that takes longer is ended with everything that runs beside it.
    /// </summary>
    public TimeSpan LongestCopy { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Where directories are asked: the clouds' own addresses, unless the administrator says otherwise.</summary>
    public GraphPlaces Graph { get; init; } = new();

    /// <summary>
    /// Sees that a workspace may use the identity that the app itself has. Whoever consented to what it may read consented once for the whole app, and not
    /// to everybody who may make integration points somewhere in it.
    /// </summary>
    /// <exception cref="ConfigurationException"><c>managed-identity-not-allowed</c>: it may not.</exception>
    public async Task CheckIdentityAsync(string workspace, CancellationToken cancellationToken)
    {
        var allowed = await Settings.GetAsync(InstanceSetting.Find(InstanceSetting.ManagedIdentityWorkspaces)!, cancellationToken);
        if (WorkspaceList.Has(allowed.Value, workspace)) return;
        throw new ConfigurationException(IdentityNotAllowed, $"The workspace {Words.Quote(workspace)} may not use the app's managed identity. "
            + $"An administrator can allow it by the setting {InstanceSetting.ManagedIdentityWorkspaces}; or give an application of your own and its secret.");
    }

    /// <summary>A secret of settings, to be used at once and kept nowhere; null when none is given.</summary>
    /// <param name="workspace">Whose secrets are meant: those of another workspace would be sent to whatever server its settings name.</param>
    /// <param name="secret">The setting.</param>
    /// <param name="what">What it is in messages, such as <c>password</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ConfigurationException">It is kept under a name, and is not there.</exception>
    public async Task<string?> SecretAsync(string workspace, Secret? secret, string what, CancellationToken cancellationToken)
    {
        if (secret?.Name is not { } name) return secret?.Value;
        return await Secrets.GetAsync(SecretNames.Of(workspace, name), cancellationToken) ?? throw new ConfigurationException(
            "secret-missing", $"The {what} is kept as the secret {Words.Quote(name)}, and there is no secret of that name. Enter it again.");
    }
}
