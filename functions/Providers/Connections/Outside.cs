using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Connections;

/// <summary>What sources need that lie outside of the deployment.</summary>
/// <param name="Hosts">The way out.</param>
/// <param name="Secrets">Passwords and keys by name.</param>
/// <param name="Points">Where what is learned of a server is recorded.</param>
/// <param name="Time">The clock.</param>
public sealed record Outside(OutboundHosts Hosts, ISecrets Secrets, PointCatalog Points, TimeProvider Time)
{
    /// <summary>How often a server is tried before the job fails.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long to wait before the second attempt; before the third it is four times as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(3);
}
