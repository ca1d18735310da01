using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>What an FTP server answers: three digits, and words (RFC 959, 4.2).</summary>
internal readonly record struct FtpReply(int Code, string Text)
{
    /// <summary>Whether it did what it was asked for.</summary>
    public bool IsDone => Code is >= 200 and < 300;

    /// <summary>Whether it may do so later.</summary>
    public bool IsLater => Code is >= 400 and < 500;

    /// <summary>Whether it does not know the command.</summary>
    public bool IsUnknown => Code is 500 or 501 or 502 or 503 or 504;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}");
}

/// <summary>
/// The connection on which an FTP server is told what to do. Whatever waits for the server waits no longer than its patience, and nothing that it
/// says takes more memory than a reply needs.
/// </summary>
internal sealed class FtpControl(Socket socket, ServerWords words, TimeSpan patience) : IAsyncDisposable
{
    private const int LongestLine = 4096, MostLines = 200;

    // As the connection for commands has it.
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    private readonly byte[] buffer = new byte[LongestLine];
    private Stream stream = new NetworkStream(socket, ownsSocket: true);
    private int start, end;

    /// <summary>Where the server is: data connections go there, whatever address it names: servers behind address translation name wrong ones, and others would make a bouncer of us (RFC 2577, 2).</summary>
    public IPAddress Address { get; } = ((IPEndPoint)socket.RemoteEndPoint!).Address;

    /// <summary>Sends a command and waits for the answer.</summary>
    /// <exception cref="ServerException">The connection is lost, or the server silent.</exception>
    public async Task<FtpReply> SendAsync(string verb, string? argument, CancellationToken cancellationToken)
    {
        // A line break would be another command.
        if (argument?.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw words.Strange("a line break stands in what it would be asked");
        var line = Encoding.UTF8.GetBytes(argument is null ? $"{verb}\r\n" : $"{verb} {argument}\r\n");
        await WithinAsync(async stop =>
        {
            await stream.WriteAsync(line, stop);
            await stream.FlushAsync(stop);
            return true;
        }, cancellationToken);
        return await ReadAsync(cancellationToken);
    }

    /// <summary>The next reply; of one of several lines the first line's words.</summary>
    /// <exception cref="ServerException">The connection is lost, or the server silent, or what came is no reply.</exception>
    public Task<FtpReply> ReadAsync(CancellationToken cancellationToken) => WithinAsync(async stop =>
    {
        var first = await LineAsync(stop);
        if (first.Length < 3 || !int.TryParse(first.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 100 or > 599)
            throw words.Strange($"it said {words.Said(first)}");
        var reply = new FtpReply(code, first.Length > 4 ? first[4..].Trim() : "");
        if (first.Length == 3 || first[3] != '-') return reply;
        for (var lines = 1; lines < MostLines; lines++)
        {
            var line = await LineAsync(stop);
            if (line.Length >= 4 && line[3] == ' ' && line.AsSpan(0, 3).SequenceEqual(first.AsSpan(0, 3))) return reply;
        }
        throw words.Strange("its answer does not end");
    }, cancellationToken);

    /// <summary>Begins TLS.</summary>
    /// <exception cref="ServerException">The server cannot prove who it is.</exception>
    public async Task SecureAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        // Anybody on the way could have added it (CVE-2011-0411).
        if (start < end) throw words.Strange("it spoke on before TLS had begun");
        stream = await FtpTls.BeginAsync(stream, options, words, patience, cancellationToken);
    }

    /// <summary>A connection of its own for what a command sends, to a port that the server opens (RFC 2428, RFC 959).</summary>
    /// <exception cref="ServerException">The server opens none, or it cannot be reached.</exception>
    public async Task<Socket> OpenDataAsync(CancellationToken cancellationToken)
    {
        var reply = await SendAsync("EPSV", null, cancellationToken);
        var port = reply.Code == 229 ? FtpPorts.OfExtended(reply.Text) : null;
        if (port is { } extended && await ConnectAsync(extended, cancellationToken) is { } connection) return connection;
        // Also when nobody answers there: what translates a server's addresses may know the ports of the older command only.
        if (Address.AddressFamily == AddressFamily.InterNetwork)
        {
            reply = await SendAsync("PASV", null, cancellationToken);
            port = (reply.Code == 227 ? FtpPorts.OfPassive(reply.Text) : null) ?? port;
            if (reply.Code == 227 && port is { } passive && await ConnectAsync(passive, cancellationToken) is { } older) return older;
        }
        throw port is { } opened ? words.NoDataPort(opened) : words.Strange($"it opens no passive connection, and said {words.Said(reply.ToString())}");
    }

    // Null: it does not answer there.
    private async Task<Socket?> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience < LongestConnect ? patience : LongestConnect);
        var data = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await data.ConnectAsync(new IPEndPoint(Address, port), limit.Token);
            return data;
        }
        catch (Exception e)
        {
            data.Dispose();
            if (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)) return null;
            throw;
        }
    }

    /// <summary>Waits for the server no longer than its patience, and tells what went wrong.</summary>
    /// <exception cref="ServerException">The connection is lost, or the server silent.</exception>
    public async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await wait(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw words.Silent(e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw words.Lost(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(buffer, start, length).TrimEnd('\r');
                start += length + 1;
                return line;
            }
            if (start > 0) buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length) throw words.Strange("its answer has a line without an end");
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0) throw words.Lost();
            end += read;
        }
    }
}
