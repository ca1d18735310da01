using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using IntegrationPoints.App.Access;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>A token made by hand, so that everything about it can be wrong. As it begins it is right: of a user of the authority's tenant, for this app.</summary>
internal sealed class Forged
{
    /// <summary>For whom the tests' app takes tokens.</summary>
    public const string Audience = "api://integration-points";

    private readonly RSA key;

    public Forged(Authority authority)
    {
        key = authority.Signing.Key;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Header = new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = authority.Signing.Id };
        Claims = new()
        {
            ["iss"] = $"{authority.Address}{Authority.Tenant}/v2.0",
            ["aud"] = Audience,
            ["tid"] = Authority.Tenant,
            ["oid"] = "oid-of-jane",
            ["preferred_username"] = "jane@example.com",
            ["azp"] = "app-of-jane",
            ["scp"] = "user_impersonation",
            ["ver"] = "2.0",
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 3600,
        };
    }

    public Dictionary<string, object> Header { get; }

    public Dictionary<string, object> Claims { get; }

    /// <summary>What stands before the signature.</summary>
    public string Unsigned => $"{Part(Header)}.{Part(Claims)}";

    /// <summary>With claims set; null takes one away.</summary>
    public Forged With(params (string Name, object? Value)[] claims) => Set(Claims, claims);

    /// <summary>With members of the header set; null takes one away.</summary>
    public Forged WithHeader(params (string Name, object? Value)[] members) => Set(Header, members);

    /// <summary>Signed with the authority's key, or another.</summary>
    public string Signed(RSA? other = null) => SignedBy(bytes => (other ?? key).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>Signed in another way.</summary>
    public string SignedBy(Func<byte[], byte[]> sign) => $"{Unsigned}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(Unsigned)))}";

    public static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private Forged Set(Dictionary<string, object> members, (string Name, object? Value)[] values)
    {
        foreach (var (name, value) in values)
        {
            if (value is null) members.Remove(name);
            else members[name] = value;
        }
        return this;
    }
}

/// <summary>API keys for tests that need none: the table of no account, which nobody asks.</summary>
internal static class Keys
{
    public static ApiKeys None { get; } = new(new JobTables(new TableServiceClient("UseDevelopmentStorage=true")), TimeProvider.System, NullLogger<ApiKeys>.Instance);
}
