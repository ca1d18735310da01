using System.Collections.Frozen;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Access;

/// <summary>Lets nobody through who has not signed in, and tells the functions who asks.</summary>
public sealed class SignInMiddleware(SignIn signIn, RequestLimits limits, Caller caller) : IFunctionsWorkerMiddleware
{
    // By name: a function is what runs, however its address was written.
    private static readonly FrozenSet<string> Open = ApiDescription.HttpFunctions(typeof(SignInMiddleware).Assembly)
        .Where(f => OpenRoutes.All.Contains(f.Trigger.Route)).Select(f => f.Method.Name).ToFrozenSet();

    /// <summary>Guards HTTP functions; others pass at once, since awaiting before an orchestrator breaks it.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        => context.GetHttpContext() is { } http ? GuardAsync(http, context, next) : next(context);

    private async Task GuardAsync(HttpContext http, FunctionContext context, FunctionExecutionDelegate next)
    {
        if (Open.Contains(context.FunctionDefinition.Name)) limits.CountStranger(http);
        else caller.Identity = await CallerAsync(http, context.CancellationToken);
        await next(context);
    }

    private async Task<Identity> CallerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        try
        {
            return await signIn.CallerAsync(http, cancellationToken);
        }
        catch (RefusedException)
        {
            // Whoever tries out tokens is told so many times that they are wrong, and then nothing more.
            limits.CountStranger(http);
            throw;
        }
    }
}
