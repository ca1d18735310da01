using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;

namespace IntegrationPoints.Storage.Tests.Secrets;

/// <summary>
/// A server on 127.0.0.1 that answers about secrets as Azure Key Vault does (learn.microsoft.com, Key Vault REST API, secrets; "Authentication, requests
/// and responses"): the challenge, pages, soft delete, throttling. The client believes that it speaks HTTPS with a vault.
/// </summary>
internal sealed class VaultLookAlike : IDisposable
{
    private const int PageSize = 2;

    private readonly HttpListener listener;
    private readonly int port;
    private readonly ConcurrentDictionary<string, Kept> secrets = new(), deleted = new();
    private readonly Client credential = new();

    public VaultLookAlike()
    {
        (listener, port) = Listen();
        _ = ServeAsync();
    }

    /// <summary>What the next requests are answered with, in place of what they ask for.</summary>
    public ConcurrentQueue<int> Failures { get; } = new();

    /// <summary>Every request, as it came: method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>For what the client asked tokens.</summary>
    public IReadOnlyCollection<string> Scopes => credential.Scopes;

    /// <summary>A store that speaks to it.</summary>
    public VaultSecrets Open() => new(new Uri("https://kv-test.vault.azure.net/"), credential, new HttpClientTransport(new ToLoopback(port)));

    /// <summary>Puts a secret there that somebody else keeps.</summary>
    public void Plant(string name, string value) => secrets[name] = new Kept(value, new JsonObject());

    public void Dispose() => listener.Close();

    // Such a listener cannot ask for any free port, and one that was free a moment ago may be somebody else's.
    private static (HttpListener, int) Listen()
    {
        for (var tries = 1; ; tries++)
        {
            int port;
            using (var socket = new TcpListener(IPAddress.Loopback, 0))
            {
                socket.Start();
                port = ((IPEndPoint)socket.LocalEndpoint).Port;
            }
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (tries < 10)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var (status, body) = await AnswerAsync(context.Request, context.Response);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body));
            context.Response.Close();
        }
    }

    private async Task<(int Status, JsonNode Body)> AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        if (request.Headers["Authorization"] != $"Bearer {Client.Token}")
        {
            response.AddHeader("WWW-Authenticate", "Bearer authorization=\"https://login.windows.net/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\"");
            return Error(401, "Unauthorized");
        }
        Requests.Enqueue($"{request.HttpMethod} {request.Url!.AbsolutePath}");
        Assert.Equal("7.6", request.QueryString["api-version"]);
        if (Failures.TryDequeue(out var failure))
        {
            response.AddHeader("retry-after-ms", "10");
            return Error(failure, failure == 429 ? "Throttled" : "Forbidden");
        }
        var parts = request.Url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        using var reader = new StreamReader(request.InputStream);
        var body = await reader.ReadToEndAsync();
        return (request.HttpMethod, parts) switch
        {
            ("PUT", ["secrets", var name]) when deleted.ContainsKey(name) => Error(409, "Conflict"),
            ("PUT", ["secrets", var name]) => Ok(name, secrets[name] = Read(JsonNode.Parse(body)!), true),
            ("GET", ["secrets", var name]) => secrets.TryGetValue(name, out var kept) ? Ok(name, kept, true) : Error(404, "SecretNotFound"),
            ("DELETE", ["secrets", var name]) => secrets.TryRemove(name, out var kept) ? Ok(name, deleted[name] = kept, false) : Error(404, "SecretNotFound"),
            ("POST", ["deletedsecrets", var name, "recover"]) => deleted.TryRemove(name, out var kept) ? Ok(name, secrets[name] = kept, false) : Error(404, "SecretNotFound"),
            ("GET", ["secrets"]) => Page(int.Parse(request.QueryString["$skiptoken"] ?? "0", null)),
            _ => Error(400, "BadParameter"),
        };
    }

    private (int, JsonNode) Page(int skip)
    {
        var names = secrets.Keys.Order(StringComparer.Ordinal).ToList();
        var items = names.Skip(skip).Take(PageSize).Select(name => Shown(name, secrets[name], withValue: false));
        var next = skip + PageSize < names.Count ? $"https://kv-test.vault.azure.net/secrets?api-version=7.6&$skiptoken={skip + PageSize}" : null;
        return (200, new JsonObject { ["value"] = new JsonArray([.. items]), ["nextLink"] = next });
    }

    private static Kept Read(JsonNode sent) => new(sent["value"]!.GetValue<string>(), sent["tags"]?.DeepClone() ?? new JsonObject());

    private static (int, JsonNode) Ok(string name, Kept kept, bool withValue) => (200, Shown(name, kept, withValue));

    private static JsonObject Shown(string name, Kept kept, bool withValue)
    {
        var shown = new JsonObject
        {
            ["id"] = $"https://kv-test.vault.azure.net/secrets/{name}" + (withValue ? "/0123456789abcdef0123456789abcdef" : ""),
            ["attributes"] = new JsonObject { ["enabled"] = true, ["created"] = 1760000000, ["updated"] = 1760000000, ["recoveryLevel"] = "Recoverable" },
            ["tags"] = kept.Tags.DeepClone(),
        };
        if (withValue) shown["value"] = kept.Value;
        return shown;
    }

    private static (int, JsonNode) Error(int status, string code) => (status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = code } });

    private sealed record Kept(string Value, JsonNode Tags);

    private sealed class Client : TokenCredential
    {
        public const string Token = "look-alike";

        public ConcurrentQueue<string> Scopes { get; } = new();

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            foreach (var scope in requestContext.Scopes) Scopes.Enqueue(scope);
            return new AccessToken(Token, DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    private sealed class ToLoopback(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = "http", Host = "127.0.0.1", Port = port }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
