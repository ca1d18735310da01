using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MimeKit;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A mail that the server took.</summary>
internal sealed record TakenMail(bool Secure, string User, string From, string To, MimeMessage Message, string Raw);

/// <summary>A real mail server on 127.0.0.1, with STARTTLS, AUTH and a certificate of an authority of its own (tests/servers/smtp/server.cjs).</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string User = "mailer", Password = "correct horse";

    private static readonly string Tools = Path.Combine(Repository.Root, "tests", "servers", "smtp");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smtp-tests-");
    private readonly ConcurrentQueue<TakenMail> mails = new();
    private Process? process;
    private Task reading = Task.CompletedTask;

    /// <summary>Its port; the same each time it is started.</summary>
    public int Port { get; private set; }

    /// <summary>The certificate of its authority, for the environment's SSL_CERT_FILE.</summary>
    public string Authority => Path.Combine(folder.FullName, "authority.pem");

    /// <summary>What it took, in all its lives.</summary>
    public IReadOnlyList<TakenMail> Mails => [.. mails];

    /// <summary>A started server.</summary>
    public static async Task<SmtpServer> NewAsync()
    {
        await AzuriteServer.InstallAsync(Tools);
        var server = new SmtpServer();
        server.MakeCertificates();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, on the port that it had before.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("node", ["server.cjs", Path.Combine(folder.FullName, "key.pem"), Path.Combine(folder.FullName, "certificate.pem"), $"{Port}"])
        {
            WorkingDirectory = Tools,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        Assert.True(line is not null, line is null ? await process.StandardError.ReadToEndAsync(limit.Token) : "");
        Port = int.Parse(line!, CultureInfo.InvariantCulture);
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), process.StandardError.ReadToEndAsync(CancellationToken.None));
    }

    /// <summary>Ends it; mails that it took stay known.</summary>
    public async Task StopAsync()
    {
        if (process is not { } running) return;
        process = null;
        using (running)
        {
            running.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            await running.WaitForExitAsync(limit.Token);
            await reading;
        }
    }

    /// <summary>Waits until it has taken so many mails.</summary>
    public async Task<IReadOnlyList<TakenMail>> UntilAsync(int count, AppProcess app)
    {
        await Until.TrueAsync(() => Task.FromResult(mails.Count >= count), Patience, () => app.Failed($"{mails.Count} mails came instead of {count}.").Message);
        return Mails;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var mail = JsonDocument.Parse(line).RootElement;
            var raw = mail.GetProperty("mail").GetBytesFromBase64();
            mails.Enqueue(new TakenMail(
                mail.GetProperty("secure").GetBoolean(), mail.Text("user"), mail.Text("from"), Assert.Single(mail.GetProperty("to").EnumerateArray()).GetString()!,
                await MimeMessage.LoadAsync(new MemoryStream(raw)), System.Text.Encoding.UTF8.GetString(raw)));
        }
    }

    private void MakeCertificates()
    {
        var now = DateTimeOffset.UtcNow;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Authority of the tests", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.Create(authority, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
