using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>
/// Leads libldap to a server. It connects by itself, looks names up anew, and verifies certificates for the name that it connects to; so it is given a
/// port of this machine, and what it says there goes on over a connection that was made to a checked address, where TLS is ours. One connection is
/// taken, and no other answered. The port stays ours until the end: were it let go of, whoever connected first could then take it, and have the
/// password that libldap sends there. That the server is silent, or says too much, is seen here.
/// </summary>
internal sealed class LdapRelay : IAsyncDisposable
{
    // Where the system would let two have a port, this one is not shared.
    private readonly TcpListener listener = new(IPAddress.Loopback, 0) { ExclusiveAddressUse = true };
    private readonly CancellationTokenSource end = new();
    private readonly Stream server;
    private readonly Task running;
    private long heard, received, most = MostBytes;
    private byte[] first = [];

    /// <summary>Takes the connection to the server, which it owns from now on.</summary>
    public LdapRelay(Stream server)
    {
        this.server = server;
        listener.Start(backlog: 1);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        running = RunAsync();
    }

    /// <summary>The most that one answer may have, because libldap holds it in memory.</summary>
    public const long MostBytes = 256L << 20;

    private const int MostOfFirst = 4096;

    /// <summary>The port of 127.0.0.1 that leads to the server.</summary>
    public int Port { get; }

    /// <summary>The first that the server said, as far as it is kept.</summary>
    public ReadOnlyMemory<byte> First => Volatile.Read(ref first);

    /// <summary>How long the server has said nothing.</summary>
    public TimeSpan Quiet => Stopwatch.GetElapsedTime(Interlocked.Read(ref heard));

    /// <summary>Whether the connection was cut because an answer was too large.</summary>
    public bool IsTooMuch => Interlocked.Read(ref received) > Most;

    /// <summary>The most that the answer that is waited for may have.</summary>
    public long Most => Interlocked.Read(ref most);

    /// <summary>From now on the server is waited for.</summary>
    /// <param name="atMost">The most bytes of its answer.</param>
    public void Expect(long atMost = MostBytes)
    {
        Interlocked.Exchange(ref most, atMost);
        Interlocked.Exchange(ref heard, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref received, 0);
    }

    /// <summary>Ends both connections.</summary>
    public void Cut() => end.Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        end.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var taken = await listener.AcceptSocketAsync(end.Token);
            taken.NoDelay = true;
            await using var client = new NetworkStream(taken);
            var (up, down) = (PassAsync(client, server, isAnswer: false), PassAsync(server, client, isAnswer: true));
            await Task.WhenAny(up, down);
            await end.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // libldap notices that its connection has ended, and says so to whoever asked.
        }
        finally
        {
            listener.Dispose();
            await server.DisposeAsync();
        }
    }

    private async Task PassAsync(Stream from, Stream to, bool isAnswer)
    {
        var buffer = new byte[32 * 1024];
        while (await from.ReadAsync(buffer, end.Token) is > 0 and var read)
        {
            if (isAnswer)
            {
                Interlocked.Exchange(ref heard, Stopwatch.GetTimestamp());
                if (Interlocked.Add(ref received, read) > Most) return;
                if (first.Length < MostOfFirst) Volatile.Write(ref first, [.. first, .. buffer.AsSpan(0, Math.Min(read, MostOfFirst - first.Length))]);
            }
            await to.WriteAsync(buffer.AsMemory(0, read), end.Token);
        }
    }
}
