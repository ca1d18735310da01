using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Tests;

/// <summary>An app that gets too many requests says when to go on (429 with Retry-After): <c>ip</c> waits for that, once.</summary>
public sealed class PatienceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What the app answers, request by request (429 with the seconds of Retry-After; "-": without), and what comes of it.</summary>
    [Theory]
    [InlineData("200", 200, 1, 0)]
    [InlineData("429 1|200", 200, 2, 1)]
    [InlineData("429 0|429 0|200", 429, 2, 0)]
    [InlineData("429 -|200", 429, 1, 0)]
    [InlineData("429 3600|200", 429, 1, 0)]
    [InlineData("503|200", 503, 1, 0)]
    public async Task A_command_waits_as_long_as_it_is_told_and_asks_again_once(string answers, int status, int requests, int seconds)
    {
        using var listener = Listen(out var address);
        var bodies = new List<string>();
        var server = AnswerAsync(listener, answers.Split('|'), bodies);
        using var client = new HttpClient(new Patience(new SocketsHttpHandler())) { BaseAddress = address };
        var begun = Stopwatch.StartNew();
        using var response = await client.PostAsync("x", JsonContent.Create(new { a = 1 }), Stop);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(begun.Elapsed.TotalSeconds >= seconds - 0.05, $"It waited {begun.Elapsed} only.");
        Assert.Equal(Enumerable.Repeat("""{"a":1}""", requests), bodies);
        listener.Stop();
        await server;
    }

    private static HttpListener Listen(out Uri address)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        free.Stop();
        var listener = new HttpListener { Prefixes = { address.ToString() } };
        listener.Start();
        return listener;
    }

    private static async Task AnswerAsync(HttpListener listener, string[] answers, List<string> bodies)
    {
        try
        {
            foreach (var answer in answers.Select(a => a.Split(' ')))
            {
                var context = await listener.GetContextAsync();
                using (var reader = new StreamReader(context.Request.InputStream)) bodies.Add(await reader.ReadToEndAsync(Stop));
                context.Response.StatusCode = int.Parse(answer[0], null);
                if (answer is [_, not "-"]) context.Response.Headers["Retry-After"] = answer[1];
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Nobody asks any more.
        }
    }
}
