using IntegrationPoints.Providers.Entra;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App;

/// <summary>
/// <c>Entra:SignIn</c> and <c>Entra:Graph</c>: where directories are asked, when that is not one of Microsoft's clouds. Settings of the app, so that nobody
/// who sets up an integration point can have secrets sent elsewhere.
/// </summary>
internal static class DirectoryAddresses
{
    /// <summary>Reads and checks them.</summary>
    /// <exception cref="InvalidOperationException">One is no address with TLS; the message says what to set.</exception>
    public static GraphPlaces From(IConfiguration configuration) => new()
    {
        SignIn = Address("Entra__SignIn", configuration["Entra:SignIn"], "https://login.microsoftonline.com/"),
        Graph = Address("Entra__Graph", configuration["Entra:Graph"], "https://graph.microsoft.com/"),
    };

    private static Uri? Address(string setting, string? text, string example)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return Uri.TryCreate(text.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0 && address.Query.Length == 0
            ? address : throw new InvalidOperationException($"{setting} is not an address such as {example}. Secrets and people are sent over TLS only.");
    }
}
