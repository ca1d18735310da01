using System.Text.Json.Nodes;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.App.Tests.Auditing;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Secrets;
using Microsoft.Extensions.DependencyInjection;
using static IntegrationPoints.App.Tests.Secrets.SentPoints;

namespace IntegrationPoints.App.Tests.Secrets;

/// <summary>Secrets of points and profiles are sent as text, shown by name, and go nowhere but where they were entered for (issue, "Secrets"; design, Security).</summary>
public sealed class PointSecretsTests(Servers servers)
{
    private const string Points = "workspaces/{ws}/integration-points", Profiles = "workspaces/{ws}/profiles";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Points)]
    [InlineData(Profiles)]
    public async Task A_secret_is_kept_shown_by_name_replaced_and_removed(string all)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await SaveAsync(api, all, Settings("PLANTED-one"));
        Assert.DoesNotContain("PLANTED", made.Text, StringComparison.Ordinal);
        var name = NameOf(made);
        Assert.Matches("^password-[0-9a-f]{16}$", name);
        Assert.Equal("PLANTED-one", await KeptAsync(api, name));

        var one = $"{all}/{made.Json["id"]!.GetValue<string>()}";
        var shown = await api.GetAsync(one);
        var same = await PutAsync(api, one, shown.Json["source"]!["settings"]!);
        Assert.Equal(name, NameOf(same));
        var replaced = await PutAsync(api, one, Settings("PLANTED-two"));
        Assert.NotEqual(name, NameOf(replaced));
        Assert.Equal("PLANTED-two", await KeptAsync(api, NameOf(replaced)));
        // The audit says that it is another one, and nothing of it.
        var entry = await Entries.NewestAsync(api, all == Points ? "change-integration-point" : "change-profile");
        Assert.Equal(("***", "*** (changed)"), ($"{entry["before"]!["source"]!["settings"]!["password"]}", $"{entry["after"]!["source"]!["settings"]!["password"]}"));
        Assert.DoesNotContain(NameOf(replaced), entry.ToJsonString(), StringComparison.Ordinal);
        // A job that began before still finds the one of before.
        Assert.Equal("PLANTED-one", await KeptAsync(api, name));

        var none = Settings("PLANTED-two");
        (none["password"], none["user"]) = (null, null);
        Assert.Null((await PutAsync(api, one, none)).Json["source"]!["settings"]!["password"]);
    }

    /// <summary>Who does not know a password cannot have it sent elsewhere.</summary>
    public static TheoryData<string, string, string, string> Moves => new()
    {
        // The provider, the setting that is the secret, what changes, and its value.
        { "csv", "password", "host", "\"evil.example.com\"" },
        { "csv", "password", "port", "2121" },
        { "csv", "password", "protocol", "\"ftp\"" },
        { "csv", "password", "user", "\"root\"" },
        { "csv", "password", "certificateAuthority", "null" },
        { "ldap", "password", "path", "\"evil.example.com:636/DC=example,DC=com\"" },
        { "ldap", "password", "path", "\"ldap.example.com:636/DC=evil\"" },
        { "ldap", "password", "user", "\"cn=root\"" },
        { "ldap", "password", "certificateAuthority", "null" },
        { "entra", "secret", "directoryId", "\"72f988bf-86f1-41af-91ab-2d7cd011db48\"" },
        { "entra", "secret", "directoryId", "\"evil.onmicrosoft.com\"" },
        { "entra", "secret", "applicationId", "\"04b07795-8ddb-461a-bbee-02f9e1bf7b47\"" },
        { "entra", "secret", "version", "\"government\"" },
    };

    [Theory, MemberData(nameof(Moves))]
    public async Task A_secret_is_asked_for_again_when_it_would_be_sent_elsewhere(string provider, string secret, string setting, string value)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        foreach (var all in (string[])[Points, Profiles])
        {
            var made = await SaveAsync(api, all, SettingsOf(provider), provider);
            Assert.True(made.Status == 201, made.Text);
            var one = $"{all}/{made.Json["id"]!.GetValue<string>()}";
            var moved = made.Json["source"]!["settings"]!.DeepClone();
            moved[setting] = JsonNode.Parse(value);
            if (setting == "protocol") moved["certificateAuthority"] = null;
            var refused = await PutAsync(api, one, moved);
            Assert.Equal(400, refused.Status);
            Assert.Equal([$"secret-needed-again source.settings.{secret}"], refused.Problems);
            Assert.Contains("another server or user: ", refused.Text, StringComparison.Ordinal);
            Assert.Contains(setting, refused.Text, StringComparison.Ordinal);
            if (all == Points) Assert.Equal([$"secret-needed-again settings.{secret}"], (await TryAsync(api, moved, made.Json["id"], provider)).Problems);
            moved[secret] = "PLANTED again";
            var saved = await PutAsync(api, one, moved);
            Assert.True(saved.Status == 200, saved.Text);
            var kept = await PutAsync(api, one, saved.Json["source"]!["settings"]!);
            Assert.Equal($"{saved.Json["source"]!["settings"]![secret]}", $"{kept.Json["source"]!["settings"]![secret]}");
        }
    }

    [Fact]
    public async Task What_says_nothing_of_where_a_secret_is_sent_can_be_changed_without_it()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await SaveAsync(api, Points, Settings("PLANTED"));
        var settings = made.Json["source"]!["settings"]!.DeepClone();
        (settings["path"], settings["timeoutSeconds"], settings["host"]) = ("/other.csv", 60, "FILES.example.com ");
        Assert.Equal(NameOf(made), NameOf(await PutAsync(api, $"{Points}/{made.Json["id"]!.GetValue<string>()}", settings)));
        // The same rule lets a trial pass; that the administrator did not open the server is found after it.
        Assert.NotEqual("secret-needed-again", (await TryAsync(api, settings, made.Json["id"])).Code);
    }

    [Fact]
    public async Task Nobody_can_name_a_secret_that_is_kept_for_another()
    {
        var app = await servers.AppAsync();
        var (api, other) = (await Api.NewAsync(app), await Api.NewAsync(app));
        var made = await SaveAsync(api, Points, Settings("PLANTED"));
        var named = made.Json["source"]!["settings"]!.DeepClone();
        string[] refusal = ["secret-needed-again source.settings.password"];
        Assert.Equal(refusal, (await SaveAsync(api, Points, named)).Problems);
        Assert.Equal(refusal, (await SaveAsync(api, Profiles, named)).Problems);
        Assert.Equal(refusal, (await SaveAsync(other, Points, named)).Problems);
        Assert.Equal(["secret-needed-again settings.password"], (await TryAsync(api, named, null)).Problems);
        Assert.Equal(404, (await TryAsync(other, named, made.Json["id"])).Status);

        var second = await SaveAsync(api, Points, Settings("PLANTED-2"));
        Assert.Equal(refusal, (await PutAsync(api, $"{Points}/{second.Json["id"]!.GetValue<string>()}", named)).Problems);
        // Nor one of another of its own settings.
        var swapped = SftpSettings(new JsonObject { ["secret"] = NameOf(second) });
        Assert.Contains("secret-needed-again source.settings.privateKey", (await PutAsync(api, $"{Points}/{second.Json["id"]!.GetValue<string>()}", swapped)).Problems);
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("[\"12345678\"]")]
    [InlineData("{\"secret\":12345678}")]
    [InlineData("{\"value\":\"12345678\"}")]
    [InlineData("{\"secret\":\"12345678 with blanks\"}")]
    [InlineData("{\"secret\":\"a\",\"value\":\"12345678\"}")]
    public async Task What_cannot_be_a_secret_is_not_repeated(string value)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var settings = Settings("");
        settings["password"] = JsonNode.Parse(value);
        foreach (var reply in (Reply[])[await SaveAsync(api, Points, settings), await TryAsync(api, settings, null)])
        {
            Assert.Equal((400, "invalid-value"), (reply.Status, reply.Json["errors"]![0]!["code"]!.GetValue<string>()));
            Assert.Contains("text: the secret itself, or {", reply.Json["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.DoesNotContain("12345678", reply.Text, StringComparison.Ordinal);
        }
        var text = await SaveAsync(api, Points, JsonValue.Create("user:12345678"));
        Assert.Equal(400, text.Status);
        Assert.DoesNotContain("12345678", text.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_too_long_is_refused_without_being_repeated()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var reply = await SaveAsync(api, Points, Settings(new string('k', 20 * 1024 + 1)));
        Assert.Equal(["secret-too-long source.settings.password"], reply.Problems);
        Assert.DoesNotContain("kkk", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_and_the_points_made_of_it_have_secrets_of_their_own_which_do_not_leave_the_workspace()
    {
        var app = await servers.AppAsync();
        var (api, other) = (await Api.NewAsync(app), await Api.NewAsync(app));
        var point = await SaveAsync(api, Points, Settings("PLANTED"));
        var profile = await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":{{point.Json["id"]!.ToJsonString()}}}""");
        Assert.True(profile.Status == 201, profile.Text);
        var points = $"{Profiles}/{profile.Json["id"]!.GetValue<string>()}/integration-points";
        var made = await api.PostAsync(points, """{"name":"Made"}""");
        Assert.True(made.Status == 201, made.Text);
        string[] names = [NameOf(point), NameOf(profile), NameOf(made)];
        Assert.Equal(3, names.Distinct().Count());
        foreach (var name in names) Assert.Equal("PLANTED", await KeptAsync(api, name));

        var elsewhere = await api.PostAsync(points, $$"""{"workspace":"{{other.Workspace}}"}""");
        Assert.Equal(["secret-needed-again secrets.password"], elsewhere.Problems);
        var given = await api.PostAsync(points, $$$"""{"workspace":"{{{other.Workspace}}}","secrets":{"password":"PLANTED-there"}}""");
        Assert.True(given.Status == 201, given.Text);
        Assert.Equal("PLANTED-there", await KeptAsync(other, NameOf(given)));
        Assert.Equal(["unknown-member secrets.host"], (await api.PostAsync(points, """{"name":"X","secrets":{"host":"evil.example.com"}}""")).Problems);
        Assert.Equal(["invalid-value secrets.password"], (await api.PostAsync(points, $$$$"""{"name":"X","secrets":{"password":{"secret":"{{{{NameOf(point)}}}}"}}}""")).Problems);
        var wrong = await api.PostAsync(points, """{"name":"X","secrets":"PLANTED-wrong"}""");
        Assert.Equal(400, wrong.Status);
        Assert.DoesNotContain("PLANTED", elsewhere.Text + given.Text + made.Text + wrong.Text, StringComparison.Ordinal);
    }

    /// <summary>The order: kept before it is named, taken away only when nothing has named it for a while; a crash between leaves one that is taken away.</summary>
    [Fact]
    public async Task Secrets_that_nothing_refers_to_are_taken_away_later()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        // Whatever other tests do: at the end there still is a workspace.
        await Api.NewAsync(api.App);
        var point = await SaveAsync(api, Points, Settings("PLANTED-1"));
        var profile = await api.PostAsync($"{Profiles}-of-points", $$"""{"integrationPoint":{{point.Json["id"]!.ToJsonString()}}}""");
        var gone = await SaveAsync(api, Points, Settings("PLANTED-2"));
        var one = $"{Points}/{point.Json["id"]!.GetValue<string>()}";
        var replaced = await PutAsync(api, one, Settings("PLANTED-3"));
        Assert.Equal(204, (await api.CallAsync("DELETE", $"{Points}/{gone.Json["id"]!.GetValue<string>()}", null, ("If-Match", "*"))).Status);
        // Kept, and then the name was taken, or the process died.
        var twice = Named(Settings("PLANTED-4"), "Taken");
        Assert.Equal(201, (await api.PostAsync(Points, twice.ToJsonString())).Status);
        Assert.Equal("name-taken", (await api.PostAsync(Points, twice.ToJsonString())).Code);
        await using var services = api.App.Services();
        var store = services.GetRequiredService<ISecrets>();
        Task<List<string>> Names() => store.NamesAsync(Stop).Where(n => n.StartsWith(api.Workspace, StringComparison.Ordinal)).ToListAsync(Stop).AsTask();
        Assert.Equal(6, (await Names()).Count);
        // A job that has not ended, frozen with a secret that its point has no more.
        await api.App.Tables.Leases.TryAcquireAsync(api.Workspace, "left", "job-left", Stop);
        var job = new JsonObject { ["id"] = "job-left", ["point"] = gone.Json.DeepClone(), ["instance"] = new JsonObject(), ["type"] = 0, ["trigger"] = "user", ["startedBy"] = "x", ["startedUtc"] = DateTimeOffset.UtcNow };
        await api.App.Blobs.Jobs.GetBlobClient("job-left/job.json").UploadAsync(new BinaryData(job.ToJsonString()), Stop);

        await TakeAwayAsync(services, TimeSpan.Zero);
        await TakeAwayAsync(services, UnusedSecrets.Pause - TimeSpan.FromMinutes(1));
        Assert.Equal(6, (await Names()).Count);
        await TakeAwayAsync(services, UnusedSecrets.Pause + TimeSpan.FromMinutes(1));
        var left = await Names();
        Assert.Equal(4, left.Count);
        Assert.Contains(SecretNames.Of(api.Workspace, NameOf(gone)), left);
        Assert.Contains(SecretNames.Of(api.Workspace, NameOf(profile)), left);
        Assert.Contains(SecretNames.Of(api.Workspace, NameOf(replaced)), left);
        Assert.DoesNotContain(SecretNames.Of(api.Workspace, NameOf(point)), left);

        await api.App.Tables.Leases.ReleaseAsync(api.Workspace, "left", "job-left", Stop);
        Assert.Equal(204, (await api.CallAsync("DELETE", "workspaces/{ws}", null, ("If-Match", "*"))).Status);
        await TakeAwayAsync(services, UnusedSecrets.Pause + TimeSpan.FromMinutes(2));
        await TakeAwayAsync(services, UnusedSecrets.Pause * 2 + TimeSpan.FromMinutes(3));
        Assert.Empty(await Names());
    }

    /// <summary>Nothing refers to them there, whether it is another account by mistake, or one that is still being restored.</summary>
    [Fact]
    public async Task Over_an_empty_database_every_secret_stays()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var name = NameOf(await SaveAsync(api, Points, Settings("PLANTED")));
        await using var app = api.App.Another();
        app.Set(("Secrets:Folder", Path.Combine(Path.GetDirectoryName(app.Records)!, "secrets")), ("Records:Sqlite", app.Records + ".empty"));
        await using var services = app.Services();
        await services.GetRequiredService<IRecords>().EnsureAsync(Stop);
        Assert.Equal(0, await TakeAwayAsync(services, TimeSpan.Zero));
        Assert.Equal(0, await TakeAwayAsync(services, UnusedSecrets.Pause * 3));
        Assert.Equal("PLANTED", await KeptAsync(api, name));
    }

    private static Task<int> TakeAwayAsync(ServiceProvider services, TimeSpan later)
        => ActivatorUtilities.CreateInstance<UnusedSecrets>(services, new Later(later)).TakeAwayAsync(Stop);

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
