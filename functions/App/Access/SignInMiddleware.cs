using System.Collections.Frozen;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Lets nobody through who has not signed in, and tells the functions who asks. Whoever has not is a stranger, and strangers have so many requests of
/// an address a minute (<see cref="RequestLimits"/>):
/// <list type="bullet">
/// <item>a token is checked on the spot, and counts when it is wrong;</item>
/// <item>an API key that has let somebody in since this instance of the app began is looked up, and counts when it has ended since;</item>
/// <item>any other API key counts first, and is looked up only while the address has requests left: no flood of keys reaches the table.</item>
/// </list>
/// So a flood keeps nobody of its address out who has signed in there with a token, or before with a key; only whoever comes with a key for the first
/// time waits, until the flood is over or the minute is.
/// </summary>
public sealed class SignInMiddleware(SignIn signIn, RequestLimits limits, Caller caller, NameOwners names) : IFunctionsWorkerMiddleware
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
        else caller.Identity = await names.NamedAsync(await CallerAsync(http, context.CancellationToken), context.CancellationToken);
        await next(context);
    }

    private async Task<Identity> CallerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var isCounted = signIn.AsksForLookUp(http.Request);
        if (isCounted) limits.CountStranger(http);
        try
        {
            return await signIn.CallerAsync(http, cancellationToken);
        }
        catch (RefusedException)
        {
            // Whoever tries out tokens is told so many times that they are wrong, and then nothing more.
            if (!isCounted) limits.CountStranger(http);
            throw;
        }
    }
}
