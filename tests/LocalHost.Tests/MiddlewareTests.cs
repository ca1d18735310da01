using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Middleware runs around every function, orchestrators included.</summary>
public sealed class MiddlewareTests
{
    public static class Functions
    {
        [Function("Web")]
        public static IActionResult Web([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "web/{fail}")] HttpRequest request, bool fail) =>
            fail ? throw new FormatException("on purpose") : new OkResult();

        [Function("Orchestrator")]
        public static Task Orchestrator([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Activity");

        [Function("Activity")]
        public static void Activity([ActivityTrigger] object? input, FunctionContext context) => ((Recorder)context.Items["recorder"]).Note("the activity");
    }

    public sealed class Outer(Recorder recorder) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            Assert.Same(recorder, context.InstanceServices.GetRequiredService<Recorder>());
            recorder.Note($"outer {context.FunctionDefinition.Name} {(context.GetHttpContext() is null ? "" : "over HTTP")}".TrimEnd());
            context.Items["recorder"] = recorder;
            return next(context);
        }
    }

    public sealed class Inner(Recorder recorder) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => context.GetHttpContext() is { } http ? WithProblems(context, next, http) : next(context);

        private async Task WithProblems(FunctionContext context, FunctionExecutionDelegate next, HttpContext http)
        {
            try
            {
                await next(context);
                recorder.Note("inner, after");
            }
            catch (FormatException e)
            {
                http.Response.StatusCode = 422;
                await http.Response.WriteAsync(e.Message);
            }
        }
    }

    public sealed class Awaiting : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            await Task.Delay(1);
            await next(context);
        }
    }

    [Fact]
    public async Task Middleware_runs_in_order_around_http_functions_and_may_answer_for_them()
    {
        await using var host = await StartAsync();
        using var fine = await host.Http.GetAsync("api/web/false", TestContext.Current.CancellationToken);
        using var failed = await host.Http.GetAsync("api/web/true", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)fine.StatusCode);
        Assert.Equal(422, (int)failed.StatusCode);
        Assert.Equal("on purpose", await failed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["outer Web over HTTP", "inner, after", "outer Web over HTTP"], host.Services.GetRequiredService<Recorder>().Lines);
    }

    [Fact]
    public async Task Middleware_runs_around_each_turn_of_an_orchestrator_and_around_activities()
    {
        await using var host = await StartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.RunAsync("Orchestrator")).RuntimeStatus);
        Assert.Equal(
            ["outer Orchestrator", "outer Activity", "the activity", "outer Orchestrator"], host.Services.GetRequiredService<Recorder>().Lines);
    }

    [Fact]
    public async Task Middleware_that_awaits_before_an_orchestrator_fails_it()
    {
        await using var host = await TestHost.StartAsync([typeof(Functions)], b => b.UseMiddleware<Awaiting>());
        var end = await host.RunAsync("Orchestrator");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith("A middleware awaited something before it called 'Orchestrator'", end.SerializedOutput, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync([typeof(Functions)], b =>
    {
        b.UseMiddleware<Outer>();
        b.UseMiddleware<Inner>();
    });
}
