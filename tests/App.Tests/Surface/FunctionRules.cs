using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace IntegrationPoints.App.Tests.Surface;

/// <summary>
/// What the metadata generator and the real host demand of functions (azure-functions-dotnet-worker, sdk/Sdk; durable extension): seen there
/// only when the app is published or started.
/// </summary>
internal static class FunctionRules
{
    private static readonly Type[] Triggers =
    [
        typeof(HttpTriggerAttribute), typeof(TimerTriggerAttribute), typeof(BlobTriggerAttribute),
        typeof(OrchestrationTriggerAttribute), typeof(ActivityTriggerAttribute),
    ];

    /// <summary>Every breach among these types, in words.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<Type> types)
    {
        var functions = types.SelectMany(t => t.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .Where(m => m.IsDefined(typeof(FunctionAttribute))).ToList();
        var breaches = functions.GroupBy(Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).Select(g => $"{g.Key}: the name is used twice").ToList();
        foreach (var function in functions) breaches.AddRange(Check(function).Select(breach => $"{Name(function)}: {breach}"));
        return breaches;
    }

    /// <summary>The types that go into and out of orchestrators and activities.</summary>
    public static IEnumerable<Type> Messages(IEnumerable<Type> types)
        => types.SelectMany(t => t.GetMethods()).Where(m => m.IsDefined(typeof(FunctionAttribute))).SelectMany(MessagesOf).Distinct();

    private static string Name(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<string> Check(MethodInfo function)
    {
        var triggers = function.GetParameters().SelectMany(p => p.GetCustomAttributesData()).Where(a => Triggers.Contains(a.AttributeType)).ToList();
        if (triggers.Count != 1) yield return $"it has {triggers.Count} triggers";
        if (!function.IsPublic || function.DeclaringType is not { IsPublic: true } || function.IsGenericMethod) yield return "it is not a public method of a public class";
        if (function.Name == "Main") yield return "its method is called Main";
        if (function.ReturnType == typeof(void) && function.IsDefined(typeof(System.Runtime.CompilerServices.AsyncStateMachineAttribute))) yield return "it is async void";
        foreach (var trigger in triggers)
        {
            if (trigger.AttributeType == typeof(HttpTriggerAttribute))
            {
                foreach (var breach in CheckHttp(function, trigger)) yield return breach;
            }
            if (trigger.AttributeType == typeof(OrchestrationTriggerAttribute) && !function.IsStatic && IsStateful(function.DeclaringType!))
                yield return "an orchestrator is static, or its class has no state";
        }
        foreach (var message in MessagesOf(function))
        {
            foreach (var breach in CheckMessage(message, [])) yield return breach;
        }
    }

    private static IEnumerable<string> CheckHttp(MethodInfo function, CustomAttributeData trigger)
    {
        if (trigger.ConstructorArguments is not [{ ArgumentType.IsEnum: true }, ..]) yield return "its authorization level is not set";
        // The app signs callers in itself; a key of the host would be a second way to be let in, or kept out.
        else if ((AuthorizationLevel)trigger.ConstructorArguments[0].Value! != AuthorizationLevel.Anonymous) yield return "its authorization level is not Anonymous";
        if (trigger.ConstructorArguments is [_, { Value: ICollection { Count: 0 } }]) yield return "its methods are not set";
        if (trigger.NamedArguments.FirstOrDefault(a => a.MemberName == "Route").TypedValue.Value is not string route)
        {
            yield return "it has no route";
            yield break;
        }
        if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
            yield return $"its route {route} begins with admin or runtime";
        if (route.StartsWith('/')) yield return $"its route {route} begins with a slash";
        RoutePattern? pattern = null;
        var wrong = "";
        try
        {
            pattern = RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException e)
        {
            wrong = e.Message;
        }
        if (pattern is null)
        {
            yield return $"its route {route} is not valid: {wrong}";
            yield break;
        }
        var bound = function.GetParameters().Where(p => p.ParameterType == typeof(string)).Select(p => p.Name);
        var inRoute = pattern.Parameters.Select(p => p.Name);
        if (!bound.Order().SequenceEqual(inRoute.Order())) yield return $"its route {route} and its parameters differ";
        if (!function.GetParameters().Any(p => p.ParameterType == typeof(HttpRequest))) yield return "it takes no HttpRequest";
    }

    private static bool IsStateful(Type type)
        => type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(f => !f.IsLiteral);

    private static IEnumerable<Type> MessagesOf(MethodInfo function)
    {
        var isActivity = function.GetParameters().FirstOrDefault(p => p.IsDefined(typeof(ActivityTriggerAttribute)));
        var isOrchestrator = function.GetParameters().Any(p => p.IsDefined(typeof(OrchestrationTriggerAttribute)));
        if (isActivity is null && !isOrchestrator) yield break;
        if (isActivity is not null) yield return isActivity.ParameterType;
        if (function.ReturnType.IsGenericType) yield return function.ReturnType.GetGenericArguments()[0];
        else if (function.ReturnType != typeof(Task) && function.ReturnType != typeof(void)) yield return function.ReturnType;
    }

    // System.Text.Json with its defaults: tuples lose their fields, interfaces cannot be made, derived types lose what they add, cycles throw.
    private static IEnumerable<string> CheckMessage(Type type, IReadOnlyList<Type> path)
    {
        if (path.Contains(type))
        {
            yield return $"its message {path[0].Name} contains itself, through {type.Name}";
            yield break;
        }
        if (type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type.FullName.StartsWith("System.Tuple`", StringComparison.Ordinal))
            yield return $"its message {(path.Count > 0 ? path[0] : type).Name} holds a tuple";
        var item = Item(type);
        if (item is null && (type.IsInterface || type.IsAbstract)) yield return $"its message {(path.Count > 0 ? path[0] : type).Name} holds the abstract type {type.Name}";
        if (type == typeof(object)) yield return $"its message {(path.Count > 0 ? path[0] : type).Name} holds an object of any type";
        IEnumerable<Type> parts = item is not null ? [item]
            : type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true || type.IsEnum ? []
            : type.GetProperties().Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null).Select(p => p.PropertyType);
        foreach (var breach in parts.Distinct().SelectMany(part => CheckMessage(part, [.. path, type]))) yield return breach;
    }

    private static Type? Item(Type type)
        => type.IsArray ? type.GetElementType()
            : type == typeof(string) ? null
            : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
