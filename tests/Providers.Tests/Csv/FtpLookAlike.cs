using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Providers.Tests.Connections;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>What becomes of a passive connection.</summary>
public enum DataPort
{
    /// <summary>The file comes over it.</summary>
    Answers,

    /// <summary>A port is named at which nobody listens.</summary>
    Refuses,

    /// <summary>A port is named behind a firewall that says nothing.</summary>
    Drops,

    /// <summary>The command is not known.</summary>
    Unknown,
}

/// <summary>A small server of FTP that hands over one file to anybody, and misbehaves as a real one cannot be made to.</summary>
internal sealed class FtpLookAlike : IAsyncDisposable
{
    public const string Content = "Name\nÅsa\n";

    private readonly CancellationTokenSource end = new();
    private readonly TcpListener control = new(IPAddress.Loopback, 0);
    private readonly List<IDisposable> opened = [];
    private readonly Task serving;
    private TcpListener? data;

    public FtpLookAlike()
    {
        control.Start();
        serving = ServeAsync();
    }

    public int Port => control.Port();

    public DataPort Extended { get; init; }

    public DataPort Passive { get; init; }

    /// <summary>What is said before the file is sent; when it is a refusal, none is.</summary>
    public string Begin { get; init; } = "150 Here it comes";

    /// <summary>What is said when the file was sent.</summary>
    public string End { get; init; } = "226 Done";

    /// <summary>Whether the connection of the file is reset rather than closed.</summary>
    public bool Resets { get; init; }

    /// <summary>What is said to MDTM, in turn; after that it is not known.</summary>
    public Queue<string> Times { get; init; } = [];

    /// <summary>What it was told, in order.</summary>
    public List<string> Heard { get; } = [];

    /// <summary>The ports that it named.</summary>
    public List<int> Named { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        control.Dispose();
        await Task.WhenAny(serving);
        foreach (var socket in opened) socket.Dispose();
        end.Dispose();
    }

    private async Task ServeAsync()
    {
        using var client = await control.AcceptTcpClientAsync(end.Token);
        using var lines = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 Welcome");
        while (await lines.ReadLineAsync(end.Token) is { } line)
        {
            Heard.Add(line);
            var answer = line.Split(' ')[0] switch
            {
                "USER" => "331 Password?",
                "PASS" => "230 Come in",
                "TYPE" or "OPTS" => "200 Yes",
                "EPSV" => Open(Extended, port => $"229 Entering Extended Passive Mode (|||{port}|)"),
                "PASV" => Open(Passive, port => $"227 Entering Passive Mode (192,0,2,7,{port / 256},{port % 256})"),
                "SIZE" => $"213 {Encoding.UTF8.GetByteCount(Content)}",
                "MDTM" => Times.TryDequeue(out var time) ? time : "502 What?",
                "RETR" => Begin,
                _ => "502 What?",
            };
            await writer.WriteLineAsync(answer);
            if (answer[0] != '1') continue;
            await SendAsync();
            await writer.WriteLineAsync(End);
        }
    }

    private async Task SendAsync()
    {
        using var connection = await data!.AcceptTcpClientAsync(end.Token);
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Content), end.Token);
        if (Resets) connection.Client.Close(0);
    }

    private string Open(DataPort kind, Func<int, string> answer)
    {
        if (kind == DataPort.Unknown) return "500 What?";
        if (kind == DataPort.Refuses)
        {
            // Nobody else gets the port, and nobody listens.
            var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            opened.Add(taken);
            taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Named.Add(((IPEndPoint)taken.LocalEndPoint!).Port);
            return answer(Named[^1]);
        }
        var listener = new TcpListener(IPAddress.Loopback, 0);
        opened.Add(listener);
        listener.Start(kind == DataPort.Drops ? 0 : 1);
        Named.Add(listener.Port());
        if (kind == DataPort.Answers) data = listener;
        else Fill(Named[^1]);
        return answer(Named[^1]);
    }

    // A queue of connections that is full takes no more, and says nothing.
    private void Fill(int port)
    {
        for (var i = 0; i < 3; i++)
        {
            var waiting = new TcpClient();
            opened.Add(waiting);
            _ = waiting.ConnectAsync(IPAddress.Loopback, port, end.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
