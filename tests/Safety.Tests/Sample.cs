using System.Globalization;
using System.Text.Json.Nodes;
using IntegrationPoints.App.OpenApi;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Bodies as a schema describes them, so that an attack begins with what is nearly right.</summary>
internal static class Sample
{
    /// <summary>A body with every member, whose texts are <paramref name="text"/>.</summary>
    public static JsonNode? Of(JsonNode? schema, Func<string, JsonNode?> text, string name = "", int depth = 0)
    {
        if (schema is not JsonObject described || depth > 4) return null;
        if (described["$ref"]?.GetValue<string>() is { } reference)
            return Of(ApiDescription.Document["components"]!["schemas"]![reference.Split('/')[^1]], text, name, depth);
        if (described["enum"] is JsonArray choices) return choices[0]?.DeepClone();
        var type = described["type"] is JsonArray several ? several[0]!.GetValue<string>() : described["type"]?.GetValue<string>();
        return type switch
        {
            "object" when described["properties"] is JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Of(m.Value, text, m.Key, depth + 1)))),
            "object" => new JsonObject(),
            "array" => new JsonArray(Of(described["items"], text, name, depth + 1)),
            "integer" => 1,
            "number" => 1.5,
            "boolean" => false,
            "string" when described["format"]?.GetValue<string>() is "date" => "2026-01-01",
            "string" when described["format"]?.GetValue<string>() is "time" => "12:00:00",
            "string" => text(name),
            // Settings of a provider: whatever it takes.
            _ when name == "settings" => new JsonObject { ["file"] = text("file") },
            _ => text(name),
        };
    }

    /// <summary>What members must look like to be let through to what is attacked.</summary>
    public static JsonNode? Text(string name, string workspace) => name switch
    {
        "provider" => "load-file",
        "file" or "imageFile" => $"StructuredData/{workspace}/in/small.dat",
        "culture" => "en-US",
        "timeZone" => "UTC",
        "objectType" => "Document",
        "email" or "notificationRecipients" => "ann@example.com",
        "field" or "columns" or "batesBeginField" => "Control Number",
        _ => string.Create(CultureInfo.InvariantCulture, $"Some {name}"),
    };
}
