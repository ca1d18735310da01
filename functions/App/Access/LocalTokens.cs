using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Tokens that <c>ip</c> makes for the app on the same machine: JWTs signed with HMAC-SHA256 by a key in a file that only its user can read. Claims
/// <c>name</c>, and <c>oid</c>, <c>groups</c> and <c>roles</c> as in a token of Microsoft Entra ID.
/// </summary>
public sealed class LocalTokens
{
    /// <summary>The issuer of local tokens.</summary>
    public const string Issuer = "ip-local";

    /// <summary>Their audience.</summary>
    public const string Audience = "integration-points-local";

    private const int KeyBytes = 32;

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = Tokens.MaxLength };
    private readonly TokenValidationParameters demanded;

    /// <summary>Takes tokens signed with the key in a file.</summary>
    /// <exception cref="InvalidOperationException">There is no key in it.</exception>
    public LocalTokens(string keyFile)
    {
        demanded = Tokens.Demanding(SecurityAlgorithms.HmacSha256);
        demanded.ValidIssuer = Issuer;
        demanded.ValidAudience = Audience;
        // There is one key, which has no id.
        demanded.TryAllIssuerSigningKeys = true;
        demanded.IssuerSigningKey = new SymmetricSecurityKey(ReadKey(keyFile));
    }

    /// <summary>Who the token says the caller is.</summary>
    /// <exception cref="SecurityTokenException">It is not valid.</exception>
    public async Task<Identity> ReadAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, demanded.Clone());
        if (!result.IsValid) throw Tokens.Reason(result);
        var claims = (JsonWebToken)result.SecurityToken;
        return Tokens.Identity(claims, Tokens.Claim(claims, "name"));
    }

    private static byte[] ReadKey(string file)
    {
        try
        {
            var key = Convert.FromBase64String(File.ReadAllText(file).Trim());
            if (key.Length >= KeyBytes) return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InvalidOperationException(Words(file), e);
        }
        throw new InvalidOperationException(Words(file));
    }

    private static string Words(string file)
        => $"Auth__LocalKeyFile names {Path.GetFullPath(file)}, which does not hold a key that can be read: {KeyBytes} random bytes in Base64. "
            + "`ip dev up` makes .local/signing-key; or set Auth__TenantId and Auth__Audience instead.";
}
