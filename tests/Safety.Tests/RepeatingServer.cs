using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IntegrationPoints.Safety.Tests;

/// <summary>A server that repeats what it was told in secret in whatever it says, from some step on: of FTP, or of LDAP inside of TLS.</summary>
internal sealed class RepeatingServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0), data = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly X509Certificate2 certificate = NewCertificate();

    /// <param name="isDirectory">Whether it speaks LDAP.</param>
    /// <param name="step">The command of FTP that it refuses.</param>
    /// <param name="code">With which reply.</param>
    public RepeatingServer(bool isDirectory, string step = "", int code = 0)
    {
        listener.Start();
        data.Start();
        _ = RunAsync(stream => isDirectory ? BindAsync(stream) : TransferAsync(stream, step, code));
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Who signed its certificate for "localhost": itself.</summary>
    public string Pem => certificate.ExportCertificatePem();

    /// <summary>The secret that came last.</summary>
    public string Heard { get; private set; } = "";

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        data.Dispose();
        certificate.Dispose();
        end.Dispose();
    }

    private async Task RunAsync(Func<Stream, Task> speak)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                try
                {
                    await speak(client.GetStream());
                }
                catch (IOException)
                {
                    // It had heard enough.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task TransferAsync(Stream stream, string step, int code)
    {
        using var lines = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 ready");
        while (await lines.ReadLineAsync(end.Token) is { } line)
        {
            var verb = line.Split(' ')[0];
            if (verb == "PASS") Heard = line["PASS ".Length..];
            await writer.WriteLineAsync(verb == step || (verb, step) == ("PASV", "EPSV") ? $"{code} you said {Heard}, you did" : verb switch
            {
                "USER" => "331 who?",
                "PASS" => "230 welcome",
                "SIZE" => "213 10",
                "EPSV" => $"229 Entering Extended Passive Mode (|||{((IPEndPoint)data.LocalEndpoint).Port}|)",
                "QUIT" => "221 bye",
                _ => "200 ok",
            });
        }
    }

    // A simple bind (RFC 4511, 4.2), whose lengths fit in a byte each; it is answered with invalidCredentials, and what was sent.
    private async Task BindAsync(Stream stream)
    {
        await using var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
        var head = new byte[2];
        await secure.ReadExactlyAsync(head, end.Token);
        var rest = new byte[head[1]];
        await secure.ReadExactlyAsync(rest, end.Token);
        // 02 01 id, 60 length, 02 01 version, 04 length name, 80 length password.
        var (id, name) = (rest[2], 8);
        var password = name + 2 + rest[name + 1];
        Heard = Encoding.UTF8.GetString(rest, password + 2, rest[password + 1]);
        var said = Encoding.UTF8.GetBytes($"you said {Heard}, you did");
        byte[] result = [0x0a, 1, 49, 0x04, 0, 0x04, (byte)said.Length, .. said];
        byte[] answer = [0x02, 1, id, 0x61, (byte)result.Length, .. result];
        await secure.WriteAsync((byte[])[0x30, (byte)answer.Length, .. answer], end.Token);
        await secure.CopyToAsync(Stream.Null, end.Token);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
