using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>API keys: shown once, kept as a hash, limited, expiring, revocable.</summary>
public sealed class ApiKeysTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string NewName => $"robot {Guid.NewGuid():n}";

    [Fact]
    public async Task A_key_is_shown_once_and_lets_its_system_in()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var name = NewName;
        var made = await CreateAsync(api, name, """["view","run"]""");
        var key = made["key"]!.GetValue<string>();
        Assert.Matches("^ipk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(made["id"]!.GetValue<string>(), key[4..20]);
        Assert.Equal((name, "valid", Environment.UserName, null), (Text(made, "name"), Text(made, "status"), Text(made, "createdBy"), Text(made, "lastUsed")));

        foreach (var header in ((string, string)[])[("x-api-key", key), ("Authorization", $"ApiKey {key}"), ("authorization", $"apikey {key}")])
            Assert.Equal(200, (await api.As("").GetAsync("workspaces/{ws}/integration-points", header)).Status);

        var listed = (await api.AllAsync("api-keys", 1)).Single(k => Text(k, "name") == name);
        Assert.Null(listed["key"]);
        Assert.DoesNotContain(key[21..], listed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(DateTime.UtcNow.ToString("yyyy-MM-dd", null), Text(listed, "lastUsed"));
        Assert.Equal("""["view","run"]""", listed["actions"]!.ToJsonString());

        // Neither the table nor the log holds what is secret.
        var stored = await api.App.Tables.ApiKeys.FindAsync(key[4..20], Stop);
        Assert.Equal(SHA256.HashData(Base64Url.DecodeFromChars(key.AsSpan(21))), stored!.Hash);
        Assert.DoesNotContain(api.App.Log, line => line.Contains(key[21..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revoked_key_lets_nobody_in_from_then_on()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var name = NewName;
        var made = await CreateAsync(api, name, """["view"]""");
        var key = Text(made, "key")!;
        Assert.Equal(200, (await WithAsync(api, key)).Status);
        await using var services = api.App.Services();
        var keys = services.GetRequiredService<ApiKeys>();
        var found = await keys.FindAsync($"key:{name}", Stop);
        Assert.Equal(($"key:{name}", api.Workspace, KeyAction.View), (found!.Name, found.Key!.Workspaces.Single(), found.Key.Actions.Single()));

        var revoked = await api.CallAsync("DELETE", $"api-keys/{made["id"]}");
        Assert.Equal((200, "revoked", Environment.UserName), (revoked.Status, Text(revoked.Json, "status"), Text(revoked.Json, "revokedBy")));
        Assert.Equal(revoked.Text, (await api.As(new LocalToken { Name = "another" }).CallAsync("DELETE", $"api-keys/{made["id"]}")).Text);
        Assert.Equal(401, (await WithAsync(api, key)).Status);
        Assert.Null(await keys.FindAsync($"key:{name}", Stop));
        Assert.Null(await keys.FindAsync("key:none of this name", Stop));
        Assert.Equal((404, "not-found"), ((await api.CallAsync("DELETE", "api-keys/none")).Status, (await api.CallAsync("DELETE", "api-keys/none")).Code));
    }

    [Fact]
    public async Task An_expired_key_lets_nobody_in()
    {
        var app = await servers.AppAsync();
        var secret = RandomNumberGenerator.GetBytes(32);
        StoredApiKey Stored(DateTimeOffset expires) => new()
        {
            Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
            Name = NewName,
            Hash = SHA256.HashData(secret),
            Workspaces = ["*"],
            Actions = ["administer"],
            CreatedBy = "test",
            CreatedUtc = DateTimeOffset.UtcNow.AddDays(-2),
            ExpiresUtc = expires,
        };
        foreach (var (expires, status) in ((DateTimeOffset, int)[])[(DateTimeOffset.UtcNow.AddSeconds(-1), 401), (DateTimeOffset.UtcNow.AddHours(1), 200)])
        {
            var stored = Stored(expires);
            Assert.True(await app.Tables.ApiKeys.TryAddAsync(stored, Stop));
            Assert.Equal(status, (await new Api(app, "").As("").GetAsync("workspaces", ("x-api-key", $"ipk_{stored.Id}_{Base64Url.EncodeToString(secret)}"))).Status);
        }
    }

    [Fact]
    public async Task Nothing_but_the_whole_key_lets_anybody_in()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var key = Text(await CreateAsync(api, NewName, """["view"]"""), "key")!;
        var other = Text(await CreateAsync(api, NewName, """["view"]"""), "key")!;
        string[] wrong =
        [
            "", " ", "ipk_", "x", key[..^1], key + "A", key[1..], key.ToUpperInvariant(), "IPK_" + key[4..], key.Replace('_', '-'),
            key[..21] + other[21..], other[..21] + key[21..], key[..21] + new string('A', 43), key[..4] + "0000000000000000" + key[20..],
            // The id is looked up in a table: nothing of its language gets there.
            key[..4] + "' or 1 eq 1 or '" + key[20..], key[..4] + "../../../../../x" + key[20..], new string('a', 20_000),
            // Base64 in which the last letter says more than the bytes have.
            key[..^1] + (char)(key[^1] + 1),
        ];
        foreach (var text in wrong.Where(text => text != key))
        {
            var reply = await WithAsync(api, text);
            Assert.Equal((401, "sign-in-required"), (reply.Status, reply.Code));
        }
        // As a password for something else, or beside another proof, it counts for nothing.
        var token = api.App.SignedIn(new LocalToken());
        foreach (var headers in ((string, string)[][])[[("Authorization", $"Bearer {key}")], [("Authorization", $"Basic {key}")], [("Authorization", token), ("x-api-key", key)], [("x-api-key", key), ("x-api-key", key)]])
            Assert.Equal(401, (await api.As("").GetAsync("workspaces/{ws}/integration-points", headers)).Status);
    }

    [Theory]
    [InlineData("""{"name":"  ","workspaces":["*"],"actions":["view"],"expiresUtc":"SOON"}""", "name-missing name")]
    [InlineData("""{"name":"a/b","workspaces":["*"],"actions":["view"],"expiresUtc":"SOON"}""", "name-invalid name")]
    [InlineData("""{"name":"n","workspaces":[],"actions":["view"],"expiresUtc":"SOON"}""", "invalid-value workspaces")]
    [InlineData("""{"name":"n","workspaces":["*","{ws}"],"actions":["view"],"expiresUtc":"SOON"}""", "invalid-value workspaces")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":[],"expiresUtc":"SOON"}""", "invalid-value actions")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":["all"],"expiresUtc":"SOON"}""", "invalid-value actions[0]")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":["view"],"expiresUtc":"2020-01-01T00:00:00Z"}""", "invalid-value expiresUtc")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":["view"],"expiresUtc":"LATE"}""", "invalid-value expiresUtc")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":["view"]}""", "missing-member expiresUtc")]
    [InlineData("""{"name":"n","workspaces":["*"],"actions":["view"],"expiresUtc":"SOON","key":"ipk_mine"}""", "unknown-member key")]
    public async Task A_key_without_limits_is_not_made(string body, string problem)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await api.PostAsync("api-keys", Dated(body));
        Assert.Equal(400, reply.Status);
        Assert.Equal([problem], reply.Problems);
    }

    [Fact]
    public async Task Names_stay_those_of_their_keys_and_workspaces_must_exist()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var name = NewName;
        var made = await CreateAsync(api, name, """["view"]""");
        await api.CallAsync("DELETE", $"api-keys/{made["id"]}");
        var again = await api.PostAsync("api-keys", Body(name.ToUpperInvariant(), "{ws}", """["view"]"""));
        Assert.Equal((409, "name-taken"), (again.Status, again.Code));
        var nowhere = await api.PostAsync("api-keys", Body(NewName, "no-such-workspace", """["view"]"""));
        Assert.Equal((404, "not-found"), (nowhere.Status, nowhere.Code));
    }

    [Fact]
    public async Task Only_administrators_make_keys_and_keys_make_none()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var body = Body(NewName, "*", """["administer"]""");
        var jane = api.As(new LocalToken { Name = "jane", Roles = [] });
        foreach (var reply in (Reply[])[await jane.GetAsync("api-keys"), await jane.PostAsync("api-keys", body), await jane.CallAsync("DELETE", "api-keys/none")])
            Assert.Equal((403, "missing-permissions"), (reply.Status, reply.Code));
        var made = await api.PostAsync("api-keys", body);
        Assert.Equal(201, made.Status);
        var key = await api.As($"ApiKey {Text(made.Json, "key")}").PostAsync("api-keys", Body(NewName, "*", """["view"]"""));
        Assert.Equal((403, "missing-permissions"), (key.Status, key.Code));
    }

    private static async Task<JsonNode> CreateAsync(Api api, string name, string actions)
    {
        var made = await api.PostAsync("api-keys", Body(name, "{ws}", actions));
        Assert.True(made.Status == 201, made.Text);
        return made.Json;
    }

    private static Task<Reply> WithAsync(Api api, string key) => api.As("").GetAsync("workspaces/{ws}/integration-points", ("x-api-key", key));

    private static string Body(string name, string workspace, string actions)
        => Dated($$"""{"name":"{{name}}","workspaces":["{{workspace}}"],"actions":{{actions}},"expiresUtc":"SOON"}""");

    private static string Dated(string body) => body
        .Replace("SOON", DateTimeOffset.UtcNow.AddDays(30).ToString("o"), StringComparison.Ordinal).Replace("LATE", DateTimeOffset.UtcNow.AddDays(400).ToString("o"), StringComparison.Ordinal);

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
