using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.App.Http;

/// <summary>Compares JSON with a type before it is read, so that a caller learns everything that is wrong at once, and where.</summary>
internal static class JsonShape
{
    private static readonly Type[] WholeNumbers = [typeof(int), typeof(long), typeof(short), typeof(byte)];

    /// <summary>What keeps the JSON from being a <paramref name="type"/>: unknown, doubled or missing members and values of the wrong kind.</summary>
    /// <param name="value">The JSON.</param>
    /// <param name="type">What it is to become.</param>
    /// <param name="path">Where it stands in the body, such as <c>source.settings</c>; empty: the body itself.</param>
    /// <param name="given">Members of the outermost object that the caller need not send.</param>
    public static IReadOnlyList<Problem> Check(JsonElement value, Type type, string path = "", IReadOnlyCollection<string>? given = null)
    {
        var problems = new List<Problem>();
        Check(value, ApiJson.Options.GetTypeInfo(type), path, given ?? [], problems);
        return problems;
    }

    /// <summary>What is wrong with a text that holds half of a character.</summary>
    public static Problem Half(string path)
        => At(path, "invalid-json", $"{Named(path)} holds half of a character, such as \\ud800 without its second half, or bytes that are no UTF-8. Leave it out.");

    private static void Check(JsonElement value, JsonTypeInfo info, string path, IReadOnlyCollection<string> given, List<Problem> problems)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckMembers(value, info, path, given, problems);
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Check(item, ApiJson.Options.GetTypeInfo(info.ElementType!), $"{path}[{index++}]", [], problems);
                break;
            default:
                if (!CanRead(value, info)) problems.Add(At(path, "invalid-value", $"{Named(path)} is {(HoldsSecrets(info.Type) ? Kind(value) : Shown(value))}. Expected {Expected(info.Type)}."));
                break;
        }
    }

    private static void CheckMembers(JsonElement value, JsonTypeInfo info, string path, IReadOnlyCollection<string> given, List<Problem> problems)
    {
        var known = info.Properties.Where(p => p.Set is not null || p.AssociatedParameter is not null)
            .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in value.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var isGiven = given.Contains(member.Name, StringComparer.OrdinalIgnoreCase);
            if (!known.TryGetValue(member.Name, out var property) && !isGiven)
                problems.Add(At(at, "unknown-member", $"{Named(at)} is not known. Expected one of: {string.Join(", ", known.Keys.Except(given))}."));
            else if (!seen.Add(member.Name))
                problems.Add(At(at, "doubled-member", $"{Named(at)} stands there twice. Keep one."));
            else if (!isGiven && (member.Value.ValueKind != JsonValueKind.Null || !property!.IsSetNullable))
                Check(member.Value, ApiJson.Options.GetTypeInfo(property!.PropertyType), at, [], problems);
        }
        seen.UnionWith(given);
        foreach (var property in info.Properties.Where(p => p.IsRequired && !seen.Contains(p.Name)))
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            problems.Add(At(at, "missing-member", $"{Named(at)} is missing. Expected {Expected(property.PropertyType)}."));
        }
    }

    private static bool CanRead(JsonElement value, JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (value.ValueKind == JsonValueKind.Null) return type != info.Type;
        // Left alone, the serializer would also take numbers and lists of names.
        if (type.IsEnum) return value.ValueKind == JsonValueKind.String && Names(type).Contains(value.GetString(), StringComparer.OrdinalIgnoreCase);
        try
        {
            value.Deserialize(info);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Named(string path) => path.Length == 0 ? "The body" : $"The member {Words.Quote(path)}";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Words.Quote(value.GetString()),
        JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null => Kind(value),
        _ => Words.Shorten(value.GetRawText()),
    };

    // Whatever somebody sends where a secret is asked for may be one.
    private static bool HoldsSecrets(Type type)
        => type == typeof(Secret) || type.GetGenericArguments().Contains(typeof(Secret)) || type.GetProperties().Any(p => p.PropertyType == typeof(Secret));

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return "one of: " + string.Join(", ", Names(type));
        if (type == typeof(string)) return "text";
        if (type == typeof(Secret)) return "text: the secret itself, or {\"secret\": NAME} to keep the one that is there";
        if (type == typeof(ConditionValue)) return "text, a number, true or false";
        if (type == typeof(bool)) return "true or false";
        if (WholeNumbers.Contains(type)) return "a whole number";
        if (type == typeof(DateOnly)) return "a date such as 2026-03-31";
        if (type == typeof(TimeOnly)) return "a time of day such as 22:30:00";
        if (type == typeof(DateTimeOffset)) return "an instant such as 2026-03-31T22:30:00Z";
        return ApiJson.Options.GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? "a list" : "an object";
    }

    private static IEnumerable<string> Names(Type type)
        => type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name);

    private static Problem At(string path, string code, string message) => new(code, message) { Field = path };
}
