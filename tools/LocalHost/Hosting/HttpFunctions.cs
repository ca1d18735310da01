using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Maps HTTP functions onto ASP.NET Core.</summary>
internal sealed class HttpFunctions(FunctionCatalog catalog, FunctionPipeline pipeline, RunningWork running, ILogger<HttpFunctions> logger)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var (function, trigger) in catalog.With<HttpTriggerAttribute>())
        {
            RequestDelegate handler = http => running.RunAsync(() => HandleAsync(function, http), evenWhenStopping: true);
            _ = trigger.Methods.Count == 0
                ? endpoints.Map(function.Route, handler)
                : endpoints.MapMethods(function.Route, trigger.Methods, handler);
        }
    }

    private async Task HandleAsync(Function function, HttpContext http)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, running.Abandoned);
        var invocation = new Invocation(function, http.Request, gone.Token)
        {
            InstanceServices = http.RequestServices,
            HttpContext = http,
            Bindings = http.Request.RouteValues.ToDictionary(v => v.Key, v => v.Value?.ToString(), StringComparer.OrdinalIgnoreCase),
        };
        try
        {
            await pipeline.RunAsync(invocation);
            if (invocation.Result is IActionResult result)
            {
                await result.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Function} has gone, or the host waits no longer", function.Name);
            http.Abort();
        }
#pragma warning disable CA1031 // As on the real host: 500 with an empty body, whatever it was.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogError(e, "{Function} failed, invocation {Invocation}", function.Name, invocation.InvocationId);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
