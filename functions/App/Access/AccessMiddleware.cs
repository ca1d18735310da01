using System.Collections.Frozen;
using System.Reflection;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Says what the function that is about to run needs, and sees to it that the caller was asked for that. The question itself is put where the
/// function finds the workspace, the integration point or the job that its address names (<see cref="Http.Existing"/>): so it is about the very
/// thing that the function goes on with, and costs no reading of its own.
/// </summary>
public sealed class AccessMiddleware(AccessCheck access, Principals principals, Caller caller) : IFunctionsWorkerMiddleware
{
    private static readonly FrozenDictionary<string, Operation> Operations = ApiDescription.HttpFunctions(typeof(AccessMiddleware).Assembly)
        .ToFrozenDictionary(
            f => f.Method.Name,
            f => f.Method.GetCustomAttribute<NeedsAttribute>()?.Operation ?? throw new InvalidOperationException($"{f.Method.Name} lacks its {nameof(NeedsAttribute)}."));

    /// <summary>Guards HTTP functions; others pass at once, since awaiting before an orchestrator breaks it.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        => context.GetHttpContext() is null ? next(context) : GuardAsync(context, next);

    private async Task GuardAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        var demand = access.Begin(Operations[context.FunctionDefinition.Name]);
        if (demand.Operation != Operation.Anyone) await principals.SeenAsync(caller.Identity, context.CancellationToken);
        await next(context);
        if (!demand.IsSettled) throw new InvalidOperationException($"{context.FunctionDefinition.Name} did not ask for what {demand.Operation} needs.");
    }
}
