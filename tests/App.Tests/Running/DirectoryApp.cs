using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A real directory and an app of its own, for the tests of a class; tests/servers/ldap/slapd.sh says what is in the directory.</summary>
public sealed class DirectoryApp(Servers servers) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("ldap-run-").FullName;

    /// <summary>The directory; null: none can be started here.</summary>
    public FilesServer? Server { get; private set; }

    /// <summary>The app.</summary>
    internal AppProcess App { get; private set; } = null!;

    /// <summary>Who signed the directory's certificate: itself.</summary>
    public string Pem { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.MissingDirectory() is not null) return;
        Certify();
        Server = await FilesServer.StartDirectoryAsync(Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        App = await servers.NewAppAsync();
    }

    /// <summary>Opens a server to every workspace, and no other.</summary>
    public async Task AllowAsync(string server)
    {
        using var opened = await App.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = server });
        Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null) await App.DisposeAsync();
        if (Server is not null) await Server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    // For "localhost", signed by itself.
    private void Certify()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Pem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), Pem);
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
