using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.Engine.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Secrets;

/// <summary>Points and profiles with secrets as tests send them, and what is kept of these.</summary>
internal static class SentPoints
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static string NameOf(Reply reply) => reply.Json["source"]!["settings"]!["password"]!["secret"]!.GetValue<string>();

    public static async Task<string?> KeptAsync(Api api, string name)
    {
        await using var services = api.App.Services();
        return await services.GetRequiredService<ISecrets>().GetAsync(SecretNames.Of(api.Workspace, name), Stop);
    }

    public static Task<Reply> SaveAsync(Api api, string all, JsonNode settings, string provider = "csv")
        => api.PostAsync(all, Named(settings, $"People {Guid.NewGuid():n}", provider).ToJsonString());

    public static async Task<Reply> PutAsync(Api api, string one, JsonNode settings)
    {
        var body = (await api.GetAsync(one)).Json;
        body["source"]!["settings"] = settings.DeepClone();
        return await api.CallAsync("PUT", one, body.ToJsonString(), ("If-Match", "*"));
    }

    public static Task<Reply> TryAsync(Api api, JsonNode settings, JsonNode? point, string provider = "csv")
        => api.PostAsync($"workspaces/{{ws}}/providers/{provider}/check", new JsonObject { ["settings"] = settings.DeepClone(), ["integrationPoint"] = point?.DeepClone() }.ToJsonString());

    public static JsonObject Named(JsonNode settings, string name, string provider = "csv") => new()
    {
        ["name"] = name,
        ["mapAllFields"] = true,
        ["source"] = new JsonObject { ["provider"] = provider, ["settings"] = settings.DeepClone() },
    };

    public static JsonObject Settings(string password) => new()
    {
        ["host"] = "files.example.com",
        ["protocol"] = "ftp",
        ["user"] = "hr",
        ["password"] = password,
        ["path"] = "/people.csv",
    };

    public static JsonObject SettingsOf(string provider)
    {
        if (provider == "entra") return new() { ["directoryId"] = "72f988bf-86f1-41af-91ab-2d7cd011db47", ["applicationId"] = "04b07795-8ddb-461a-bbee-02f9e1bf7b46", ["secret"] = "PLANTED" };
        var settings = Settings("PLANTED");
        if (provider == "ldap") settings = new() { ["path"] = "ldap.example.com:636/DC=example,DC=com", ["user"] = "cn=reader", ["password"] = "PLANTED" };
        else settings["protocol"] = "ftps";
        settings["certificateAuthority"] = Certificate;
        return settings;
    }

    public static JsonObject SftpSettings(JsonNode key)
    {
        var settings = Settings("PLANTED-3");
        (settings["protocol"], settings["privateKey"]) = ("sftp", key);
        return settings;
    }

    public static string Certificate
    {
        get
        {
            using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=Test", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            return certificate.ExportCertificatePem();
        }
    }
}
