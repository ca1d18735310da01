using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IntegrationPoints.Cli.Api;

/// <summary>A token for the app of this machine: whom it lets in, and as what. A JWT (RFC 7519) signed with HMAC-SHA256.</summary>
internal sealed record LocalToken
{
    /// <summary>The app role of administrators.</summary>
    public const string Administrator = "IntegrationPoints.Administrator";

    private const string Issuer = "ip-local", Audience = "integration-points-local";

    /// <summary>The name of whom it lets in.</summary>
    public string Name { get; init; } = Environment.UserName;

    /// <summary>The directory's id of the user; null: none.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The groups that the user belongs to.</summary>
    public IReadOnlyCollection<string> Groups { get; init; } = [];

    /// <summary>The app roles that the user has.</summary>
    public IReadOnlyCollection<string> Roles { get; init; } = [Administrator];

    /// <summary>For how long.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The token.</summary>
    /// <param name="key">What it is signed with.</param>
    /// <param name="now">From when it lets in.</param>
    public string Sign(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["name"] = Name,
            ["groups"] = Groups,
            ["roles"] = Roles,
        };
        if (ObjectId is not null) claims["oid"] = ObjectId;
        var signed = $"{Part(new { alg = "HS256", typ = "JWT" })}.{Part(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
