using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using IntegrationPoints.Providers.Connections;
using Microsoft.Identity.Client;

namespace IntegrationPoints.Providers.Entra;

/// <summary>Tokens for Microsoft Graph: of the application and its secret, or of the app's own identity. Renewed before they expire, and when one is not taken.</summary>
/// <param name="settings">Who signs in, and where.</param>
/// <param name="secret">The application's secret; null: the app's own identity signs in.</param>
/// <param name="places">Where signing in is done.</param>
/// <param name="http">The way there. The app's own identity is had of the platform instead, which nobody's settings name.</param>
/// <param name="words">What people are told.</param>
internal sealed class GraphSignIn(EntraSettings settings, string? secret, GraphPlaces places, HttpClient http, EntraWords words)
{
    private TokenCredential? credential;

    /// <summary>A token that is good for some minutes more.</summary>
    /// <exception cref="ServerException">Nobody is let in, or nobody answers.</exception>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        var host = places.SignInOf(settings.Version).Authority;
        try
        {
            var token = (await (credential ??= Open()).GetTokenAsync(new TokenRequestContext([places.ScopeOf(settings.Version)]), limit.Token)).Token;
            if (settings.ManagedIdentity && TenantOf(token) is { } tenant && Guid.TryParse(settings.DirectoryId, out var asked) && asked != tenant) throw words.OtherDirectory($"{tenant}");
            return token;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw words.Silent(host, e);
        }
        catch (CredentialUnavailableException e) when (settings.ManagedIdentity)
        {
            throw EntraWords.NoIdentity(e);
        }
        catch (AuthenticationFailedException e)
        {
            throw Explained(e, host);
        }
    }

    /// <summary>Forgets the token: it is not taken any more.</summary>
    public void Forget() => credential = null;

    private TokenCredential Open() => settings.ManagedIdentity
        ? new DefaultAzureCredential(new DefaultAzureCredentialOptions
        {
            ExcludeEnvironmentCredential = true,
            ExcludeWorkloadIdentityCredential = true,
            ExcludeAzureCliCredential = true,
            ExcludeAzureDeveloperCliCredential = true,
            ExcludeAzurePowerShellCredential = true,
            ExcludeVisualStudioCredential = true,
            ExcludeVisualStudioCodeCredential = true,
            ExcludeInteractiveBrowserCredential = true,
            ExcludeBrokerCredential = true,
        })
        : new ClientSecretCredential(settings.DirectoryId, settings.ApplicationId, secret, Options());

    // The address is one of two, or the administrator's: nobody needs to be asked whether it is one of Microsoft's. Whoever calls repeats what may pass.
    private ClientSecretCredentialOptions Options()
    {
        var options = new ClientSecretCredentialOptions
        {
            AuthorityHost = places.SignInOf(settings.Version),
            DisableInstanceDiscovery = true,
            Transport = new HttpClientTransport(http),
        };
        options.Retry.MaxRetries = 0;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }

    private ServerException Explained(AuthenticationFailedException e, string host)
    {
        MsalServiceException? refused = null;
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            refused ??= cause as MsalServiceException;
            if (cause is RequestFailedException { Status: 0 } or HttpRequestException or IOException) return EntraWords.Unreachable(e, host);
        }
        if (refused is { StatusCode: 429 or >= 500 }) return EntraWords.Broken(refused.StatusCode, "");
        return refused is null ? EntraWords.Unreachable(e, host) : words.SignIn(CodeOf(refused.ResponseBody), e);
    }

    private static int CodeOf(string? body)
    {
        try
        {
            using var answer = JsonDocument.Parse(string.IsNullOrEmpty(body) ? "{}" : body);
            return answer.RootElement.TryGetProperty("error_codes", out var codes) && codes.ValueKind == JsonValueKind.Array && codes.GetArrayLength() > 0
                && codes[0].TryGetInt32(out var code) ? code : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    // RFC 7519: the second part is JSON in base64url. Whether it is genuine is for Microsoft Graph to say.
    private static Guid? TenantOf(string token)
    {
        try
        {
            var part = token.Split('.') is [_, var claims, ..] ? claims.Replace('-', '+').Replace('_', '/') : "";
            using var read = JsonDocument.Parse(Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '=')));
            return read.RootElement.TryGetProperty("tid", out var tenant) && tenant.TryGetGuid(out var id) ? id : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
