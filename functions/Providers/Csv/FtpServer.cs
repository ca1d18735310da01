using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>
/// A server of FTP or of FTPS (explicit), in passive mode. Our own, because what the platform has (FtpWebRequest) is obsolete, verifies certificates
/// by one callback for the whole process, connects to whatever address a server names, and loses the ends of files under TLS.
/// </summary>
internal sealed class FtpServer : IFileServer
{
    /// <summary>Who signs in when nobody is named, and with which password (guide 4.2.2).</summary>
    public const string Anonymous = "anonymous";

    private const int LongestName = 4096, MostNames = 1_000_000, BufferBytes = 128 * 1024;

    // How long the words are waited for by which a server explains why it broke off.
    private static readonly TimeSpan LongestLastWords = TimeSpan.FromSeconds(5);

    private readonly FtpControl control;
    private readonly ServerWords words;
    private readonly TimeSpan patience;
    private readonly SslClientAuthenticationOptions? tls;

    // Relative paths mean the folder in which the server began, until another was entered.
    private string entered = "";

    private FtpServer(CsvSettings settings, Socket socket, ServerWords words)
    {
        patience = TimeSpan.FromSeconds(settings.TimeoutSeconds);
        tls = settings.Protocol == FileProtocol.Ftps ? ServerTls.Options(settings.Host, settings.CertificateAuthority) : null;
        (control, this.words) = (new FtpControl(socket, words, patience), words);
    }

    /// <inheritdoc/>
    public string? HostKey => null;

    /// <summary>Signs in over a connection, which it owns from then on.</summary>
    /// <exception cref="ServerException"><c>sign-in-failed</c>, <c>certificate-not-trusted</c>, <c>connection-failed</c>.</exception>
    public static async Task<FtpServer> SignInAsync(CsvSettings settings, Socket socket, string? password, ServerWords words, CancellationToken cancellationToken)
    {
        var server = new FtpServer(settings, socket, words);
        try
        {
            await server.GreetAsync(cancellationToken);
            await server.SignInAsync(words.User, password ?? Anonymous, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> NamesAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnterAsync(folder, cancellationToken);
        await control.SendAsync("TYPE", "A", cancellationToken);
        await using var data = await BeginAsync("NLST", null, cancellationToken);
        if (data is null) yield break;
        using var lines = new StreamReader(data, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024, leaveOpen: true);
        var line = new StringBuilder();
        var buffer = new char[4096];
        var names = 0;
        while (await TransferredAsync(stop => lines.ReadAsync(buffer, stop).AsTask(), cancellationToken) is > 0 and var read)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] is not ('\r' or '\n'))
                {
                    line.Append(buffer[i]);
                }
                else if (line.Length > 0)
                {
                    yield return LastOf(line.ToString());
                    line.Clear();
                    names++;
                }
                if (line.Length > LongestName || names > MostNames) throw words.Strange("its list of files does not end");
            }
        }
        if (line.Length > 0) yield return LastOf(line.ToString());
        await data.DisposeAsync();
        await EndAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<long> CopyAsync(string path, Stream to, long most, CancellationToken cancellationToken)
    {
        var folder = path[..(path.LastIndexOf('/') + 1)];
        var name = entered.Length > 0 && folder == entered ? path[folder.Length..] : path;
        await control.SendAsync("TYPE", "I", cancellationToken);
        var before = await VersionAsync(name, cancellationToken);
        var data = (await BeginAsync("RETR", name, cancellationToken))!;
        long copied;
        await using (data) copied = await CopyAsync(data, to, most, cancellationToken);
        if (copied == most) return copied;
        await EndAsync(cancellationToken);
        // A file that is still being written ends early, and says so by its size. So does one whose end got lost after the server had let go of it.
        var after = await VersionAsync(name, cancellationToken);
        var isSame = before.Modified is null || after.Modified is null || before.Modified == after.Modified;
        if (isSame && copied == (before.Size ?? copied) && copied == (after.Size ?? copied)) return copied;
        throw isSame && before.Size == after.Size ? words.Lost() : words.Changed(path);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => control.DisposeAsync();

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var greeting = await control.ReadAsync(cancellationToken);
        // "Ready in a few minutes" is followed by the greeting.
        if (greeting.Code == 120) greeting = await control.ReadAsync(cancellationToken);
        if (greeting.IsLater) throw words.Busy(greeting.ToString());
        if (!greeting.IsDone) throw words.Strange($"it said {words.Said(greeting.ToString())}");
        if (tls is null) return;
        var reply = await control.SendAsync("AUTH", "TLS", cancellationToken);
        if (!reply.IsDone) throw words.OffersNoTls(reply.ToString());
        await control.SecureAsync(tls, cancellationToken);
    }

    private async Task SignInAsync(string user, string password, CancellationToken cancellationToken)
    {
        var reply = await control.SendAsync("USER", user, cancellationToken);
        if (reply.Code == 331) reply = await control.SendAsync("PASS", password, cancellationToken);
        if (reply.Code == 421) throw words.Busy(reply.ToString());
        if (!reply.IsDone)
        {
            throw words.SignIn($"{words.Said(reply.ToString())}. " + (reply.Code == 332
                ? "It asks for an account beside the password, which is not supported."
                : "Check user name and password, and that the user may sign in from here."));
        }
        if (tls is not null)
        {
            // Files go over connections of their own, which are protected only when asked for (RFC 4217, 9).
            await control.SendAsync("PBSZ", "0", cancellationToken);
            var protection = await control.SendAsync("PROT", "P", cancellationToken);
            if (!protection.IsDone) throw words.OffersNoTls(protection.ToString());
        }
        // What is sent is UTF-8; a server that knows no such option takes it as it is (RFC 2640).
        await control.SendAsync("OPTS", "UTF8 ON", cancellationToken);
    }

    private async Task EnterAsync(string folder, CancellationToken cancellationToken)
    {
        if (folder == entered) return;
        var reply = await control.SendAsync("CWD", folder.Length > 1 ? folder.TrimEnd('/') : folder, cancellationToken);
        if (!reply.IsDone) throw words.NotFound(folder, reply.ToString());
        entered = folder;
    }

    // What the server tells of it (RFC 3659, 3 and 4); null where it tells nothing.
    private async Task<(long? Size, string? Modified)> VersionAsync(string name, CancellationToken cancellationToken)
    {
        var size = await control.SendAsync("SIZE", name, cancellationToken);
        // Some servers take a date before a name for the order to write it there.
        var modified = StartsWithDate(name) ? default : await control.SendAsync("MDTM", name, cancellationToken);
        return (
            size.Code == 213 && long.TryParse(size.Text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null,
            modified.Code == 213 ? modified.Text : null);
    }

    // Null: there are no names to send, as some servers say of an empty folder.
    private async Task<Stream?> BeginAsync(string verb, string? name, CancellationToken cancellationToken)
    {
        var socket = await control.OpenDataAsync(cancellationToken);
        var connection = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var reply = await control.SendAsync(verb, name, cancellationToken);
            if (reply.Code is 125 or 150)
                return tls is null ? connection : await TransferredAsync<Stream>(async stop => await FtpTls.BeginAsync(connection, tls, words, patience, stop), cancellationToken);
            if (reply.Code == 550 && name is not null) throw words.NotFound(name, reply.ToString());
            if (name is null && reply.Code is (226 or 250 or 450 or 550)) return await NothingAsync();
            throw reply.Code >= 400 && !reply.IsUnknown ? words.NotTransferred(reply) : words.Strange($"to {verb} it said {words.Said(reply.ToString())}");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        async Task<Stream?> NothingAsync()
        {
            await connection.DisposeAsync();
            return null;
        }
    }

    private async Task<long> CopyAsync(Stream data, Stream to, long most, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var copied = 0L;
            while (copied < most)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - copied));
                var read = await TransferredAsync(stop => data.ReadAsync(part, stop).AsTask(), cancellationToken);
                if (read == 0) break;
                await to.WriteAsync(part[..read], cancellationToken);
                copied += read;
            }
            return copied;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The end of a data connection says nothing: only this reply tells a whole file from half of one.
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var reply = await control.ReadAsync(cancellationToken);
        if (!reply.IsDone) throw words.NotTransferred(reply);
    }

    // Something on the data connection. When that breaks, the server may say why on the other one.
    private async Task<T> TransferredAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await control.WithinAsync(step, cancellationToken);
        }
        catch (ServerException lost) when (lost.InnerException is IOException or SocketException)
        {
            throw await LastWordsAsync(cancellationToken) ?? lost;
        }
    }

    private async Task<ServerException?> LastWordsAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLastWords);
        try
        {
            var reply = await control.ReadAsync(limit.Token);
            return reply.Code >= 400 ? words.NotTransferred(reply) : null;
        }
        catch (Exception e) when (e is ServerException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // It has none: what broke is all that is known.
            return null;
        }
    }

    private static bool StartsWithDate(string name) => name.Contains(' ') && name.Length > 14 && !name.AsSpan(0, 14).ContainsAnyExceptInRange('0', '9');

    // Some servers answer with paths.
    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
