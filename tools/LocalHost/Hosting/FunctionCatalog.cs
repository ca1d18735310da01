using System.Reflection;
using Azure.Storage.Blobs;
using IntegrationPoints.LocalHost.Durable;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>The functions of the app, and the rules that the real host's metadata generator and host have for them.</summary>
internal sealed class FunctionCatalog
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, Type?> Triggers = new()
    {
        [typeof(HttpTriggerAttribute)] = typeof(HttpRequest),
        [typeof(TimerTriggerAttribute)] = typeof(TimerInfo),
        [typeof(BlobTriggerAttribute)] = typeof(BlobClient),
        [typeof(OrchestrationTriggerAttribute)] = typeof(TaskOrchestrationContext),
        [typeof(ActivityTriggerAttribute)] = null,
    };

    private readonly Dictionary<string, Function> functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the functions among types.</summary>
    /// <exception cref="InvalidOperationException">A function breaks a rule; the message names it and the rule.</exception>
    public FunctionCatalog(IEnumerable<Type> types)
    {
        foreach (var method in types.SelectMany(t => t.GetMethods(AnyMethod)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
            {
                var function = Read(attribute.Name, method);
                if (!functions.TryAdd(function.Name, function))
                {
                    throw Broken(attribute.Name, "another function has this name; names are unique without regard to case");
                }
            }
        }
    }

    public IEnumerable<(Function Function, T Trigger)> With<T>()
        where T : Attribute => functions.Values.Where(f => f.Trigger is T).Select(f => (f, (T)f.Trigger));

    public Function? FindOrchestrator(string name) =>
        functions.GetValueOrDefault(name) is { Trigger: OrchestrationTriggerAttribute } function ? function : null;

    public Function? FindActivity(string name) =>
        functions.GetValueOrDefault(name) is { Trigger: ActivityTriggerAttribute } function ? function : null;

    private static Function Read(string name, MethodInfo method)
    {
        if (!method.IsPublic || !method.DeclaringType!.IsVisible || method.ContainsGenericParameters)
        {
            throw Broken(name, "it must be a public method of a public class, and not generic");
        }

        if (method.Name == "Main")
        {
            throw Broken(name, "its method may not be called Main");
        }

        var triggers = method.GetParameters()
            .SelectMany(p => p.GetCustomAttributes().Where(a => Triggers.ContainsKey(a.GetType())).Select(a => (Parameter: p, Attribute: a)))
            .ToList();
        if (triggers is not [var (parameter, trigger)])
        {
            throw Broken(name, $"it has {triggers.Count} triggers; a function has one");
        }

        if (Triggers[trigger.GetType()] is { } type && parameter.ParameterType != type)
        {
            throw Broken(name, $"its trigger parameter must be of type {type.Name}");
        }

        var function = new Function(name, method, parameter, trigger) { BoundNames = NamesOf(name, trigger) };
        Check(function);
        return function;
    }

    private static HashSet<string> NamesOf(string name, Attribute trigger)
    {
        try
        {
            return trigger switch
            {
                HttpTriggerAttribute http => RoutePatternFactory.Parse(http.Route ?? name).Parameters.Select(p => p.Name)
                    .ToHashSet(StringComparer.OrdinalIgnoreCase),
                BlobTriggerAttribute blob => new BlobPattern(blob.BlobPath).Tokens.ToHashSet(StringComparer.OrdinalIgnoreCase),
                _ => [],
            };
        }
        catch (Exception e) when (e is RoutePatternException or FormatException)
        {
            throw Broken(name, e.Message);
        }
    }

    private static void Check(Function function)
    {
        foreach (var parameter in function.Method.GetParameters().Where(p => p != function.TriggerParameter))
        {
            var type = parameter.ParameterType;
            var isClient = type == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute));
            if (!isClient && type != typeof(FunctionContext) && type != typeof(CancellationToken) && !function.BoundNames.Contains(parameter.Name!))
            {
                throw Broken(function.Name, $"nothing binds its parameter '{parameter.Name}'");
            }
        }

        var result = function.Method.ReturnType;
        var awaited = result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>) ? result.GetGenericArguments()[0] : result;
        if (function.Trigger is HttpTriggerAttribute && !typeof(IActionResult).IsAssignableFrom(awaited))
        {
            throw Broken(function.Name, "an HTTP function returns IActionResult or Task<IActionResult>");
        }

        if (function.Trigger is HttpTriggerAttribute { Route: { } route }
            && (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase)))
        {
            throw Broken(function.Name, "its route may not start with 'admin' or 'runtime'");
        }
    }

    private static InvalidOperationException Broken(string name, string rule) => new($"Function '{name}': {rule}.");
}
