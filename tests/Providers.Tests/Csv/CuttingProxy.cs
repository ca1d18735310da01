using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>
/// Stands before a server and cuts a connection when so many bytes came over it from there; or holds them back from then on. The passive
/// connections of FTP are led through it too, and are those that are cut; where TLS hides their ports, the server has a single one, and the proxy
/// the same at another address.
/// </summary>
internal sealed partial class CuttingProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly TcpListener listener;
    private readonly TcpListener? data;
    private readonly List<Task> running = [];
    private int open;

    private CuttingProxy(int server, bool ftp)
    {
        listener = new(IPAddress.Loopback, 0);
        listener.Start();
        running.Add(AcceptAsync(listener, server, ftp ? RewriteAsync : CutAsync));
    }

    /// <summary>For TLS; <see cref="Lead"/> says where to.</summary>
    /// <param name="address">Where it listens: another address than the server's.</param>
    public CuttingProxy(IPAddress address)
    {
        (listener, data) = (new(address, 0), new(address, 0));
        listener.Start();
        data.Start();
    }

    public int Port => listener.Port();

    /// <summary>The port of the passive connections, which must be the server's only one.</summary>
    public int DataPort => data!.Port();

    /// <summary>After how many bytes a connection is cut.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Bytes of the server behind which a connection is cut; empty: none.</summary>
    public byte[] Last { get; set; } = [];

    /// <summary>Whether it is held rather than cut.</summary>
    public bool Holds { get; set; }

    /// <summary>How many connections are cut at most; those after them come through whole.</summary>
    public int Most { get; set; } = int.MaxValue;

    /// <summary>How many connections were cut or held.</summary>
    public int Cuts { get; private set; }

    /// <summary>How many connections are open.</summary>
    public int Open => Volatile.Read(ref open);

    public static CuttingProxy Before(FilesServer server, bool ftp) => new(server.Port, ftp);

    /// <summary>Before any server of one connection.</summary>
    public static CuttingProxy Before(int port) => new(port, ftp: false);

    /// <summary>Leads to a server with TLS.</summary>
    public void Lead(int server)
    {
        running.Add(AcceptAsync(listener, server, (from, to) => from.CopyToAsync(to, end.Token)));
        running.Add(AcceptAsync(data!, DataPort, CutAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        data?.Dispose();
        Task[] all;
        lock (running) all = [.. running];
        await Task.WhenAll(all.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        end.Dispose();
    }

    private async Task AcceptAsync(TcpListener from, int port, Func<NetworkStream, NetworkStream, Task> back)
    {
        while (true)
        {
            var client = await from.AcceptTcpClientAsync(end.Token);
            var upstream = new TcpClient();
            await upstream.ConnectAsync(IPAddress.Loopback, port, end.Token);
            Run(PassAsync(client, upstream, back));
        }
    }

    private async Task PassAsync(TcpClient client, TcpClient upstream, Func<NetworkStream, NetworkStream, Task> back)
    {
        Interlocked.Increment(ref open);
        using (client)
        using (upstream)
        {
            var up = client.GetStream().CopyToAsync(upstream.GetStream(), end.Token);
            await Task.WhenAny(up, back(upstream.GetStream(), client.GetStream()));
        }
        Interlocked.Decrement(ref open);
    }

    private async Task CutAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        var passed = 0L;
        while (await from.ReadAsync(buffer, end.Token) is > 0 and var read)
        {
            if (passed + read > Limit && Cuts < Most)
            {
                Cuts++;
                if (Holds) await Task.Delay(Timeout.Infinite, end.Token);
                return;
            }
            if (Last.Length > 0 && buffer.AsSpan(0, read).IndexOf(Last) is >= 0 and var at)
            {
                Cuts++;
                await to.WriteAsync(buffer.AsMemory(0, at + Last.Length), end.Token);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), end.Token);
            passed += read;
        }
    }

    // 229 Entering Extended Passive Mode (|||port|): the port becomes one of ours.
    private async Task RewriteAsync(NetworkStream from, NetworkStream to)
    {
        using var lines = new StreamReader(from);
        while (await lines.ReadLineAsync(end.Token) is { } line)
        {
            var said = Passive().Replace(line, match =>
            {
                var data = new TcpListener(IPAddress.Loopback, 0);
                data.Start();
                Run(AcceptAsync(data, int.Parse(match.Groups[1].Value, null), CutAsync));
                return $"(|||{data.Port()}|)";
            });
            await to.WriteAsync(Encoding.UTF8.GetBytes(said + "\r\n"), end.Token);
        }
    }

    private void Run(Task task)
    {
        lock (running) running.Add(task);
    }

    [GeneratedRegex(@"\(\|\|\|(\d+)\|\)")]
    private static partial Regex Passive();
}
