using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>A sign-in authority on this machine: it publishes the metadata and keys of one tenant as Microsoft Entra ID does (OpenID Connect Discovery).</summary>
internal sealed class Authority : IAsyncDisposable
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";

    private readonly WebApplication web;
    private int requests;

    private Authority(WebApplication web) => this.web = web;

    /// <summary>Its address.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The key that it signs with, and its id.</summary>
    public (string Id, RSA Key) Signing { get; private set; } = ("first", RSA.Create(2048));

    /// <summary>How often its metadata or keys were asked for.</summary>
    public int Requests => requests;

    /// <summary>Whether it answers.</summary>
    public bool IsAway { get; set; }

    public static async Task<Authority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new Authority(builder.Build());
        authority.web.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", (string tenant) => authority.Answer(new Dictionary<string, object>
        {
            ["issuer"] = $"{authority.Address}{tenant}/v2.0",
            ["jwks_uri"] = $"{authority.Address}{tenant}/discovery/v2.0/keys",
        }));
        authority.web.MapGet("/{tenant}/discovery/v2.0/keys", () => authority.Answer(new { keys = new[] { authority.Published() } }));
        await authority.web.StartAsync();
        authority.Address = new Uri(authority.web.Urls.Single().TrimEnd('/') + "/");
        return authority;
    }

    /// <summary>Signs with another key from now on, and publishes that one alone.</summary>
    public void Rotate(string id) => Signing = (id, RSA.Create(2048));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await web.DisposeAsync();
        Signing.Key.Dispose();
    }

    private IResult Answer(object document)
    {
        Interlocked.Increment(ref requests);
        return IsAway ? Results.StatusCode(503) : Results.Json(document);
    }

    private object Published()
    {
        var key = Signing.Key.ExportParameters(false);
        return new { kty = "RSA", use = "sig", kid = Signing.Id, n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) };
    }
}
