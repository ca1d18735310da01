using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The people of a real directory, from the check of the settings to the records (guide 4.3).</summary>
public sealed class LdapRunTests(DirectoryApp directory) : IClassFixture<DirectoryApp>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_of_a_directory_are_checked_mapped_imported_and_accounted_for()
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        var (slapd, app) = (directory.Server!, directory.App);
        await directory.AllowAsync("elsewhere.example.com:636");
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        var settings = new JsonObject
        {
            ["path"] = $"LDAP://localhost:{slapd.Text("tls")}/ou=Team 3,ou=People,dc=example,dc=com",
            ["filter"] = " objectClass=inetOrgPerson",
            ["certificateAuthority"] = directory.Pem,
        };
        var providers = $"workspaces/{import.Workspace}/providers/ldap";
        Assert.Equal((400, "host-not-allowed"), await CodeAsync(app, $"{providers}/check", settings));
        await directory.AllowAsync($"localhost:{slapd.Text("tls")}");

        var wrong = (JsonObject)settings.DeepClone();
        (wrong["user"], wrong["password"]) = (slapd.User, "a wrong password");
        Assert.Equal((400, "sign-in-failed"), await CodeAsync(app, $"{providers}/check", wrong));
        wrong["filter"] = "(a";
        Assert.Equal((400, "invalid-filter"), await CodeAsync(app, $"{providers}/check", wrong));
        var fields = await PostAsync(app, $"{providers}/fields", settings);
        Assert.True(fields.Status == 200, fields.Body.ToString());
        var names = fields.Body.GetProperty("items").EnumerateArray().Select(f => f.Text("name")).ToList();
        Assert.Equal("distinguishedName", names[0]);
        Assert.Contains("givenName", names);

        var point = await import.PointAsync("People", "in/none.dat", body =>
        {
            body["objectType"] = "Entity";
            body["source"] = new JsonObject { ["provider"] = "ldap", ["settings"] = settings.DeepClone() };
            body["mapAllFields"] = false;
            body["mapping"] = new JsonArray([.. Pairs(("cn", "Full Name"), ("givenName", "First Name"), ("sn", "Last Name"), ("distinguishedName", "Directory Name"))]);
            body["import"] = new JsonObject { ["createFields"] = new JsonObject(), ["overwrite"] = "append-overlay" };
        });
        for (var run = 0; run < 2; run++)
        {
            var ended = await point.EndOfAsync(await point.RunAsync());
            Assert.True(ended.Text("status") == "Completed", await app.Http.GetStringAsync($"jobs/{ended.Text("jobId")}/errors", Stop));
            Assert.Equal((498, 498), (ended.Number("read"), ended.Number("transferred")));
        }
        var records = await app.Http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Entity/records?pageSize=1000", Stop);
        foreach (var expected in (string[])["\"Person p123\"", "\"Firstp123\"", "\"Lastp123\"", "\"uid=p123,ou=Team 3,ou=People,dc=example,dc=com\""])
            Assert.Contains(expected, records, StringComparison.Ordinal);

        await MapAllAsync();

        // What tells entries apart for good tells people apart, as the suggested pairs say, and not their name, which changes with them.
        async Task MapAllAsync()
        {
            settings["filter"] = "(uid=p123)";
            var mapped = await import.PointAsync("Mapped by name", "in/none.dat", body =>
            {
                body["objectType"] = "Entity";
                body["source"] = new JsonObject { ["provider"] = "ldap", ["settings"] = settings.DeepClone() };
                body["import"] = new JsonObject { ["overwrite"] = "append-overlay" };
            });
            using var suggested = await app.Http.PostAsJsonAsync($"workspaces/{import.Workspace}/object-types/Entity/map-all", new { integrationPoint = mapped.Point }, Stop);
            Assert.Equal(["entryUUID Unique ID identifier", "givenName First Name directory", "mail Email directory", "sn Last Name directory"],
                (await suggested.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("pairs").EnumerateArray().Select(p => $"{p.Text("source")} {p.Text("destination")} {p.Text("why")}"));
            var ended = await mapped.EndOfAsync(await mapped.RunAsync());
            Assert.True(ended.Text("status") == "Completed", await app.Http.GetStringAsync($"jobs/{ended.Text("jobId")}/errors", Stop));
            var found = await LinkedPeople.ManagersAsync(import);
            Assert.Single(found.Keys, id => Guid.TryParse(id, out _));
        }
    }

    /// <summary>Issue: managers by distinguished name; one who is missing, is the person, or is ambiguous is a link problem, and no item in error.</summary>
    [Fact]
    public async Task Managers_are_found_by_their_distinguished_names_and_the_others_are_listed()
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        var slapd = directory.Server!;
        await directory.AllowAsync($"localhost:{slapd.Text("tls")}");
        var import = await SampleImport.NewAsync(directory.App, "in/none.dat");
        // One is there twice, as two imports that tell people apart by different attributes leave it.
        foreach (var attribute in (string[])["uid", "mail"])
        {
            var twice = await PointAsync(attribute, "(uid=shared)", attribute);
            Assert.Equal("Completed", (await twice.EndOfAsync(await twice.RunAsync())).Text("status"));
        }

        var point = await PointAsync("Managed", "(&(objectClass=inetOrgPerson)(!(uid=shared)))", "uid");
        for (var run = 0; run < 2; run++)
        {
            await LinkedPeople.AssertAsync(
                point, await point.RunAsync(), read: 7, links: 3, ("solo", "link-self", "manager", Dn("uid=solo")), ("lost", "link-not-found", "manager", Dn("uid=gone")),
                ("twin", "link-ambiguous", "manager", Dn("uid=shared")));
            await point.UntilFreeAsync();
            var managers = await LinkedPeople.ManagersAsync(import);
            Assert.Equal(["anna Person boss", "bert Person boss", "cara Lee, Ann"], managers.Where(m => m.Value is not null).Select(m => $"{m.Key} {m.Value}").Order());
            Assert.Equal(9, managers.Count);
        }

        static string Dn(string name) => $"{name},ou=Managed,dc=example,dc=com";

        // Signed in with a password that was saved.
        Task<SampleImport> PointAsync(string name, string filter, string unique) => LinkedPeople.PointAsync(import, name, new JsonObject
        {
            ["provider"] = "ldap",
            ["settings"] = new JsonObject
            {
                ["path"] = $"localhost:{slapd.Text("tls")}/ou=Managed,dc=example,dc=com",
                ["filter"] = filter,
                ["certificateAuthority"] = directory.Pem,
                ["user"] = slapd.User,
                ["password"] = slapd.Password,
            },
        }, (unique, "Unique ID"), ("cn", "Full Name"), ("givenName", "First Name"), ("sn", "Last Name"), ("manager", "Manager"));
    }

    /// <summary>Issue, Secrets: tests search all that is kept and said for the password, and find none; also where it is wrong, or the directory must not be reached.</summary>
    [Fact]
    public async Task The_password_of_a_directory_is_told_nowhere()
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        var slapd = directory.Server!;
        await directory.AllowAsync($"localhost:{slapd.Text("tls")}");
        var told = new PlantedSecrets(directory.App, "ldap", ["password"], slapd.Password);
        var import = await SampleImport.NewAsync(directory.App, "in/none.dat");
        var settings = new JsonObject
        {
            ["path"] = $"localhost:{slapd.Text("tls")}/ou=Managed,dc=example,dc=com",
            ["filter"] = "(objectClass=inetOrgPerson)",
            ["certificateAuthority"] = directory.Pem,
            ["user"] = slapd.User,
            ["password"] = slapd.Password,
        };
        var point = await PlantedAsync(import, "ldap", settings, "uid");
        var ended = await point.EndOfAsync(await point.RunAsync());
        Assert.True(ended.Text("status") == "Completed", await directory.App.Http.GetStringAsync($"jobs/{ended.Text("jobId")}/errors", Stop));
        await told.EverywhereAsync(point, settings);
        await told.FindNoneAsync();
    }

    internal static Task<SampleImport> PlantedAsync(SampleImport import, string provider, JsonObject settings, string identifier) => import.PointAsync("Planted", "in/none.dat", body =>
    {
        body["source"] = new JsonObject { ["provider"] = provider, ["settings"] = settings.DeepClone() };
        body["mapAllFields"] = false;
        body["mapping"] = new JsonArray([.. Pairs((identifier, "Control Number"))]);
        body["import"] = new JsonObject { ["createFields"] = new JsonObject(), ["overwrite"] = "append-overlay" };
    });

    private static IEnumerable<JsonNode> Pairs(params (string Source, string Destination)[] pairs)
        => pairs.Select(p => (JsonNode)new JsonObject { ["source"] = p.Source, ["destination"] = p.Destination });

    private static async Task<(int Status, string Code)> CodeAsync(AppProcess app, string route, JsonNode settings)
        => await PostAsync(app, route, settings) is var answer ? (answer.Status, answer.Body.Text("code")) : default;

    private static async Task<(int Status, JsonElement Body)> PostAsync(AppProcess app, string route, JsonNode settings)
    {
        using var answer = await app.Http.PostAsJsonAsync(route, new JsonObject { ["settings"] = settings.DeepClone() }, Stop);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Stop));
    }
}
