using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using IntegrationPoints.Providers.Connections;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;
using Renci.SshNet.Sftp;

namespace IntegrationPoints.Providers.Csv;

/// <summary>What signs a user in to an SFTP server. Each may be null, not both.</summary>
/// <param name="Password">The password.</param>
/// <param name="PrivateKey">The text of a private key's file.</param>
/// <param name="Passphrase">What opens the private key; null: it lies open.</param>
internal sealed record SshCredentials(string? Password, string? PrivateKey, string? Passphrase);

/// <summary>A server of SFTP (SSH.NET).</summary>
internal sealed class SftpServer : IFileServer
{
    private const int BufferBytes = 128 * 1024, MostNames = 1_000_000;

    private const string CheckCredentials = "Check user name and password or key, and that the user may sign in from here.";

    private readonly SftpClient client;
    private readonly ServerWords words;
    private readonly TimeSpan patience;
    private readonly List<ShownKey> unknown;
    private bool isGreeted, isRefused;

    private SftpServer(CsvSettings settings, ConnectionInfo connection, ServerWords words, List<ShownKey> unknown)
    {
        patience = TimeSpan.FromSeconds(settings.TimeoutSeconds);
        connection.Timeout = patience;
        client = new SftpClient(connection) { OperationTimeout = patience };
        (this.words, this.unknown) = (words, unknown);
        client.ServerIdentificationReceived += (_, _) => isGreeted = true;
        var known = CsvRules.Fingerprints(settings.HostKey);
        // Before anybody signs in, and again when keys are renewed on the way.
        client.HostKeyReceived += (_, e) =>
        {
            HostKey = CsvRules.FingerprintPrefix + e.FingerPrintSHA256;
            e.CanTrust = known.Count == 0 || known.Contains(e.FingerPrintSHA256, StringComparer.Ordinal);
            if (e.CanTrust) return;
            isRefused = true;
            unknown.Add(new ShownKey(e.HostKeyName, HostKey));
        };
    }

    /// <inheritdoc/>
    public string? HostKey { get; private set; }

    /// <summary>Connects to an address and signs in, once the server has shown a host key that is known.</summary>
    /// <exception cref="ServerException"><c>host-key-changed</c>, <c>sign-in-failed</c>, <c>connection-failed</c>.</exception>
    public static async Task<SftpServer> SignInAsync(
        CsvSettings settings, EndPoint address, SshCredentials credentials, ServerWords words, CancellationToken cancellationToken)
    {
        var place = (IPEndPoint)address;
        var connection = new ConnectionInfo(place.Address.ToString(), place.Port, words.User, Methods(words, credentials));
        var unknown = new List<ShownKey>();
        while (true)
        {
            var server = new SftpServer(settings, connection, words, unknown);
            try
            {
                await server.AskAsync(async stop =>
                {
                    await server.client.ConnectAsync(stop);
                    return true;
                }, path: null, cancellationToken);
                return server;
            }
            catch (ServerException) when (server.isRefused && ShownKey.Forgo(connection, unknown[^1].Kind))
            {
                // A server with keys of several kinds shows one of them: the one that is known may be of another kind.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> NamesAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var entries = client.ListDirectoryAsync(folder.Length == 0 ? "." : folder, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (var names = 0; await AskAsync(_ => entries.MoveNextAsync().AsTask(), folder, cancellationToken); names++)
        {
            if (names > MostNames) throw words.Strange("its list of files does not end");
            yield return entries.Current.Name;
        }
    }

    /// <inheritdoc/>
    public async Task<long> CopyAsync(string path, Stream to, long most, CancellationToken cancellationToken)
    {
        var before = await AskAsync(stop => client.GetAttributesAsync(path, stop), path, cancellationToken);
        if (before.IsDirectory) throw words.NotFound(path, "it is a folder");
        var file = await AskAsync(stop => client.OpenAsync(path, FileMode.Open, FileAccess.Read, stop), path, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var copied = 0L;
            while (copied < most)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - copied));
                var read = await AskAsync(stop => file.ReadAsync(part, stop).AsTask(), path, cancellationToken);
                if (read == 0) break;
                await to.WriteAsync(part[..read], cancellationToken);
                copied += read;
            }
            // Closing it asks the server once more, and waits. One that no longer answers, or is to be waited for no longer, is left alone; the file goes with
            // the connection.
            await CloseAsync(file);
            if (copied == most) return copied;
            var after = await AskAsync(stop => client.GetAttributesAsync(path, stop), path, cancellationToken);
            return copied == before.Size && after.Size == before.Size && after.LastWriteTimeUtc == before.LastWriteTimeUtc ? copied : throw words.Changed(path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // It says good-bye, and waits for that when the connection is gone.
        client.Dispose();
        return default;
    }

    private static async Task CloseAsync(Stream file)
    {
        try
        {
            await file.DisposeAsync();
        }
        catch (Exception e) when (e is SshException or IOException or SocketException or ObjectDisposedException)
        {
            // What was to be said of the connection was said where it was read from.
        }
    }

    private static AuthenticationMethod[] Methods(ServerWords words, SshCredentials credentials)
    {
        var methods = new List<AuthenticationMethod>();
        if (credentials.PrivateKey is { } key) methods.Add(new PrivateKeyAuthenticationMethod(words.User, Key(words, key, credentials.Passphrase)));
        if (credentials.Password is not { } password) return [.. methods];
        methods.Add(new PasswordAuthenticationMethod(words.User, password));
        // Servers that leave passwords to the system ask for them as a question.
        var asked = new KeyboardInteractiveAuthenticationMethod(words.User);
        asked.AuthenticationPrompt += (_, e) =>
        {
            foreach (var prompt in e.Prompts) prompt.Response = prompt.IsEchoed ? "" : password;
        };
        methods.Add(asked);
        return [.. methods];
    }

    private static PrivateKeyFile Key(ServerWords words, string key, string? passphrase)
    {
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(key));
            return new PrivateKeyFile(text, passphrase);
        }
        catch (SshPassPhraseNullOrEmptyException e)
        {
            throw words.SignIn("the private key is locked. Give the name of the secret that holds its passphrase (passphrase).", e);
        }
        catch (Exception e) when (e is SshException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw words.SignIn(passphrase is null
                ? "the private key cannot be read. Expected the text of a key file as ssh-keygen writes it (OpenSSH or PEM)."
                : "the private key cannot be opened. Check its passphrase, and that the key is the text of a key file as ssh-keygen writes it.", e);
        }
    }

    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, string? path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Explain(e, path) is { } explained)
        {
            throw explained;
        }
    }

    private ServerException? Explain(Exception e, string? path) => e switch
    {
        _ when isRefused => words.HostKeyChanged(unknown),
        SftpPathNotFoundException or SftpPermissionDeniedException when path is not null => words.NotFound(path, e.Message),
        SftpException { StatusCode: StatusCode.Failure } when path is not null => words.NotReadable(path, e.Message),
        SshAuthenticationException => words.SignIn($"{words.Said(e.Message)}. {CheckCredentials}", e),
        SshOperationTimeoutException or OperationCanceledException => words.Silent(e, isGreeted),
        _ when !client.ConnectionInfo.IsAuthenticated => ExplainSignIn(e),
        SshConnectionException or SocketException or IOException or ObjectDisposedException => words.Lost(e),
        SshException => words.Strange($"it said {words.Said(e.Message)}"),
        _ => null,
    };

    private ServerException? ExplainSignIn(Exception e) => e switch
    {
        // It has no key of a kind that it has not been asked for yet.
        SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed } when unknown.Count > 0 && HostKey is null => words.HostKeyChanged(unknown),
        SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed } => words.NoAgreement(e),
        SshConnectionException { DisconnectReason: DisconnectReason.TooManyConnections } => words.Busy(e.Message),
        SshConnectionException { DisconnectReason: DisconnectReason.HostNotAllowedToConnect } => words.SignIn($"{words.Said(e.Message)}. {CheckCredentials}", e),
        // By now the password may have been sent. Another attempt would send it once more, and for that servers lock users out.
        SshConnectionException or SocketException or IOException or ObjectDisposedException when HostKey is not null
            => words.SignIn($"it ended the connection instead ({words.Said(e.Message)}). {CheckCredentials}", e),
        SshConnectionException { DisconnectReason: DisconnectReason.ProtocolError or DisconnectReason.ProtocolVersionNotSupported } or not SshConnectionException and SshException
            => words.Strange($"it said {words.Said(e.Message)}"),
        SocketException unreachable when !isGreeted => words.Unreachable(unreachable),
        SshConnectionException or SocketException or IOException or ObjectDisposedException => words.Closed(e),
        _ => null,
    };
}
