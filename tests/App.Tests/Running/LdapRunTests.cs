using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The people of a real directory, from the check of the settings to the records (guide 4.3).</summary>
public sealed class LdapRunTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_of_a_directory_are_checked_mapped_imported_and_accounted_for()
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        var folder = Directory.CreateTempSubdirectory("ldap-run-").FullName;
        var pem = Certify(folder);
        await using var slapd = await FilesServer.StartDirectoryAsync(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        await using var app = await servers.NewAppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        var settings = new JsonObject
        {
            ["path"] = $"LDAP://localhost:{slapd.Text("tls")}/ou=Team 3,ou=People,dc=example,dc=com",
            ["filter"] = " objectClass=inetOrgPerson",
            ["certificateAuthority"] = pem,
        };
        var providers = $"workspaces/{import.Workspace}/providers/ldap";
        Assert.Equal((400, "host-not-allowed"), await CodeAsync(app, $"{providers}/check", settings));
        using var opened = await app.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = $"localhost:{slapd.Text("tls")}" }, Stop);
        Assert.True(opened.IsSuccessStatusCode);

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
        Directory.Delete(folder, recursive: true);
    }

    // For "localhost", signed by itself.
    private static string Certify(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var pem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), pem);
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return pem;
    }

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
