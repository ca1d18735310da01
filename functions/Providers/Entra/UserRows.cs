using System.Buffers;
using System.Text;
using System.Text.Json;

namespace IntegrationPoints.Providers.Entra;

/// <summary>Users as rows of a CSV file (RFC 4180, UTF-8).</summary>
/// <param name="columns">The columns.</param>
/// <param name="multiValue">What stands between the values of a property that has several.</param>
internal sealed class UserRows(IReadOnlyList<UserProperty> columns, char multiValue)
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    /// <summary>The row that names the columns.</summary>
    public byte[] Header => Encoding.UTF8.GetBytes(string.Join(',', columns.Select(c => c.Name)) + "\r\n");

    /// <summary>Adds the row of one user.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="user">The user as Microsoft Graph answers.</param>
    /// <param name="manager">The manager's id, when it is known otherwise.</param>
    public void Add(StringBuilder rows, JsonElement user, string? manager)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0) rows.Append(',');
            Cell(rows, columns[i].Name == UserProperties.Manager ? manager ?? ManagerOf(user) ?? "" : Text(ValueOf(user, columns[i])));
        }
        rows.Append("\r\n");
    }

    /// <summary>The id of the manager that came with a user; null: none did.</summary>
    public static string? ManagerOf(JsonElement user)
        => user.TryGetProperty(UserProperties.Manager, out var manager) && manager.ValueKind == JsonValueKind.Object && manager.TryGetProperty(UserProperties.Id, out var id)
            ? id.GetString() : null;

    private static JsonElement ValueOf(JsonElement user, UserProperty column)
    {
        if (!user.TryGetProperty(column.Select, out var value) || !column.IsInside) return value;
        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(column.Name, out var inside) ? inside : default;
    }

    private string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => string.Join(multiValue, value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };

    private static void Cell(StringBuilder rows, string text)
    {
        if (!text.AsSpan().ContainsAny(Quoted) && text.Trim().Length == text.Length) rows.Append(text);
        else rows.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
