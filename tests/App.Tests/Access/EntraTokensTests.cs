using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.Cli.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Tokens of Microsoft Entra ID: whom the right ones let in, and that nothing else does. Against an authority on this machine.</summary>
public sealed class EntraTokensTests : IAsyncLifetime
{
    private const string OtherTenant = "99999999-2222-3333-4444-555555555555";

    private static readonly RSA Stranger = RSA.Create(2048);

    private Authority authority = null!;
    private SignIn signIn = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Every way that a token can be wrong, with its source.</summary>
    private static Dictionary<string, Func<Authority, string>> Wrong { get; } = new()
    {
        // RFC 7519, 7.2: what is not a JWT at all.
        ["blank"] = _ => "",
        ["a word"] = _ => "token",
        ["two parts"] = a => new Forged(a).Unsigned,
        ["dots"] = _ => "..",
        ["many dots"] = _ => new string('.', 400),
        ["five parts (RFC 7516)"] = a => new Forged(a).Signed() + ".AAAA.AAAA",
        ["not Base64"] = _ => "!!!.???.***",
        ["a header that is not JSON"] = a => $"{Convert.ToBase64String("{{{"u8)}.{Forged.Part(new Forged(a).Claims)}.AAAA",
        ["claims that are not JSON"] = a => $"{Forged.Part(new Forged(a).Header)}.{Convert.ToBase64String("[1,"u8)}.AAAA",
        ["claims that are a list"] = a => $"{Forged.Part(new Forged(a).Header)}.{Forged.Part(new[] { 1 })}.AAAA",
        ["letters that no token has"] = a => new Forged(a).Signed() + "\u00e9",
        ["too long"] = a => new Forged(a).With(("padding", new string('x', 30_000))).Signed(),
        // RFC 8725, 2.1 and 3.1: algorithms that nobody asked for.
        ["alg none"] = a => new Forged(a).WithHeader(("alg", "none")).Unsigned + ".",
        ["alg None, with the old signature"] = a => new Forged(a).WithHeader(("alg", "None")).SignedBy(_ => Stranger.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
        ["no alg"] = a => new Forged(a).WithHeader(("alg", null)).Signed(),
        ["no signature"] = a => new Forged(a).Unsigned + ".",
        ["HS256 with the public key as the secret, as PEM"] = a => Hmac(a, Encoding.ASCII.GetBytes(a.Signing.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the public key as the secret, as DER"] = a => Hmac(a, a.Signing.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the modulus as the secret"] = a => Hmac(a, a.Signing.Key.ExportParameters(false).Modulus!),
        ["HS256 with an empty secret"] = a => Hmac(a, []),
        ["PS256 by the right key"] = a => new Forged(a).WithHeader(("alg", "PS256")).SignedBy(b => a.Signing.Key.SignData(b, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        ["ES256 by a key of one's own"] = a => EllipticCurve(a),
        // RFC 8725, 2.2 and 3.10: keys of one's own.
        ["the right key's id, another key"] = a => new Forged(a).Signed(Stranger),
        ["an unknown key's id"] = a => new Forged(a).WithHeader(("kid", "unknown")).Signed(Stranger),
        ["an unknown key's id, signed by the right key"] = a => new Forged(a).WithHeader(("kid", "unknown")).Signed(),
        ["no key's id, another key"] = a => new Forged(a).WithHeader(("kid", null)).Signed(Stranger),
        ["a key in the header (jwk)"] = a => new Forged(a).WithHeader(("kid", "mine"), ("jwk", Jwk("mine"))).Signed(Stranger),
        ["an address of keys in the header (jku)"] = a => new Forged(a).WithHeader(("kid", "mine"), ("jku", $"{a.Address}{OtherTenant}/discovery/v2.0/keys")).Signed(Stranger),
        ["a key's id that is a path"] = a => new Forged(a).WithHeader(("kid", "../../etc/passwd")).Signed(Stranger),
        // RFC 7515, 5.2: what was changed after it was signed.
        ["tampered claims"] = a => Tampered(a, f => f.With(("roles", new[] { "IntegrationPoints.Administrator" }))),
        ["tampered header"] = a => Tampered(a, f => f.WithHeader(("typ", "at+jwt"))),
        ["half a signature"] = a => new Forged(a).Signed()[..^100],
        // learn.microsoft.com, "Access tokens", validate tokens: lifetime, audience, issuer, tenant.
        ["expired"] = a => new Forged(a).With(("nbf", Now - 7200), ("exp", Now - 600)).Signed(),
        ["not valid yet"] = a => new Forged(a).With(("nbf", Now + 600)).Signed(),
        ["never expires"] = a => new Forged(a).With(("exp", null)).Signed(),
        ["expires in words"] = a => new Forged(a).With(("exp", "tomorrow")).Signed(),
        ["expired before all time"] = a => new Forged(a).With(("exp", -1)).Signed(),
        ["for another app"] = a => new Forged(a).With(("aud", "https://graph.microsoft.com")).Signed(),
        ["for an app whose name begins like ours"] = a => new Forged(a).With(("aud", Forged.Audience + "-test")).Signed(),
        ["for several other apps"] = a => new Forged(a).With(("aud", new[] { "a", "b" })).Signed(),
        ["for nobody"] = a => new Forged(a).With(("aud", null)).Signed(),
        ["for the audience of local tokens"] = a => new Forged(a).With(("aud", LocalTokens.Audience)).Signed(),
        ["of another tenant"] = a => new Forged(a).With(("tid", OtherTenant), ("iss", $"{a.Address}{OtherTenant}/v2.0")).Signed(),
        ["of another tenant, version 1.0"] = a => new Forged(a).With(("tid", OtherTenant), ("iss", $"https://sts.windows.net/{OtherTenant}/")).Signed(),
        ["of another tenant, with our issuer"] = a => new Forged(a).With(("tid", OtherTenant)).Signed(),
        ["of our tenant, with another's issuer"] = a => new Forged(a).With(("iss", $"{a.Address}{OtherTenant}/v2.0")).Signed(),
        ["of no tenant"] = a => new Forged(a).With(("tid", null)).Signed(),
        ["of two tenants"] = a => new Forged(a).With(("tid", new[] { OtherTenant, Authority.Tenant })).Signed(),
        ["issued elsewhere"] = a => new Forged(a).With(("iss", $"https://login.example.com/{Authority.Tenant}/v2.0")).Signed(),
        ["issued by nobody"] = a => new Forged(a).With(("iss", null)).Signed(),
        ["issued by ip, signed by the authority"] = a => new Forged(a).With(("iss", LocalTokens.Issuer)).Signed(),
        ["an ID token"] = a => new Forged(a).With(("azp", null), ("scp", null), ("nonce", "x")).Signed(),
        // Ours: names decide what one may do.
        ["of nobody"] = a => new Forged(a).With(("preferred_username", null), ("oid", null)).Signed(),
        ["with the name of an API key"] = a => new Forged(a).With(("preferred_username", "key:robot")).Signed(),
        ["a token of ip, by a key of one's own"] = _ => new LocalToken().Sign(RandomNumberGenerator.GetBytes(32), DateTimeOffset.UtcNow),
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        authority = await Authority.StartAsync();
        signIn = new SignIn(Settings(), Keys.None, NullLoggerFactory.Instance);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => authority.DisposeAsync();

    [Theory, MemberData(nameof(Cases))]
    public async Task A_token_that_is_wrong_lets_nobody_in(string wrong)
    {
        var (http, refused) = await RefusedAsync($"Bearer {Wrong[wrong](authority)}");
        var (_, without) = await RefusedAsync();
        Assert.Equal((401, "sign-in-required"), (refused.Status, refused.Code));
        // What is wrong with it is nobody's business.
        Assert.Equal(without.Message, refused.Message);
        Assert.Equal(
            $"Bearer realm=\"integration-points\", authorization_uri=\"{authority.Address}{Authority.Tenant}\", resource_id=\"{Forged.Audience}\"",
            http.Response.Headers.WWWAuthenticate);
    }

    [Fact]
    public async Task The_token_of_a_user_says_who_asks()
    {
        var groups = Enumerable.Range(0, 200).Select(_ => Guid.NewGuid().ToString()).ToArray();
        var identity = await CallerAsync(new Forged(authority).With(("groups", groups), ("roles", new[] { "Other.Role" })).Signed());
        Assert.Equal(("jane@example.com", "oid-of-jane", false, false), (identity.Name, identity.ObjectId, identity.IsAdministrator, identity.LacksGroups));
        Assert.Equal(groups, identity.Groups);
        Assert.Null(identity.Key);
    }

    [Theory]
    [InlineData("IntegrationPoints.Administrator", true)]
    [InlineData("integrationpoints.administrator", false)]
    [InlineData("IntegrationPoints.Administrator2", false)]
    public async Task The_app_role_makes_administrators(string role, bool isAdministrator)
    {
        Assert.Equal(isAdministrator, (await CallerAsync(new Forged(authority).With(("roles", new[] { "X", role })).Signed())).IsAdministrator);
        Assert.Equal(isAdministrator, (await CallerAsync(new Forged(authority).With(("roles", role)).Signed())).IsAdministrator);
    }

    /// <summary>learn.microsoft.com, "Access token claims reference": version 1.0 has another issuer, upn and appid; so do applications that ask for themselves.</summary>
    [Fact]
    public async Task Names_come_from_what_the_tenant_alone_can_set()
    {
        var v1 = new Forged(authority).With(("iss", $"https://sts.windows.net/{Authority.Tenant}/"), ("ver", "1.0"), ("azp", null), ("appid", "app"), ("preferred_username", null));
        Assert.Equal("joe@example.com", (await CallerAsync(v1.With(("upn", "joe@example.com")).Signed())).Name);
        // What a guest's own tenant lets him choose is no name here.
        Assert.Equal("oid-of-jane", (await CallerAsync(v1.With(("upn", null), ("email", "boss@example.com"), ("unique_name", "boss@example.com")).Signed())).Name);
        Assert.Equal("app", (await CallerAsync(v1.With(("scp", null)).Signed())).Name);
        Assert.Equal("robot", (await CallerAsync(new Forged(authority).With(("preferred_username", null), ("scp", null), ("azp", "robot"), ("idtyp", "app")).Signed())).Name);
    }

    /// <summary>learn.microsoft.com, "Groups overage claim".</summary>
    [Fact]
    public async Task Groups_that_the_token_leaves_out_are_noted()
    {
        var overage = new Dictionary<string, string> { ["groups"] = "src1" };
        var identity = await CallerAsync(new Forged(authority).With(("_claim_names", overage), ("_claim_sources", new { src1 = new { endpoint = "https://graph.windows.net/x" } })).Signed());
        Assert.Equal((true, 0), (identity.LacksGroups, identity.Groups.Count));
        Assert.True((await CallerAsync(new Forged(authority).With(("hasgroups", true)).Signed())).LacksGroups);
    }

    [Fact]
    public async Task Whatever_else_the_header_is_lets_nobody_in()
    {
        var right = $"Bearer {new Forged(authority).Signed()}";
        foreach (var headers in (string[][])[[], [""], ["Basic YTpi"], ["Bearer"], [right, right], [right, "Bearer x"], [right + ", " + right], [right["Bearer ".Length..]], ["Bearer " + right]])
            Assert.Equal(401, (await RefusedAsync(headers)).Refused.Status);
        Assert.Equal("jane@example.com", (await signIn.CallerAsync(Request(right.Replace("Bearer", "bearer", StringComparison.Ordinal)), Stop)).Name);
    }

    [Fact]
    public async Task A_new_key_is_picked_up_and_the_old_one_dropped()
    {
        var tokens = new EntraTokens(Settings(), NullLogger<EntraTokens>.Instance) { RefreshInterval = TimeSpan.FromSeconds(1) };
        var before = new Forged(authority).Signed();
        Assert.Equal("jane@example.com", (await tokens.ReadAsync(before, Stop)).Name);
        authority.Rotate("second");
        var after = new Forged(authority).Signed();
        await Running.Until.TrueAsync(async () => await LetsInAsync(tokens, after), TimeSpan.FromMinutes(5), () => "The new key is not known.");
        Assert.False(await LetsInAsync(tokens, before));
    }

    [Fact]
    public async Task Made_up_keys_do_not_make_the_app_ask_the_authority_again_and_again()
    {
        await CallerAsync(new Forged(authority).Signed());
        for (var i = 0; i < 100; i++) await RefusedAsync($"Bearer {new Forged(authority).WithHeader(("kid", $"made-up-{i}")).Signed(Stranger)}");
        Assert.InRange(authority.Requests, 2, 4);
    }

    [Fact]
    public async Task While_the_authority_is_away_nobody_is_told_that_the_token_is_wrong()
    {
        authority.IsAway = true;
        var (_, refused) = await RefusedAsync($"Bearer {new Forged(authority).Signed()}");
        Assert.Equal((503, "sign-in-unavailable"), (refused.Status, refused.Code));
        authority.IsAway = false;
        Assert.Equal("jane@example.com", (await CallerAsync(new Forged(authority).Signed())).Name);
        authority.IsAway = true;
        Assert.Equal("jane@example.com", (await CallerAsync(new Forged(authority).Signed())).Name);
    }

    private static string Hmac(Authority authority, byte[] secret)
        => new Forged(authority).WithHeader(("alg", "HS256")).SignedBy(bytes => HMACSHA256.HashData(secret, bytes));

    private static string EllipticCurve(Authority authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Forged(authority).WithHeader(("alg", "ES256")).SignedBy(bytes => key.SignData(bytes, HashAlgorithmName.SHA256));
    }

    private static string Tampered(Authority authority, Func<Forged, Forged> change)
        => $"{change(new Forged(authority)).Unsigned}.{new Forged(authority).Signed().Split('.')[2]}";

    private static Dictionary<string, string> Jwk(string id)
    {
        var key = Stranger.ExportParameters(false);
        return new() { ["kty"] = "RSA", ["kid"] = id, ["n"] = Base64UrlEncoder.Encode(key.Modulus), ["e"] = Base64UrlEncoder.Encode(key.Exponent) };
    }

    private static async Task<bool> LetsInAsync(EntraTokens tokens, string token)
    {
        try
        {
            return (await tokens.ReadAsync(token, Stop)).Name.Length > 0;
        }
        catch (SecurityTokenException)
        {
            return false;
        }
    }

    private SignInSettings Settings() => new() { TenantId = Guid.Parse(Authority.Tenant), Audiences = [Forged.Audience, "client-id"], Authority = authority.Address };

    private Task<Identity> CallerAsync(string token) => signIn.CallerAsync(Request($"Bearer {token}"), Stop);

    private async Task<(HttpContext Http, RefusedException Refused)> RefusedAsync(params string[] headers)
    {
        var http = Request(headers);
        return (http, await Assert.ThrowsAsync<RefusedException>(() => signIn.CallerAsync(http, Stop)));
    }

    private static DefaultHttpContext Request(params string[] headers) => new() { Request = { Headers = { Authorization = headers } } };
}
