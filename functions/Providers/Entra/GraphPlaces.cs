using System.Net.Security;

namespace IntegrationPoints.Providers.Entra;

/// <summary>Where people's directories are asked. The settings of an integration point choose a cloud; an address only the administrator of the app can set.</summary>
public sealed record GraphPlaces
{
    /// <summary>In place of the cloud's own address of sign-in; null: that one.</summary>
    public Uri? SignIn { get; init; }

    /// <summary>In place of the cloud's own address of Microsoft Graph, without a version; null: that one.</summary>
    public Uri? Graph { get; init; }

    /// <summary>Which certificates count; null: those that the machine trusts.</summary>
    internal RemoteCertificateValidationCallback? Trust { get; init; }

    /// <summary>Where a token for the cloud is had (learn.microsoft.com, "Microsoft Entra authentication and national clouds").</summary>
    internal Uri SignInOf(EntraCloud cloud) => SignIn ?? new Uri(cloud == EntraCloud.Government ? "https://login.microsoftonline.us/" : "https://login.microsoftonline.com/");

    /// <summary>Where the cloud's Graph of a version begins, with a slash at the end.</summary>
    internal Uri GraphOf(EntraSettings settings)
        => new(Graph ?? new Uri(Resource(settings.Version)), settings.GraphVersion == GraphVersion.Beta ? "beta/" : "v1.0/");

    /// <summary>
    /// For what a token is: for Graph, wherever it is (learn.microsoft.com, "National cloud deployments"). An address of this machine is no cloud's, and
    /// takes those of the cloud that the settings name.
    /// </summary>
    internal string ScopeOf(EntraCloud cloud) => (Graph is { IsLoopback: false } own ? own.GetLeftPart(UriPartial.Authority) + "/" : Resource(cloud)) + ".default";

    private static string Resource(EntraCloud cloud) => cloud == EntraCloud.Government ? "https://graph.microsoft.us/" : "https://graph.microsoft.com/";
}
