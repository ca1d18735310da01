using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.App.OpenApi;

/// <summary>JSON Schema (2020-12) of records, with what their annotations and default values say, so that a form can be drawn from it.</summary>
internal static class JsonSchemas
{
    // What the API takes is a little wider (numbers in quotes); what it describes is what it means.
    private static readonly JsonSerializerOptions Strict = new(ApiJson.Options)
    {
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Annotate };

    /// <summary>Types that hold themselves: their schemas stand under <c>#/components/schemas</c> of the document, where they refer to themselves.</summary>
    public static IReadOnlyList<Type> Recursive { get; } = [typeof(Condition)];

    /// <summary>The schema of a type.</summary>
    public static JsonObject Of(Type type)
    {
        var schema = Strict.GetJsonSchemaAsNode(type, Options) as JsonObject ?? [];
        Inline(schema, schema);
        return schema;
    }

    // The exporter refers to where a type stood first, counted from the schema's own root, which is another one once the schema is part of a document.
    private static void Inline(JsonNode? node, JsonObject root)
    {
        if (node is JsonArray array) foreach (var item in array) Inline(item, root);
        if (node is not JsonObject json) return;
        foreach (var (name, value) in json.ToList())
        {
            if (value is JsonObject part && part["$ref"]?.GetValue<string>() is ['#', '/', .. var path] && !path.StartsWith("components/", StringComparison.Ordinal))
            {
                var target = path.Split('/').Aggregate((JsonNode)root, (at, step) => at is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step]!);
                var copy = target.DeepClone().AsObject();
                foreach (var (own, said) in part.Where(m => m.Key != "$ref").ToList()) copy[own] = said?.DeepClone();
                json[name] = copy;
            }
            Inline(json[name], root);
        }
    }

    // A type that holds itself has these members last: the exporter refers to where a type stood first, which must not be in what is left out here.
    private static JsonObject? Shared(JsonPropertyInfo? property)
    {
        if (property is null || !Recursive.Contains(property.DeclaringType)) return null;
        if (Recursive.Contains(property.PropertyType)) return Reference(property.PropertyType);
        var item = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : null;
        return item is not null && Recursive.Contains(item) ? new() { ["type"] = new JsonArray("array", "null"), ["items"] = Reference(item) } : null;
    }

    private static JsonObject Reference(Type type) => new() { ["$ref"] = $"#/components/schemas/{type.Name}" };

    private static JsonNode Annotate(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (Shared(context.PropertyInfo) is { } shared) return shared;
        if (context.TypeInfo.Type == typeof(Secret)) schema = OfSecret();
        // "Anything" is the schema true or the schema {}; readers of OpenAPI know the latter.
        if (schema is not JsonObject node) return new JsonObject();
        // The serializer lets these be left out, so that everything wrong with the settings shows at once; a form must ask for them.
        string[] asked = [.. context.TypeInfo.Properties.Where(p => p.AttributeProvider?.IsDefined(typeof(RequiredAttribute), true) == true).Select(p => p.Name)];
        if (asked.Length > 0) node["required"] = new JsonArray([.. asked.Select(name => (JsonNode)name)]);
        if (context.PropertyInfo is not { AttributeProvider: MemberInfo member } property) return schema;
        if (member.GetCustomAttribute<DescriptionAttribute>() is { } description) node["description"] = description.Description;
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            var (least, most) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
            node["minimum"] = (long)least;
            // Beyond what a JSON number holds exactly the annotation means "no limit".
            if (most < 1L << 53) node["maximum"] = (long)most;
        }
        if (member.IsDefined(typeof(RequiredAttribute))) node["minLength"] = 1;
        else if (!property.IsRequired && Default(property.DeclaringType, member) is { } value) node["default"] = JsonSerializer.SerializeToNode(value, Strict);
        return node;
    }

    // What is read back names the secret; it is never the secret.
    private static JsonObject OfSecret() => new()
    {
        ["type"] = new JsonArray("string", "object", "null"),
        ["writeOnly"] = true,
        ["properties"] = new JsonObject { ["secret"] = new JsonObject { ["type"] = "string", ["pattern"] = SecretNames.Pattern } },
        ["required"] = new JsonArray("secret"),
    };

    // The value that the member has when nobody sets it; only what fits on a line of a form.
    private static object? Default(Type type, MemberInfo member)
        => member is PropertyInfo property && type.GetConstructor(Type.EmptyTypes) is { } constructor
            && property.GetValue(constructor.Invoke(null)) is { } value && (value is string or bool or Enum || value.GetType().IsPrimitive)
            ? value
            : null;
}
