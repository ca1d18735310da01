using System.Net;
using System.Net.Sockets;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Tests.Connections;

/// <summary>HTTP goes only where connections may go, whatever a server answers (issue "Safety tests", SSRF by redirects).</summary>
public sealed class OutboundHttpTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Where an open server sends the caller; {port} is that of a server which nobody opened.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:{port}/secret")]
    [InlineData("http://localhost:{port}/secret")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/secret")]
    [InlineData("http://2130706433:{port}/secret")]
    [InlineData("http://0x7f.1:{port}/secret")]
    [InlineData("http://inner.example:{port}/secret")]
    [InlineData("http://169.254.169.254/metadata/identity/oauth2/token")]
    [InlineData("//127.0.0.1:{port}/secret")]
    [InlineData("ftp://127.0.0.1:{port}/secret")]
    [InlineData("gopher://127.0.0.1:{port}/secret")]
    public async Task A_redirect_is_checked_like_the_first_address(string location)
    {
        await using var place = await OutboundPlace.NewAsync();
        var closed = place.Listen();
        var open = place.Listen();
        await place.AllowAsync($"127.0.0.1:{open.Port()}");
        place.Name("localhost", ["127.0.0.1"]);
        place.Name("inner.example", ["10.0.0.1"]);
        using var client = new HttpClient(place.Hosts.Handler());
        var answer = AnswerAsync(open, $"HTTP/1.1 302 Found\r\nLocation: {location.Replace("{port}", $"{closed.Port()}", StringComparison.Ordinal)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Stop);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"http://127.0.0.1:{open.Port()}/", Stop));
        Assert.Equal(OutboundHosts.NotAllowed, OutboundHosts.RefusalOf(refused)!.Code);
        Assert.Contains("GET / HTTP/1.1", await answer, StringComparison.Ordinal);
        Assert.False(closed.Pending());
    }

    /// <summary>DNS that changes while HTTP is spoken: each connection goes to an address that was checked for it, also that of a redirect to the same name.</summary>
    [Fact]
    public async Task A_name_that_leads_elsewhere_by_then_is_refused()
    {
        await using var place = await OutboundPlace.NewAsync();
        var closed = place.Listen();
        var open = place.Listen("127.0.0.2", closed.Port());
        await place.AllowAsync($"127.0.0.2:{closed.Port()}");
        place.Name("rebound.example", ["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2", "127.0.0.1"]);
        using var client = new HttpClient(place.Hosts.Handler());
        var address = $"http://rebound.example:{closed.Port()}/";
        var answer = AnswerAsync(open, $"HTTP/1.1 302 Found\r\nLocation: {address}again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Stop);
        for (var request = 0; request < 3; request++)
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Stop));
            Assert.Equal(OutboundHosts.NotAllowed, OutboundHosts.RefusalOf(refused)!.Code);
        }
        Assert.Contains("Host: rebound.example", await answer, StringComparison.Ordinal);
        Assert.Equal((4, false), (place.Lookups, closed.Pending()));
    }

    /// <summary>What reaches a caller of the handler: the guard's own refusal, however deep, or that something else failed.</summary>
    [Fact]
    public void A_refusal_is_found_in_what_failed_and_nothing_else_is_taken_for_one()
    {
        var refusal = new ConfigurationException(OutboundHosts.NotAllowed, "x");
        (Exception Failed, string? Code)[] rows =
        [
            (refusal, OutboundHosts.NotAllowed), (new HttpRequestException("a", new InvalidOperationException("b", refusal)), OutboundHosts.NotAllowed),
            (new HttpRequestException("a", new ConfigurationException(OutboundHosts.Invalid, "x")), OutboundHosts.Invalid),
            (new HttpRequestException("a", new SocketException((int)SocketError.ConnectionRefused)), null),
            (new ConfigurationException("connection-failed", "x"), null), (new TaskCanceledException(), null),
        ];
        Assert.All(rows, row => Assert.Equal(row.Code, OutboundHosts.RefusalOf(row.Failed)?.Code));
    }

    [Fact]
    public async Task A_redirect_to_a_file_reads_none()
    {
        await using var place = await OutboundPlace.NewAsync();
        var open = place.Listen();
        await place.AllowAsync($"127.0.0.1:{open.Port()}");
        using var client = new HttpClient(place.Hosts.Handler());
        _ = AnswerAsync(open, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Stop);
        await Assert.ThrowsAnyAsync<FormatException>(() => client.GetAsync($"http://127.0.0.1:{open.Port()}/", Stop));
    }

    [Fact]
    public async Task What_is_open_answers_and_a_redirect_to_it_carries_no_credentials()
    {
        await using var place = await OutboundPlace.NewAsync();
        var (first, second) = (place.Listen(), place.Listen("127.0.0.2"));
        await place.AllowAsync($"127.0.0.1:{first.Port()}, 127.0.0.2:{second.Port()}");
        using var client = new HttpClient(place.Hosts.Handler());
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        var one = AnswerAsync(first, $"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.2:{second.Port()}/there\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Stop);
        var two = AnswerAsync(second, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", Stop);
        Assert.Equal("hi", await client.GetStringAsync($"http://127.0.0.1:{first.Port()}/", Stop));
        Assert.Contains("Bearer secret", await one, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await two, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_come_to_an_end()
    {
        await using var place = await OutboundPlace.NewAsync();
        var open = place.Listen();
        await place.AllowAsync($"127.0.0.1:{open.Port()}");
        using var client = new HttpClient(place.Hosts.Handler());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asked = 0;
        var loop = Task.Run(
            async () =>
            {
                while (true)
                {
                    await AnswerAsync(open, $"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", over.Token);
                    asked++;
                }
            },
            over.Token);
        using (var answer = await client.GetAsync($"http://127.0.0.1:{open.Port()}/", Stop)) Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        await over.CancelAsync();
        await Task.WhenAny(loop);
        Assert.InRange(asked, 1, 6);
    }

    /// <summary>A proxy would look the name up again, and connect for whoever asks.</summary>
    [Fact]
    public async Task No_proxy_of_the_environment_is_asked()
    {
        await using var place = await OutboundPlace.NewAsync();
        using var handler = place.Hosts.Handler();
        Assert.False(handler.UseProxy);
    }

    // Takes one request, answers, and tells what was asked.
    private static async Task<string> AnswerAsync(TcpListener server, string answer, CancellationToken cancellationToken)
    {
        using var client = await server.AcceptTcpClientAsync(cancellationToken);
        var stream = client.GetStream();
        var asked = new StringBuilder();
        var buffer = new byte[4096];
        while (!asked.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0) break;
            asked.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), cancellationToken);
        return asked.ToString();
    }
}
