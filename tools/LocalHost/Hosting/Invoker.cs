using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>The app's middleware, in order, around every function.</summary>
internal sealed class FunctionPipeline
{
    private readonly FunctionExecutionDelegate first;

    public FunctionPipeline(IServiceProvider services, IEnumerable<Type> middleware)
    {
        first = context => ((Invocation)context).RunBodyAsync();
        foreach (var type in middleware.Reverse())
        {
            var next = first;
            first = context => ((IFunctionsWorkerMiddleware)services.GetRequiredService(type)).Invoke(context, next);
        }
    }

    public Task RunAsync(Invocation invocation) => first(invocation);
}

/// <summary>Runs activities, timer and blob functions, each in a scope of services of its own, and logs how they ended.</summary>
internal sealed class Invoker(FunctionPipeline pipeline, IServiceScopeFactory scopes, RunningWork running, Chaos chaos, ILogger<Invoker> logger)
{
    /// <summary>Executes a function once.</summary>
    /// <returns>What it returned.</returns>
    public async Task<object?> InvokeAsync(Function function, object? value, Dictionary<string, string?>? bindings, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var invocation = new Invocation(function, value, cancellation) { InstanceServices = scope.ServiceProvider, Bindings = bindings ?? [] };
        try
        {
            await pipeline.RunAsync(invocation);
            logger.LogDebug("{Function} succeeded, invocation {Invocation}", function.Name, invocation.InvocationId);
            return invocation.Result;
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "{Function} failed, invocation {Invocation}", function.Name, invocation.InvocationId);
            throw;
        }
    }

    /// <summary>Delivers a timer or a blob, now and then twice.</summary>
    /// <returns>Whether the first execution succeeded.</returns>
    /// <exception cref="OperationCanceledException">The host could wait no longer: what became of it does not count.</exception>
    public async Task<bool> DeliverAsync(Function function, object value, Dictionary<string, string?>? bindings = null)
    {
        var repeat = chaos.RepeatTrigger();
        var second = repeat.AtOnce ? TryAsync() : Task.FromResult(true);
        var succeeded = await TryAsync();
        await second;
        running.Abandoned.ThrowIfCancellationRequested();
        if (repeat.Late is { } wait)
        {
            _ = running.RunLaterAsync(wait, TryAsync);
        }

        return succeeded;

        Task<bool> TryAsync() => Task.Run(async () =>
        {
            try
            {
                await InvokeAsync(function, value, bindings, running.Abandoned);
                return true;
            }
#pragma warning disable CA1031 // The failure is logged; the caller delivers again or goes on, as the trigger has it.
            catch (Exception)
#pragma warning restore CA1031
            {
                return false;
            }
        });
    }
}
