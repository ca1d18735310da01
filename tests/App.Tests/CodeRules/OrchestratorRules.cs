using System.Reflection;
using System.Runtime.CompilerServices;
using IntegrationPoints.LocalHost.Durable;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.App.Tests.CodeRules;

/// <summary>
/// Orchestrators touch only their context: they are executed again and again from their history, and must do the same each time (design, Rules
/// of orchestration 1). Read off the compiled code of an orchestrator and of all our code that it reaches, closures and state machines included.
/// </summary>
internal static class OrchestratorRules
{
    // What may be called beside our own code: everything of these namespaces, less what is named below.
    private static readonly string[] Namespaces =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Runtime.CompilerServices", "System.Threading.Tasks",
        "IntegrationPoints.LocalHost.Durable", "Microsoft.Extensions.Logging",
    ];

    private static readonly Type[] Forbidden = [typeof(Environment), typeof(Console), typeof(Random), typeof(TimeProvider), typeof(Activator), typeof(AppContext), typeof(GC)];

    private static readonly string[] ForbiddenMembers =
    [
        "DateTime.get_Now", "DateTime.get_UtcNow", "DateTime.get_Today", "DateTimeOffset.get_Now", "DateTimeOffset.get_UtcNow",
        "Guid.NewGuid", "Guid.CreateVersion7",
    ];

    // Of tasks only what combines those that the context gave.
    private static readonly string[] TaskMembers =
    [
        "WhenAll", "WhenAny", "GetAwaiter", "get_CompletedTask", "FromResult", "get_Result", "get_IsCompleted", "get_IsCompletedSuccessfully", "get_IsFaulted",
    ];

    /// <summary>Every breach, in words.</summary>
    public static IReadOnlyList<string> Check(MethodBase orchestrator)
    {
        var breaches = new List<string>();
        var seen = new HashSet<MethodBase>();
        var waiting = new Queue<MethodBase>([orchestrator]);
        while (waiting.TryDequeue(out var method))
        {
            if (!seen.Add(method)) continue;
            foreach (var member in Il.MembersOf(method))
            {
                if (Breach(member) is { } breach) breaches.Add($"{method.DeclaringType!.Name}.{method.Name}: {breach}");
                foreach (var next in Reached(member)) waiting.Enqueue(next);
            }
        }
        return breaches;
    }

    /// <summary>The orchestrators among types.</summary>
    public static IEnumerable<MethodInfo> Orchestrators(IEnumerable<Type> types)
        => types.SelectMany(t => t.GetMethods()).Where(m => m.GetParameters().Any(p => p.IsDefined(typeof(OrchestrationTriggerAttribute))));

    private static IEnumerable<MethodBase> Reached(MemberInfo member)
    {
        if (member is MethodBase { IsAbstract: false } method && IsOurs(method.DeclaringType!)) yield return method;
        // An async method's own code is in its state machine, whose fields the method sets.
        if (member is FieldInfo { DeclaringType: { } machine } && typeof(IAsyncStateMachine).IsAssignableFrom(machine))
            yield return machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;
    }

    private static string? Breach(MemberInfo member) => member switch
    {
        FieldInfo field => FieldBreach(field),
        MethodBase method when IsOurs(method.DeclaringType!) => null,
        MethodBase method => CallBreach(method),
        _ => null,
    };

    private static string? FieldBreach(FieldInfo field)
    {
        if (IsMadeByCompiler(field)) return null;
        if (typeof(ILogger).IsAssignableFrom(field.FieldType)) return $"the injected logger {field.Name}";
        return field is { IsStatic: true, IsInitOnly: false, IsLiteral: false } && IsOurs(field.DeclaringType!) ? $"the static field {field.Name}" : null;
    }

    private static string? CallBreach(MethodBase method)
    {
        var type = method.DeclaringType!;
        var name = $"{type.Name}.{method.Name}";
        if (!Namespaces.Contains(type.Namespace) || Forbidden.Contains(type) || ForbiddenMembers.Contains(name)) return name;
        var isTask = type == typeof(Task) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>));
        return (isTask || type.Namespace == "System.Threading.Tasks") && !TaskMembers.Contains(method.Name) ? name : null;
    }

    private static bool IsMadeByCompiler(FieldInfo field)
        => field.Name.StartsWith('<') || field.IsDefined(typeof(CompilerGeneratedAttribute)) || field.DeclaringType!.Name.StartsWith('<');

    private static bool IsOurs(Type type)
        => type.Assembly.GetName().Name!.StartsWith("IntegrationPoints.", StringComparison.Ordinal) && type.Assembly != typeof(TaskOrchestrationContext).Assembly;
}
