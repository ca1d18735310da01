using IntegrationPoints.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.LocalHost.Worker;

/// <summary>One execution of a function (Worker.Core).</summary>
public abstract class FunctionContext
{
    /// <summary>The id of this execution.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The id of the function; the same in every execution.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>The services of this execution, a scope of their own.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>What middleware and function share in this execution.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Cancelled when the caller has gone or the host can wait no longer.</summary>
    public abstract CancellationToken CancellationToken { get; }
}

/// <summary>A function as its attributes define it.</summary>
public abstract class FunctionDefinition
{
    /// <summary>The name given by <see cref="FunctionAttribute"/>.</summary>
    public abstract string Name { get; }
}

/// <summary>What HTTP functions can learn from their context (Worker.Extensions.Http.AspNetCore).</summary>
public static class FunctionContextExtensions
{
    /// <summary>The request that started the function; null for functions with another trigger.</summary>
    /// <param name="context">The execution.</param>
    /// <returns>The HTTP context, or null.</returns>
    public static HttpContext? GetHttpContext(this FunctionContext context) => (context as Invocation)?.HttpContext;
}

#pragma warning disable CA1711, CA1716 // The names are the worker's.

/// <summary>Runs the rest of the pipeline, the function itself at its end.</summary>
/// <param name="context">The execution.</param>
/// <returns>A task that ends with the function.</returns>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>Code that runs around every function, orchestrators included.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>
    /// Runs around one execution. For an orchestrator, where there is no HTTP context, it returns <paramref name="next"/> at once:
    /// awaiting before it breaks the orchestrator, here as on the real host.
    /// </summary>
    /// <param name="context">The execution.</param>
    /// <param name="next">The rest of the pipeline.</param>
    /// <returns>A task that ends with the execution.</returns>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
