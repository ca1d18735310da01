using System.Net.Sockets;
using System.Text;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Requests byte by byte, as no client library would send them.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends a head, to which host, credentials and the close of the connection are added, and a body; answers with all that came back.</summary>
    /// <param name="client">A client of the app, whose address and credentials are used.</param>
    /// <param name="head">The first line and headers, each with its line end.</param>
    /// <param name="rest">What follows the headers, with the blank line.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<string> SendAsync(HttpClient client, string head, string rest, CancellationToken cancellationToken)
    {
        var address = client.BaseAddress!;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port, cancellationToken);
        var stream = tcp.GetStream();
        var headers = string.Concat(client.DefaultRequestHeaders.Select(h => $"{h.Key}: {string.Join(", ", h.Value)}\r\n"));
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{head}Host: {address.Authority}\r\nConnection: close\r\n{headers}{rest}"), cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) is > 0 and var read) answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The app cut the connection, or waits for a body that never comes: what it said until then is the answer.
        }
        return answer.ToString();
    }
}
