using System.Reflection;
using IntegrationPoints.LocalHost.Worker;

namespace IntegrationPoints.App.Tests.CodeRules;

/// <summary>Which settings code reads, read off its compiled form: indexers, typed values, sections, connection strings, variables of the environment, triggers' connections.</summary>
internal static class ReadSettings
{
    private static readonly string[] Readers = ["get_Item", "GetValue", "GetSection", "GetRequiredSection", "GetConnectionString", "GetEnvironmentVariable", "GetEnvironmentVariables"];

    /// <summary>The names as they are written in the environment, each with the method that reads it; null: the name is not a constant there.</summary>
    public static IEnumerable<(string? Name, string Where)> Of(IEnumerable<Type> types)
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        foreach (var type in types)
        {
            foreach (var method in type.GetMembers(All).OfType<MethodBase>())
            {
                foreach (var name in Of(method)) yield return (name?.Replace(":", "__", StringComparison.Ordinal), $"{type.Name}.{method.Name}");
                foreach (var trigger in method.GetParameters().SelectMany(p => p.GetCustomAttributes<BlobTriggerAttribute>()))
                    if (trigger.Connection is { } connection) yield return (connection, $"{type.Name}.{method.Name}");
            }
        }
    }

    // The name is the text before the call; a default that is a text, too, stands between them.
    private static IEnumerable<string?> Of(MethodBase method)
    {
        List<string> texts = [];
        foreach (var name in Il.NamesOf(method))
        {
            if (name is string text) texts.Add(text);
            if (name is not MethodBase call) continue;
            var place = texts.Count - call.GetParameters().Count(p => p.ParameterType == typeof(string));
            if (IsReader(call)) yield return place >= 0 && place < texts.Count ? texts[place] : null;
            // What is put together of texts is no constant any more.
            if (IsReader(call) || call.DeclaringType == typeof(string)) texts.Clear();
        }
    }

    private static bool IsReader(MethodBase call) => Readers.Contains(call.Name)
        && (call.DeclaringType == typeof(Environment) || call.DeclaringType!.Namespace?.StartsWith("Microsoft.Extensions.Configuration", StringComparison.Ordinal) is true);
}
