using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Every endpoint, asked with every kind of token that must not let anybody in, and as those who may not.</summary>
public sealed class SignInAttackTests(Servers servers) : IClassFixture<SignInAttackTests.Tenant>, IAsyncLifetime
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static Tenant? tenant;

    // Making a key takes longer than asking an endpoint.
    private static readonly RSA Stranger = RSA.Create(2048);

    private static readonly Dictionary<string, Func<Authority, string>> Tokens = new()
    {
        ["no token"] = _ => "",
        ["another scheme"] = _ => "Basic YWRtaW46YWRtaW4=",
        ["no JWT"] = _ => "Bearer x",
        ["wrong tenant"] = a => Right(a).With(("tid", Guid.NewGuid().ToString())).Signed(),
        ["issuer of another tenant"] = a => Right(a).With(("iss", $"{a.Address}{Guid.NewGuid()}/v2.0")).Signed(),
        ["expired"] = a => Right(a).With(("exp", DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeSeconds())).Signed(),
        ["not valid yet"] = a => Right(a).With(("nbf", DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds())).Signed(),
        ["without an end"] = a => Right(a).With(("exp", null)).Signed(),
        ["wrong audience"] = a => Right(a).With(("aud", "https://graph.microsoft.com")).Signed(),
        ["without audience"] = a => Right(a).With(("aud", null)).Signed(),
        ["alg: none"] = a => Right(a).WithHeader(("alg", "none"), ("kid", null)).Unsigned + ".",
        ["alg: nOnE"] = a => Right(a).WithHeader(("alg", "nOnE"), ("kid", null)).Unsigned + ".",
        ["without signature"] = a => Right(a).Unsigned + ".",
        ["tampered"] = a => Tampered(Right(a)),
        ["signed with another key"] = a => Right(a).Signed(Stranger),
        ["signed with the public key as a secret"] = a => Right(a).WithHeader(("alg", "HS256")).SignedBy(bytes => HMACSHA256.HashData(a.Signing.Key.ExportSubjectPublicKeyInfo(), bytes)),
        ["a key that the token brings along"] = a => Right(a).WithHeader(("jku", $"{a.Address}x"), ("x5u", $"{a.Address}x"), ("kid", "../../x")).Signed(Stranger),
        ["local, with a key of nobody"] = _ => new LocalToken().Sign(new byte[32], DateTimeOffset.UtcNow),
    };

    public static TheoryData<string, string> Attacks => [.. from token in Tokens.Keys from e in Endpoint.All select (token, e.ToString())];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Turn.WaitAsync(Stop);
        try
        {
            tenant ??= await Tenant.StartAsync(servers);
        }
        finally
        {
            Turn.Release();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_token_with_nothing_wrong_lets_in()
        => Assert.Equal(200, (await new Api(tenant!.App, "").As($"Bearer {Right(tenant.Authority).Signed()}").GetAsync("workspaces")).Status);

    [Theory, MemberData(nameof(Attacks))]
    public async Task Nobody_gets_in(string token, string operation)
    {
        var endpoint = Endpoint.Of(operation);
        var authorization = Tokens[token](tenant!.Authority);
        var api = new Api(tenant.App, "").As(authorization.Contains('.') ? $"Bearer {authorization}" : authorization);
        var reply = await api.CallAsync(endpoint.Method, endpoint.Address(p => p), endpoint.Body is null ? null : "{}");
        if (OpenRoutes.All.Contains(endpoint.Path))
        {
            Assert.Equal(200, reply.Status);
            return;
        }
        Assert.Equal((401, "sign-in-required"), (reply.Status, reply.Code));
        // One message for whatever is wrong.
        Assert.Equal("Sign in", reply.Json["detail"]!.GetValue<string>()[..7]);
        Assert.Single(reply.Headers.WwwAuthenticate);
    }

    /// <summary>The other ways to say who asks, which proxies and older hosts take.</summary>
    [Theory]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "eyJhdXRoX3R5cCI6ImFhZCJ9")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME", "admin@example.com")]
    [InlineData("X-Forwarded-User", "admin")]
    [InlineData("X-Original-URL", "/api/health")]
    [InlineData("X-Rewrite-URL", "/api/health")]
    [InlineData("X-HTTP-Method-Override", "GET")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("x-functions-key", "x")]
    [InlineData("Cookie", "AppServiceAuthSession=x")]
    [InlineData("Authorization", "Bearer  ")]
    public async Task No_other_header_lets_in(string name, string value)
        => Assert.Equal(401, (await new Api(tenant!.App, "").As("").GetAsync("workspaces", (name, value))).Status);

    /// <summary>Spellings of an address that is open, in front of or around one that is not.</summary>
    [Theory]
    [InlineData("health/../workspaces")]
    [InlineData("health/%2e%2e/workspaces")]
    [InlineData("health%2f..%2fworkspaces")]
    [InlineData("health;/../workspaces")]
    [InlineData("./workspaces")]
    [InlineData("/workspaces")]
    [InlineData("WORKSPACES")]
    [InlineData("workspaces/")]
    [InlineData("workspaces?/health")]
    [InlineData("workspaces#/health")]
    [InlineData("workspaces;health")]
    [InlineData("%77orkspaces")]
    [InlineData("workspaces%00health")]
    [InlineData("workspaces?code=x&access_token=x&api-version=health")]
    public async Task No_spelling_of_an_address_is_open(string address)
    {
        var answer = await RawRequest.SendAsync(tenant!.App.Anonymous, $"GET /api/{address} HTTP/1.1\r\n", "\r\n", Stop);
        Assert.Matches("^HTTP/1.1 (400|401|404) ", answer);
        Assert.DoesNotContain("\"items\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_headers_that_say_who_asks_are_none()
    {
        var right = Right(tenant!.Authority).Signed();
        var answer = await RawRequest.SendAsync(tenant.App.Anonymous, $"GET /api/workspaces HTTP/1.1\r\nAuthorization: Bearer {right}\r\nAuthorization: Bearer x\r\n", "\r\n", Stop);
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    /// <summary>No token, nor a part of one, is in the log.</summary>
    [Fact]
    public async Task No_token_is_logged()
    {
        foreach (var make in Tokens.Values)
        {
            var token = make(tenant!.Authority);
            await new Api(tenant.App, "").As($"Bearer {token}").GetAsync("workspaces");
            foreach (var part in token.Split('.', ' ').Where(p => p.Length > 8)) Assert.DoesNotContain(tenant.App.Log, line => line.Contains(part, StringComparison.Ordinal));
        }
    }

    private static Forged Right(Authority authority) => new(authority);

    private static string Tampered(Forged token)
    {
        var parts = token.Signed().Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("jane@", "root@", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }

    /// <summary>An app that takes tokens of an authority's tenant, and of this machine.</summary>
    public sealed class Tenant : IAsyncDisposable
    {
        internal Authority Authority { get; private set; } = null!;

        internal AppProcess App { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (tenant is not { } started) return;
            tenant = null;
            await started.App.DisposeAsync();
            await started.Authority.DisposeAsync();
        }

        internal static async Task<Tenant> StartAsync(Servers servers)
        {
            var authority = await Authority.StartAsync();
            var app = await servers.NewAppAsync(("Auth:TenantId", Authority.Tenant), ("Auth:Audience", Forged.Audience), ("Auth:Authority", authority.Address));
            return new Tenant { Authority = authority, App = app };
        }
    }
}
