using IntegrationPoints.App.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Finds out who asks, by the one thing that the request carries: a bearer token (RFC 6750) of the tenant or of this machine, or an API key in the
/// header <c>x-api-key</c> or, with the scheme <c>ApiKey</c>, in <c>Authorization</c>.
/// </summary>
public sealed class SignIn(SignInSettings settings, ApiKeys keys, ILoggerFactory loggers)
{
    /// <summary>The header of API keys.</summary>
    public const string KeyHeader = "x-api-key";

    private const string Bearer = "Bearer ", KeyScheme = "ApiKey ";

    // One for whatever is wrong: what a token lacks is not for those who have none that is right.
    private const string Refusal = "Sign in: send a bearer token of this app's tenant in the header Authorization, or an API key in the header x-api-key. What was sent, if anything, is not valid, or not any more.";

    private readonly ILogger<SignIn> logger = loggers.CreateLogger<SignIn>();
    private readonly LocalTokens? local = settings.LocalKeyFile is { } file ? new LocalTokens(file) : null;
    private readonly EntraTokens? entra = settings.TenantId is null ? null : new EntraTokens(settings, loggers.CreateLogger<EntraTokens>());

    /// <summary>Whether the request carries an API key of which only a look-up can tell whether it is one. Tokens are checked without any.</summary>
    public bool AsksForLookUp(HttpRequest request)
    {
        try
        {
            var (key, isKey) = Sent(request);
            return isKey && keys.IsUnproven(key);
        }
        catch (SecurityTokenException)
        {
            return false;
        }
    }

    /// <summary>The caller.</summary>
    /// <exception cref="RefusedException">401 with the header WWW-Authenticate: nobody has signed in; 503.</exception>
    public async Task<Identity> CallerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        try
        {
            var (token, isKey) = Sent(http.Request);
            return isKey ? await keys.ReadAsync(token, cancellationToken) : await ReadAsync(token, cancellationToken);
        }
        catch (Exception e) when (e is SecurityTokenException or ArgumentException)
        {
            // The library's words may hold the token's claims; its number of the message says as much to those who look it up.
            logger.LogInformation("Nobody signed in: {Reason}", e.Message.StartsWith("IDX", StringComparison.Ordinal) ? $"{e.GetType().Name} {e.Message.Split(':')[0]}" : e.Message);
            http.Response.Headers.WWWAuthenticate = Challenge();
            throw new RefusedException(StatusCodes.Status401Unauthorized, "sign-in-required", Refusal);
        }
    }

    private static (string Token, bool IsKey) Sent(HttpRequest request) => (request.Headers.Authorization, request.Headers[KeyHeader]) switch
    {
        ([], []) => throw new SecurityTokenException("nothing was sent"),
        ([], [{ } key]) => (key.Trim(), true),
        ([{ } only], []) when only.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) => (only[Bearer.Length..].Trim(), false),
        ([{ } only], []) when only.StartsWith(KeyScheme, StringComparison.OrdinalIgnoreCase) => (only[KeyScheme.Length..].Trim(), true),
        ([_], []) => throw new SecurityTokenException("another scheme"),
        // Which of them would count is not for guessing.
        _ => throw new SecurityTokenException("more than one token or key was sent"),
    };

    // Which issuer it says only chooses who checks it: nobody takes the other's tokens.
    private Task<Identity> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > Tokens.MaxLength) throw new SecurityTokenException("too long");
        var isLocal = new JsonWebToken(token).Issuer == LocalTokens.Issuer;
        if (isLocal && local is not null) return local.ReadAsync(token);
        if (!isLocal && entra is not null) return entra.ReadAsync(token, cancellationToken);
        throw new SecurityTokenException("an issuer whose tokens are not taken here");
    }

    // The way of Azure's own services: where tokens for this app come from.
    private string Challenge()
        => settings.TenantId is { } tenant
            ? $"Bearer realm=\"integration-points\", authorization_uri=\"{settings.Authority}{tenant:D}\", resource_id=\"{settings.Audiences[0]}\""
            : "Bearer realm=\"integration-points\"";
}
