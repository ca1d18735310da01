using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.Tests.Graph;

/// <summary>
/// Stands for Microsoft Graph and its sign-in, on 127.0.0.1 with TLS: it signs in, asks for consent, pages, filters, nests groups and refuses what Graph
/// refuses; tests make it throttle, forget tokens and break off.
/// </summary>
public sealed class GraphServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly X509Certificate2 certificate;
    private readonly ConcurrentDictionary<string, int> tokens = new();
    private readonly List<string> asked = [];

    private GraphServer(WebApplication app, X509Certificate2 certificate) => (this.app, this.certificate) = (app, certificate);

    /// <summary>Who may sign in.</summary>
    public string Directory { get; } = Guid.NewGuid().ToString();
    public string Application { get; } = Guid.NewGuid().ToString();
    public string Secret { get; } = $"Planted~{Guid.NewGuid():n}";

    /// <summary>What sign-in answers instead: the number of an error.</summary>
    public int? SignInError { get; set; }

    public HashSet<string> Consents { get; } = ["User.Read.All", "Group.Read.All", "Directory.Read.All"];

    /// <summary>How many there are, and each by its number: so many that they are made when they are asked for.</summary>
    public int People { get; set; }
    public Func<int, JsonObject> Person { get; set; } = _ => [];

    public List<JsonObject> Groups { get; } = [];

    /// <summary>Ids of users and groups by the id of their group.</summary>
    public Dictionary<string, IReadOnlyList<string>> Members { get; } = [];

    /// <summary>Does something else than answer a question of Graph, whose number from 1 it is given: true, it has.</summary>
    public Func<int, HttpContext, Task<bool>>? Disturb { get; set; }

    /// <summary>How many questions a token is good for.</summary>
    public int TokenUses { get; set; } = int.MaxValue;

    public int SignIns { get; private set; }

    /// <summary>What Graph was asked: method, path and query, unescaped.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (asked) return [.. asked];
        }
    }

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    public Uri Address => new($"https://127.0.0.1:{Port}/");
    public string Pem => certificate.ExportCertificatePem();
    public string Thumbprint => certificate.Thumbprint;

    public static async Task<GraphServer> StartAsync()
    {
        var certificate = NewCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var server = new GraphServer(builder.Build(), certificate);
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public void Clear()
    {
        lock (asked) asked.Clear();
        (Disturb, SignInError, TokenUses, SignIns) = (null, null, int.MaxValue, 0);
        Groups.Clear();
        Members.Clear();
        Consents.UnionWith(["User.Read.All", "Group.Read.All", "Directory.Read.All"]);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        if (path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal)) await SignInAsync(http, path.Split('/')[1]);
        else if (path == "/msi/token") await WriteAsync(http, 200, new() { ["access_token"] = Token(), ["expires_on"] = $"{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}", ["token_type"] = "Bearer", ["resource"] = http.Request.Query["resource"].ToString() });
        else await GraphAsync(http, path);
    }

    private async Task SignInAsync(HttpContext http, string directory)
    {
        var form = await http.Request.ReadFormAsync();
        SignIns++;
        var error = SignInError ?? (directory != Directory ? 90002 : form["client_id"] != Application ? 700016 : form["client_secret"] != Secret ? 7000215 : null as int?);
        if (error is { } code)
        {
            await WriteAsync(http, code == 7000215 ? 401 : 400, new()
            {
                ["error"] = code == 7000215 ? "invalid_client" : "invalid_request",
                // More than Microsoft says: nobody is to rely on what it leaves out.
                ["error_description"] = $"AADSTS{code}: Refused {form["client_secret"]}. Trace ID: {Guid.NewGuid()}",
                ["error_codes"] = new JsonArray(code),
            });
            return;
        }
        await WriteAsync(http, 200, new() { ["token_type"] = "Bearer", ["expires_in"] = 3599, ["ext_expires_in"] = 3599, ["access_token"] = Token() });
    }

    private string Token()
    {
        string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var token = $"{Part("{\"alg\":\"none\"}")}.{Part($"{{\"tid\":\"{Directory}\",\"jti\":\"{Guid.NewGuid()}\"}}")}.planted-signature";
        tokens[token] = 0;
        return token;
    }

    private async Task GraphAsync(HttpContext http, string path)
    {
        int number;
        lock (asked)
        {
            asked.Add($"{http.Request.Method} {path}{Uri.UnescapeDataString(http.Request.QueryString.Value!)}");
            number = asked.Count;
        }
        if (Disturb is { } disturb && await disturb(number, http)) return;
        var token = http.Request.Headers.Authorization.ToString();
        if (!token.StartsWith("Bearer ", StringComparison.Ordinal) || !tokens.ContainsKey(token[7..]) || tokens.AddOrUpdate(token[7..], 0, (_, used) => used + 1) > TokenUses)
        {
            await RefuseAsync(http, 401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.");
            return;
        }
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        var needs = parts[0] switch { "users" => "User.Read.All", "groups" => "Group.Read.All", _ => "Directory.Read.All" };
        if (!Consents.Contains(needs)) await RefuseAsync(http, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        else if (parts is ["users"]) await PageAsync(http, People, Person, isCast: false);
        else if (parts is ["groups"]) await PageAsync(http, Groups.Count, i => Groups[i], isCast: false);
        else if (parts is ["groups", var group, "transitiveMembers", "microsoft.graph.user"]) await MembersAsync(http, group);
        else if (parts is ["directoryObjects", "getAvailableExtensionProperties"] && http.Request.Method == "POST") await WriteAsync(http, 200, new() { ["value"] = Extensions() });
        else await RefuseAsync(http, 404, "Request_ResourceNotFound", "Resource not found.");
    }

    private async Task MembersAsync(HttpContext http, string group)
    {
        var found = new HashSet<string>();
        Collect(group);
        var people = Enumerable.Range(0, People).Select(Person).Where(p => found.Contains(p["id"]!.ToString())).ToList();
        if (!Members.ContainsKey(group)) await RefuseAsync(http, 404, "Request_ResourceNotFound", $"Resource '{group}' does not exist.");
        else await PageAsync(http, people.Count, i => people[i], isCast: true);

        void Collect(string of)
        {
            foreach (var member in Members.GetValueOrDefault(of) ?? [])
                if (found.Add(member)) Collect(member);
        }
    }

    private async Task PageAsync(HttpContext http, int count, Func<int, JsonObject> entry, bool isCast)
    {
        var query = http.Request.Query;
        var eventual = http.Request.Headers["ConsistencyLevel"] == "eventual";
        Predicate<JsonObject> fits;
        try
        {
            (fits, var advanced) = GraphQuery.Read(query["$filter"]);
            if ((advanced || isCast) && !(eventual && query["$count"] == "true")) throw new FormatException("Request requires the header 'ConsistencyLevel: eventual' and $count=true.");
            if (eventual && query.ContainsKey("$expand")) throw new FormatException("$expand is not supported with advanced queries.");
            if (query["$select"].ToString().Contains("noSuchProperty", StringComparison.Ordinal)) throw new FormatException("Could not find a property named 'noSuchProperty' on type 'microsoft.graph.user'.");
            if (query["$top"] is [{ } size] && int.Parse(size, CultureInfo.InvariantCulture) > 999) throw new FormatException("Invalid page size specified.");
        }
        catch (FormatException e)
        {
            await RefuseAsync(http, 400, "Request_UnsupportedQuery", e.Message);
            return;
        }
        var top = query["$top"] is [{ } wanted] ? int.Parse(wanted, CultureInfo.InvariantCulture) : 100;
        // It gives fewer than it is asked for where it expands (learn.microsoft.com, Q&A 3885391): pages are as long as they are.
        if (query.ContainsKey("$expand")) top = Math.Min(top, 100);
        var at = query["$skiptoken"] is [{ } token] ? int.Parse(token[6..], CultureInfo.InvariantCulture) : 0;
        var list = new JsonArray();
        for (; at < count && list.Count < top; at++)
            if (entry(at) is var found && fits(found)) list.Add(Shown(found, query));
        var page = new JsonObject { ["@odata.context"] = $"{Address}v1.0/$metadata", ["value"] = list };
        if (at < count)
        {
            var kept = query.Where(q => q.Key != "$skiptoken").Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}&");
            page["@odata.nextLink"] = $"{Address.GetLeftPart(UriPartial.Authority)}{http.Request.Path}?{string.Concat(kept)}$skiptoken=RFNwdA{at}";
        }
        await WriteAsync(http, 200, page);
    }

    private static JsonObject Shown(JsonObject entry, IQueryCollection query)
    {
        var shown = new JsonObject();
        foreach (var name in query["$select"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (name != "manager") shown[name] = entry[name]?.DeepClone();
        if (query["$expand"].ToString().StartsWith("manager", StringComparison.Ordinal) && entry["manager"] is { } manager)
            shown["manager"] = new JsonObject { ["@odata.type"] = "#microsoft.graph.user", ["id"] = manager.DeepClone() };
        return shown;
    }

    private static JsonArray Extensions() =>
    [
        new JsonObject { ["name"] = "extension_0a1b2c_badge", ["dataType"] = "String", ["targetObjects"] = new JsonArray("User") },
        new JsonObject { ["name"] = "extension_0a1b2c_onCall", ["dataType"] = "Boolean", ["targetObjects"] = new JsonArray("User", "Group") },
        new JsonObject { ["name"] = "extension_0a1b2c_room", ["dataType"] = "String", ["targetObjects"] = new JsonArray("Device") },
    ];

    internal static Task RefuseAsync(HttpContext http, int status, string code, string message)
        => WriteAsync(http, status, new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });

    private static async Task WriteAsync(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body.ToJsonString());
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
