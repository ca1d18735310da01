using System.Text.Json.Nodes;
using IntegrationPoints.App.Http;

namespace IntegrationPoints.App.OpenApi;

/// <summary>The schemas of bodies and answers, each under its name.</summary>
internal sealed class ApiSchemas
{
    /// <summary>All that were referred to, and those of types that hold themselves.</summary>
    public JsonObject All { get; } = new(JsonSchemas.Recursive.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Name, JsonSchemas.Of(type))));

    /// <summary>A reference to a type's schema, which is made when it is asked for first.</summary>
    public JsonObject Reference(Type type)
    {
        var name = NameOf(type);
        if (!All.ContainsKey(name)) All[name] = IsList(type) ? Listing(type.GetGenericArguments()[0]) : JsonSchemas.Of(type);
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>The schema of a body some of whose members are not the caller's to set.</summary>
    public JsonObject Body(Type type, IReadOnlyCollection<string> readOnly)
    {
        var reference = Reference(type);
        if (readOnly.Count == 0) return reference;
        var body = All[NameOf(type)]!.DeepClone().AsObject();
        foreach (var name in readOnly) body["properties"]!.AsObject().Remove(name);
        if (body["required"] is JsonArray required)
            body["required"] = new JsonArray([.. required.Select(r => r!.GetValue<string>()).Except(readOnly).Select(r => (JsonNode)r)]);
        return body;
    }

    private JsonObject Listing(Type item) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("items"),
        ["properties"] = new JsonObject
        {
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(item) },
            ["continuationToken"] = new JsonObject
            {
                ["type"] = new JsonArray("string", "null"),
                ["description"] = "Send it as the query parameter of this name to get the next page; null on the last.",
            },
        },
    };

    private static bool IsList(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Listing<>);

    private static string NameOf(Type type) => IsList(type) ? $"{NameOf(type.GetGenericArguments()[0])}List" : type == typeof(object) ? "Any" : type.Name;
}
