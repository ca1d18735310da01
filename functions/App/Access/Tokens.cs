using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Access;

/// <summary>What every token must be, whoever issued it, and what its claims say about the caller.</summary>
internal static class Tokens
{
    /// <summary>The app role of administrators, as the claim <c>roles</c> carries it.</summary>
    public const string AdministratorRole = "IntegrationPoints.Administrator";

    /// <summary>The most characters of a token; one with two hundred groups, the most that a token carries, has half as many.</summary>
    public const int MaxLength = 24 * 1024;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Signature by a known key, algorithm, issuer, audience and lifetime are demanded; issuer, audience and keys are the caller's to add.</summary>
    /// <param name="algorithms">The only ones that are taken (RFC 8725, 3.1).</param>
    public static TokenValidationParameters Demanding(params string[] algorithms) => new()
    {
        ValidAlgorithms = algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        RequireAudience = true,
        ValidateIssuer = true,
        ValidateAudience = true,
        ValidateLifetime = true,
        ValidateIssuerSigningKey = true,
        TryAllIssuerSigningKeys = false,
        ClockSkew = ClockSkew,
    };

    /// <summary>A claim that stands once; null: it is not there, blank or a list.</summary>
    public static string? Claim(JsonWebToken token, string name)
        => token.Claims.Where(c => c.Type == name).ToList() is [{ Value: var value }] && !string.IsNullOrWhiteSpace(value) ? value : null;

    /// <summary>Who a valid token says the caller is.</summary>
    /// <exception cref="SecurityTokenException">It has no name, or one that only API keys have.</exception>
    public static Identity Identity(JsonWebToken token, string? name)
    {
        if (name is null) throw new SecurityTokenException("The token names nobody.");
        if (name.StartsWith(Access.Identity.KeyPrefix, StringComparison.OrdinalIgnoreCase)) throw new SecurityTokenException("The token has the name of an API key.");
        return new Identity(name)
        {
            ObjectId = Claim(token, "oid"),
            // Without the claim, the instant from which it lets in.
            IssuedUtc = new DateTimeOffset(token.IssuedAt > DateTime.MinValue ? token.IssuedAt : token.ValidFrom, TimeSpan.Zero),
            Groups = [.. Values(token, "groups")],
            IsAdministrator = Values(token, "roles").Contains(AdministratorRole, StringComparer.Ordinal),
        };
    }

    /// <summary>Why a token is not valid.</summary>
    public static Exception Reason(TokenValidationResult result) => result.Exception ?? new SecurityTokenException("The token is not valid.");

    private static IEnumerable<string> Values(JsonWebToken token, string name) => token.Claims.Where(c => c.Type == name).Select(c => c.Value);
}
