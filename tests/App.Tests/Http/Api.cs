using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>An answer of the API.</summary>
internal sealed record Reply(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The code of problem details.</summary>
    public string Code => Json["code"]!.GetValue<string>();

    /// <summary>Code and member of each problem of a body.</summary>
    public IEnumerable<string> Problems => Json["errors"]!.AsArray().Select(e => $"{e!["code"]} {e["field"]}");

    public string ETag => Headers.ETag!.Tag;
}

/// <summary>Speaks to a running app, in a workspace of its own: as an administrator, or as somebody else.</summary>
internal sealed class Api(AppProcess app, string workspace, string? authorization = null)
{
    public AppProcess App => app;

    public string Workspace => workspace;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Api> NewAsync(AppProcess app)
    {
        var made = await new Api(app, "").PostAsync("workspaces", """{"name":"Case"}""");
        return new Api(app, made.Json["id"]!.GetValue<string>());
    }

    /// <summary>The same workspace to somebody else.</summary>
    public Api As(LocalToken somebody) => As(app.SignedIn(somebody));

    /// <summary>The same workspace to whoever the header Authorization says; blank: to nobody.</summary>
    public Api As(string authorization) => new(app, workspace, authorization);

    /// <summary>Calls the API; <c>{ws}</c> in a route or body is the workspace.</summary>
    public async Task<Reply> CallAsync(string method, string route, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), route.Replace("{ws}", workspace, StringComparison.Ordinal));
        if (body is not null) request.Content = new StringContent(body.Replace("{ws}", workspace, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        if (!string.IsNullOrEmpty(authorization)) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await (authorization is null ? app.Http : app.Anonymous).SendAsync(request, Stop);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Headers, response.Content.Headers);
    }

    public Task<Reply> GetAsync(string route, params (string Name, string Value)[] headers) => CallAsync("GET", route, null, headers);

    public Task<Reply> PostAsync(string route, string? body = null, params (string Name, string Value)[] headers) => CallAsync("POST", route, body, headers);

    /// <summary>The items of a list, page after page; the tokens must lead on.</summary>
    public async Task<List<JsonNode>> AllAsync(string route, int pageSize)
    {
        var items = new List<JsonNode>();
        for (var token = ""; token is not null;)
        {
            var page = await GetAsync($"{route}?pageSize={pageSize}{(token.Length > 0 ? $"&continuationToken={Uri.EscapeDataString(token)}" : "")}");
            Assert.Equal(200, page.Status);
            var part = page.Json["items"]!.AsArray();
            Assert.InRange(part.Count, 0, pageSize);
            items.AddRange(part.Select(item => item!.DeepClone()));
            token = page.Json["continuationToken"]?.GetValue<string>();
        }
        return items;
    }

    /// <summary>Makes an integration point of a load file.</summary>
    public async Task<string> PointAsync(string name = "Point", string more = "")
    {
        var body = $$$"""{"name":{{{JsonSerializer.Serialize(name)}}},"mapAllFields":true,"source":{"provider":"load-file","settings":{"file":"StructuredData/{ws}/in/docs.dat"}}{{{more}}}}""";
        var made = await PostAsync("workspaces/{ws}/integration-points", body);
        Assert.True(made.Status == 201, made.Text);
        return made.Json["id"]!.GetValue<string>();
    }
}
