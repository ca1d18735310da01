using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>HTTP functions, as on the worker with ASP.NET Core integration.</summary>
public sealed class HttpTests
{
    private const int DefaultBodyLimit = 30_000_000;

    public sealed class Functions(Recorder recorder)
    {
        [Function("Plain")]
        public static IActionResult Plain([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => new ContentResult { Content = request.Method };

        [Function("Parts")]
        public static async Task<IActionResult> Parts(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "parts/{name}/{id:guid}/{number:int}/{*rest}")] HttpRequest request,
            string name,
            Guid id,
            int? number,
            string? rest,
            FunctionContext context)
        {
            await Task.Yield();
            return new OkObjectResult(new { name, id, number, rest, Function = context.FunctionDefinition.Name, context.FunctionId });
        }

        [Function("Throw")]
        public static IActionResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new FormatException("secret");

        [Function("Results")]
        public static IActionResult Results([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/{kind}")] HttpRequest request, string kind) => kind switch
        {
            "status" => new StatusCodeResult(204),
            "json" => new JsonResult(new { Some = "thing" }),
            "problem" => new ObjectResult(new ProblemDetails { Title = "No" }) { StatusCode = 409 },
            "file" => new FileContentResult("file"u8.ToArray(), "text/csv"),
            "accepted" => new AcceptedResult("/api/elsewhere", null),
            "not-found" => new NotFoundResult(),
            _ => throw new ArgumentException(kind),
        };

        [Function("Length")]
        public static async Task<IActionResult> Length(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
        {
            var buffer = new byte[1 << 16];
            long length = 0;
            for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                length += read;
            }

            return new OkObjectResult(length);
        }

        [Function("Stream")]
        public IActionResult Stream([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new Streaming(recorder);

        [Function("Patience")]
        public async Task<IActionResult> Patience(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
        {
            recorder.Note("called");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                recorder.Note("cancelled");
            }

            return new OkResult();
        }

        private sealed class Streaming(Recorder recorder) : IActionResult
        {
            public async Task ExecuteResultAsync(ActionContext context)
            {
                await context.HttpContext.Response.WriteAsync("first\n");
                await context.HttpContext.Response.Body.FlushAsync();
                await recorder.UntilAsync(l => l.Contains("first was read"));
                await context.HttpContext.Response.WriteAsync("last\n");
            }
        }
    }

    [Theory]
    [InlineData("GET", "api/plain", 200, "GET")]
    [InlineData("DELETE", "api/Plain", 200, "DELETE")]
    [InlineData("GET", "plain", 404, "")]
    [InlineData("PUT", "api/results/status", 405, "")]
    [InlineData("GET", "api/results/status", 204, "")]
    [InlineData("GET", "api/results/json", 200, "{\"some\":\"thing\"}")]
    [InlineData("GET", "api/results/problem", 409, "{\"title\":\"No\",\"status\":409}")]
    [InlineData("GET", "api/results/file", 200, "file")]
    [InlineData("GET", "api/results/accepted", 202, "")]
    [InlineData("GET", "api/results/not-found", 404, "")]
    [InlineData("GET", "api/results/other", 500, "")] // an unhandled exception is a 500 with an empty body
    [InlineData("GET", "api/throw", 500, "")]
    [InlineData("GET", "api/parts/a%20b/0f8fad5b-d9cb-469f-a165-70867728950e/7/x/y", 200,
        "{\"name\":\"a b\",\"id\":\"0f8fad5b-d9cb-469f-a165-70867728950e\",\"number\":7,\"rest\":\"x/y\",\"function\":\"Parts\",\"functionId\":\"IntegrationPoints.LocalHost.Tests.HttpTests+Functions.Parts\"}")]
    [InlineData("GET", "api/parts/a/no-guid/7", 404, "")]
    public async Task Requests_are_routed_below_api_and_results_executed(string method, string path, int status, string body)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.1:9999", true)]
    [InlineData("localhost:7071", true)]
    [InlineData("[::1]", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("10.0.0.1:7071", false)]
    public async Task Only_this_machines_names_are_answered(string hostHeader, bool answered)
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/plain") { Headers = { Host = hostHeader } };
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(answered ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(DefaultBodyLimit, null, 200)]
    [InlineData(DefaultBodyLimit + 1, null, 500)]
    [InlineData(DefaultBodyLimit + 1, DefaultBodyLimit + 1L, 200)]
    [InlineData(104_857_601, long.MaxValue, 500)] // the Functions host's own limit
    public async Task Bodies_have_the_limits_of_worker_and_host(int length, long? limit, int status)
    {
        await using var host = await TestHost.StartAsync([typeof(Functions)], b =>
        {
            if (limit is not null)
            {
                b.Services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = limit);
            }
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/length") { Content = new ZeroContent(length), Headers = { ExpectContinue = true } };
        using var answer = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? $"{length}" : "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Responses_stream()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        using var answer = await host.Http.GetAsync("api/stream", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), Encoding.UTF8);
        Assert.Equal("first", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        host.Services.GetRequiredService<Recorder>().Note("first was read");
        Assert.Equal("last", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_caller_that_goes_cancels_the_function()
    {
        await using var host = await TestHost.StartAsync(typeof(Functions));
        var recorder = host.Services.GetRequiredService<Recorder>();
        using var gone = new CancellationTokenSource();
        var call = host.Http.GetAsync("api/patience", gone.Token);
        await recorder.UntilAsync(l => l.Contains("called"));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await recorder.UntilAsync(l => l.Contains("cancelled"));
    }

    private sealed class ZeroContent(long length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var zeros = new byte[1 << 16];
            for (var left = length; left > 0; left -= zeros.Length)
            {
                await stream.WriteAsync(zeros.AsMemory(0, (int)Math.Min(left, zeros.Length)));
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
