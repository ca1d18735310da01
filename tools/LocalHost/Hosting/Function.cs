using System.Reflection;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>A function: the method, its trigger, and the parameter that carries it.</summary>
internal sealed class Function(string name, MethodInfo method, ParameterInfo triggerParameter, Attribute trigger) : FunctionDefinition
{
    public override string Name { get; } = name;

    public string Id { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public MethodInfo Method { get; } = method;

    public ParameterInfo TriggerParameter { get; } = triggerParameter;

    public Attribute Trigger { get; } = trigger;

    /// <summary>The names that the trigger binds besides itself: route parameters, tokens of a blob pattern.</summary>
    public required IReadOnlySet<string> BoundNames { get; init; }

    /// <summary>The route below <c>/</c>; for HTTP functions only.</summary>
    public string Route => "api/" + (((HttpTriggerAttribute)Trigger).Route ?? Name);
}
