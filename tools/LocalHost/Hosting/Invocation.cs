using System.ComponentModel;
using System.Reflection;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.LocalHost.Engine;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>One execution of a function.</summary>
/// <param name="function">The function.</param>
/// <param name="triggerValue">What its trigger parameter gets.</param>
/// <param name="cancellationToken">What its cancellation token parameter gets.</param>
internal sealed class Invocation(Function function, object? triggerValue, CancellationToken cancellationToken = default) : FunctionContext
{
    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Id;

    public override FunctionDefinition FunctionDefinition => function;

    public override required IServiceProvider InstanceServices { get; set; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellationToken;

    public HttpContext? HttpContext { get; init; }

    /// <summary>Route parameters or tokens of a blob pattern.</summary>
    public IReadOnlyDictionary<string, string?> Bindings { get; init; } = new Dictionary<string, string?>();

    /// <summary>What stands at the end of the pipeline, when that is not simply the method.</summary>
    public Func<Invocation, Task>? Body { get; init; }

    /// <summary>What the method returned.</summary>
    public object? Result { get; private set; }

    /// <summary>The end of the pipeline.</summary>
    public async Task RunBodyAsync()
    {
        if (Body is { } body)
        {
            await body(this);
        }
        else
        {
            Result = await CallAsync();
        }
    }

    /// <summary>Calls the method on a new instance of its class and waits for its result.</summary>
    public async Task<object?> CallAsync()
    {
        var method = function.Method;
        var target = method.IsStatic ? null : ActivatorUtilities.CreateInstance(InstanceServices, method.DeclaringType!);
        var arguments = Array.ConvertAll(method.GetParameters(), Bind);
        var returned = method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        return method.ReturnType.IsGenericType ? method.ReturnType.GetProperty(nameof(Task<>.Result))!.GetValue(task) : null;
    }

    private object? Bind(ParameterInfo parameter) => parameter switch
    {
        _ when parameter == function.TriggerParameter => triggerValue,
        _ when parameter.ParameterType == typeof(FunctionContext) => this,
        _ when parameter.ParameterType == typeof(CancellationToken) => cancellationToken,
        _ when parameter.ParameterType == typeof(DurableTaskClient) => InstanceServices.GetRequiredService<LocalDurableTaskClient>(),
        _ => Convert(Bindings.GetValueOrDefault(parameter.Name!), parameter),
    };

    private static object? Convert(string? text, ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? text
        : text is not null ? TypeDescriptor.GetConverter(parameter.ParameterType).ConvertFromInvariantString(text)
        : parameter.HasDefaultValue ? parameter.DefaultValue
        : Json.Read(null, parameter.ParameterType);
}
