using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Secrets that the app holds or is sent stand in no answer, no error, no line of the log, no entry of the audit, and no file of a job.</summary>
public sealed class PlantedSecretsTests(Servers servers)
{
    private const string MailPassword = "PLANTED-mail-9c41";

    private static readonly Lock Turn = new();
    private static Task<Said>? said;

    /// <summary>Each secret, and each place where it must not stand.</summary>
    public static TheoryData<string, string> Rows =>
    [
        .. from secret in (string[])["the password of the mail server", "an API key", "the secret of an API key", "a bearer token", "the signature of a bearer token", "the signing key", "the storage key"]
           from place in (string[])["answers", "errors", "log", "audit", "files of jobs"]
           select (secret, place),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Rows))]
    public async Task A_secret_is_told_nowhere(string secret, string place)
    {
        Task<Said> all;
        lock (Turn) all = said ??= TellAsync();
        var (secrets, places) = await all;
        Assert.NotEmpty(places[place]);
        foreach (var spelling in Spellings(secrets[secret])) Assert.DoesNotContain(places[place], text => text.Contains(spelling, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Spellings(string secret) => new[]
    {
        secret, Uri.EscapeDataString(secret), JsonSerializer.Serialize(secret).Trim('"'),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
    }.Distinct();

    private async Task<Said> TellAsync()
    {
        await using var app = await servers.NewAppAsync(("Smtp:Password", MailPassword), ("Smtp:Host", "127.0.0.1"));
        var target = await Target.NewAsync(app);
        var (api, key) = (target.Api, await KeyAsync(target.Api));
        var token = app.SignedIn(new LocalToken { Name = "planted@example.com" })["Bearer ".Length..];
        var places = new Dictionary<string, List<string>> { ["answers"] = [], ["errors"] = [], ["log"] = [], ["audit"] = [], ["files of jobs"] = [] };
        await MailAsync(target);
        foreach (var endpoint in Endpoint.All.OrderByDescending(e => e.Reads))
        {
            await LookAsync(endpoint, api);
            await LookAsync(endpoint, api.As($"ApiKey {key}"));
            await LookAsync(endpoint, api.As($"Bearer {token}"));
            await LookAsync(endpoint, api.As($"Bearer {token}x"), ("x-api-key", key + "x"));
            await LookAsync(endpoint, api.As("Bearer x"), ("Cookie", $"session={token}"), ("Referer", $"https://example.com/?code={key}"));
        }
        foreach (var query in (string[])[$"code={key}", $"access_token={token}", $"continuationToken={token}", $"pageSize={key}"])
            Add(await api.As("Bearer x").GetAsync($"workspaces?{query}"));
        places["audit"].AddRange((await api.AllAsync("audit", 1000)).Select(entry => entry.ToJsonString()));
        await foreach (var blob in Blobs.ListAsync(app.Blobs.Jobs, "", Stop))
            places["files of jobs"].Add(Encoding.UTF8.GetString((await app.Blobs.Jobs.GetBlobClient(blob.Name).DownloadContentAsync(Stop)).Value.Content));
        await app.StopAsync();
        places["log"].AddRange(app.Log);
        return new Said(Secrets(app, key, token), places);

        async Task LookAsync(Endpoint endpoint, Api caller, params (string, string)[] headers)
            => Add(await caller.CallAsync(endpoint.Method, target.Address(endpoint), target.Body(endpoint), [("If-Match", "*"), .. headers]));

        void Add(Reply reply) => places[reply.Status < 400 ? "answers" : "errors"].Add($"{reply.Headers}{reply.ContentHeaders}{reply.Text}");
    }

    private static Dictionary<string, string> Secrets(AppProcess app, string key, string token)
    {
        using var inside = app.Services();
        var configuration = inside.GetRequiredService<IConfiguration>();
        return new()
        {
            ["the password of the mail server"] = MailPassword,
            ["an API key"] = key,
            ["the secret of an API key"] = key.Split('_', 3)[2],
            ["a bearer token"] = token,
            ["the signature of a bearer token"] = token.Split('.')[2],
            ["the signing key"] = File.ReadAllText(configuration["Auth:LocalKeyFile"]!),
            ["the storage key"] = configuration["DataStorage"]!.Split("AccountKey=")[1].Split(';')[0],
        };
    }

    // Administrator in everything, so that every endpoint answers it.
    private static async Task<string> KeyAsync(Api api)
    {
        var body = new { name = "Planted", workspaces = new[] { "*" }, actions = new[] { "view", "edit", "run", "administer" }, expiresUtc = DateTimeOffset.UtcNow.AddDays(1) };
        var made = await api.PostAsync("api-keys", JsonSerializer.Serialize(body));
        Assert.True(made.Status == 201, made.Text);
        return made.Json["key"]!.GetValue<string>();
    }

    // A mail that cannot go out: what is logged and noted of it must not hold the password that it would have gone out with.
    private static async Task MailAsync(Target target)
    {
        foreach (var (name, value) in ((string, string)[])[("AllowedHosts", "127.0.0.1:1"), ("SmtpServer", "127.0.0.1"), ("SmtpPort", "1"), ("SmtpUserName", "mailer"), ("EmailFrom", "points@example.com")])
            Assert.Equal(200, (await target.Api.CallAsync("PUT", $"settings/{name}", JsonSerializer.Serialize(new { value }))).Status);
        var import = await target.Import.PointAsync("Mailing", "in/small.dat", body =>
        {
            body["import"] = new JsonObject { ["overwrite"] = "append-overlay", ["createFields"] = new JsonObject { ["identifier"] = "Control Number" } };
            body["notificationRecipients"] = "ann@example.com";
        });
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await Until.TrueAsync(
            async () => (await target.Api.GetAsync($"jobs/{job}/warnings")).Text.Contains("notification-failed", StringComparison.Ordinal), TimeSpan.FromMinutes(5), () => target.App.Failed("No warning came.").Message);
    }

    private sealed record Said(Dictionary<string, string> Secrets, Dictionary<string, List<string>> Places);
}
