using System.Text.Json;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Entra;

/// <summary>
/// The properties that a directory has beyond those of every directory: what its applications added (learn.microsoft.com, "directoryObject:
/// getAvailableExtensionProperties").
/// </summary>
/// <param name="graph">Who is asked.</param>
internal sealed class DirectoryExtensions(GraphClient graph)
{
    /// <summary>The extensions of users.</summary>
    /// <exception cref="ServerException">They are not told.</exception>
    public async Task<IReadOnlyList<UserProperty>> ListAsync(CancellationToken cancellationToken)
    {
        using var answer = await graph.AskAsync(new GraphQuestion("directoryObjects/getAvailableExtensionProperties") { Body = "{}" }, cancellationToken);
        return [.. graph.ListOf(answer!).Where(IsOfUsers).Select(e => (Name: TextOf(e, "name"), Type: TextOf(e, "dataType"))).Where(e => UserProperties.IsName(e.Name))
            .Select(e => new UserProperty(e.Name, e.Name, e.Type switch { "Boolean" => FieldType.YesNo, "DateTime" => FieldType.Date, "Integer" => FieldType.WholeNumber, _ => null }))];
    }

    private static bool IsOfUsers(JsonElement extension)
        => extension.TryGetProperty("targetObjects", out var targets) && targets.ValueKind == JsonValueKind.Array
            && targets.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("User"));

    private static string TextOf(JsonElement extension, string member)
        => extension.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
