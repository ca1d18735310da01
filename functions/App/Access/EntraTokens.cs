using IntegrationPoints.App.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Access tokens of Microsoft Entra ID (learn.microsoft.com, "Access tokens in the Microsoft identity platform", version 1.0 and 2.0): issued by the
/// tenant (<c>iss</c>, <c>tid</c>) for this app (<c>aud</c>) to an application (<c>azp</c>, <c>appid</c>), signed with RSA by a key that the
/// authority publishes, and not expired. The caller's name is <c>preferred_username</c>, else <c>upn</c>, else the id of the application
/// (<c>azp</c>, <c>appid</c>) when it asks for itself, else <c>oid</c>. <c>email</c> and <c>unique_name</c> are never looked at: users of other tenants can choose them.
/// </summary>
public sealed class EntraTokens
{
    private const string Metadata = "v2.0/.well-known/openid-configuration";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = Tokens.MaxLength };
    private readonly string tenant;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> published;
    private readonly TokenValidationParameters demanded;
    private readonly ILogger<EntraTokens> logger;

    /// <summary>Takes the tokens of one tenant.</summary>
    public EntraTokens(SignInSettings settings, ILogger<EntraTokens> logger)
    {
        this.logger = logger;
        tenant = settings.TenantId?.ToString("D") ?? throw new ArgumentException("There is no tenant.", nameof(settings));
        var address = new Uri(settings.Authority, $"{tenant}/{Metadata}");
        var reader = new HttpDocumentRetriever(new HttpClient { Timeout = Patience }) { RequireHttps = settings.Authority.Scheme == Uri.UriSchemeHttps };
        // A key that the authority has taken back may be in wrong hands: the ones known before count no more.
        published = new(address.ToString(), new OpenIdConnectConfigurationRetriever(), reader) { UseLastKnownGoodConfiguration = false };
        demanded = Tokens.Demanding(SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512);
        demanded.ValidIssuers = Issuers(settings.Authority, tenant);
        demanded.ValidAudiences = settings.Audiences;
        demanded.ConfigurationManager = published;
    }

    /// <summary>How soon the keys are asked for again when a token names one that is not known; not sooner, however many such tokens come.</summary>
    internal TimeSpan RefreshInterval { set => published.RefreshInterval = value; }

    /// <summary>Who the token says the caller is.</summary>
    /// <exception cref="SecurityTokenException">It is not valid.</exception>
    /// <exception cref="RefusedException">503: the keys of the authority were never read, and cannot be now.</exception>
    public async Task<Identity> ReadAsync(string token, CancellationToken cancellationToken)
    {
        await NeedKeysAsync(cancellationToken);
        // A copy: the library notes in it how it comes along.
        var result = await handler.ValidateTokenAsync(token, demanded.Clone());
        if (!result.IsValid) throw Tokens.Reason(result);
        var claims = (JsonWebToken)result.SecurityToken;
        if (!tenant.Equals(Tokens.Claim(claims, "tid"), StringComparison.OrdinalIgnoreCase)) throw new SecurityTokenException("The token is of another tenant.");
        // An ID token has our client id as audience, too, but is proof of a sign-in for the application's own eyes.
        var application = Tokens.Claim(claims, "azp") ?? Tokens.Claim(claims, "appid")
            ?? throw new SecurityTokenException("The token is not an access token: it names no application.");
        var identity = Tokens.Identity(claims, NameOf(claims, application));
        return IsShortOfGroups(claims) ? WithoutGroups(identity) : identity;
    }

    private async Task NeedKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            await published.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            logger.LogError(e, "The keys of the authority cannot be read");
            throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "sign-in-unavailable",
                "Nobody can sign in now: the app cannot read the keys of its sign-in authority. Try again in a few seconds.");
        }
    }

    // An application that asks for itself has no user's name; its own object id stands in oid.
    private static string? NameOf(JsonWebToken claims, string application)
        => Tokens.Claim(claims, "preferred_username") ?? Tokens.Claim(claims, "upn")
            ?? (Tokens.Claim(claims, "idtyp") == "app" || Tokens.Claim(claims, "scp") is null ? application : Tokens.Claim(claims, "oid"));

    // Of a user with more groups than fit, the token says only where to ask for them (claims _claim_names, hasgroups).
    private static bool IsShortOfGroups(JsonWebToken claims)
        => claims.Claims.Any(c => c.Type == "hasgroups" || (c.Type == "_claim_names" && c.Value.Contains("\"groups\"", StringComparison.Ordinal)));

    private Identity WithoutGroups(Identity identity)
    {
        logger.LogWarning("The token of {Name} leaves out the groups, because there are too many: what they may do counts for nothing. "
            + "Let tokens carry the groups assigned to the application only", identity.Name);
        return identity with { LacksGroups = true };
    }

    // Applications that ask for version 1.0 tokens get them from the issuer of that version, signed with the same keys.
    private static string[] Issuers(Uri authority, string tenant)
    {
        var first = authority.Host.EndsWith(".cn", StringComparison.OrdinalIgnoreCase) ? "https://sts.chinacloudapi.cn/" : "https://sts.windows.net/";
        return [$"{authority}{tenant}/v2.0", $"{first}{tenant}/"];
    }
}
