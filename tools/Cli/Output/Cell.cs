using System.Text.Json;

namespace IntegrationPoints.Cli.Output;

/// <summary>A column of a table: its title, and its text for an item of the API.</summary>
internal sealed record Cell(string Title, Func<JsonElement, string> Text)
{
    /// <summary>A column that shows a property as it is.</summary>
    public Cell(string title, string property) : this(title, item => TextOf(item, property)) { }

    /// <summary>A property as text: blank when it is absent or null.</summary>
    public static string TextOf(JsonElement item, string property)
        => !item.TryGetProperty(property, out var value) ? "" : value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            _ => value.GetRawText(),
        };
}
