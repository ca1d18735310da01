using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>A record as the API shows it, for its description; it is written without being built.</summary>
/// <param name="Id">The identifier as it was first written.</param>
/// <param name="Fields">Values by the names of fields; empty fields are left out.</param>
/// <param name="Folder">The path of the document's folder; null: the root, or no document.</param>
/// <param name="Native">The document's original file; null: none.</param>
public sealed record RecordView(string Id, IReadOnlyDictionary<string, object> Fields, string? Folder, NativeView? Native);

/// <summary>A document's original file.</summary>
/// <param name="Name">Its name without folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Type">What it is by its first bytes, as the ending that such files have; left out when it is not known.</param>
public sealed record NativeView(string Name, long Bytes, string? Type = null);

/// <summary>Writes records of one object type as JSON: values by the names of fields, long text in full.</summary>
internal sealed class RecordOutput(Blobs blobs, IReadOnlyList<Field> fields)
{
    /// <summary>Reads the fields that the object type has now.</summary>
    public static async Task<RecordOutput> ForAsync(
        Blobs blobs, WorkspaceCatalog workspaces, string workspace, string objectType, CancellationToken cancellationToken)
        => new(blobs, await workspaces.FieldsAsync(workspace, objectType, cancellationToken).Select(f => f.Value)
            .OrderBy(f => f.Role != FieldRole.Identifier).ThenBy(f => f.Name, StringComparer.Ordinal).ToListAsync(cancellationToken));

    /// <summary>Writes one record.</summary>
    public async Task WriteAsync(JsonStream output, StoredItem item, CancellationToken cancellationToken)
    {
        var record = RecordJson.Read(item.Body.Span);
        output.Json.WriteStartObject();
        output.Json.WriteString("id", record.Identifier);
        output.Json.WriteStartObject("fields");
        foreach (var field in fields)
        {
            var value = field.Role == FieldRole.Identifier ? record.NameOf(field.Id) : record.ValueOf(field.Id);
            if (value is null) continue;
            output.Json.WritePropertyName(field.Name);
            await WriteValueAsync(output, value, cancellationToken);
            await output.SendAsync(cancellationToken);
        }
        output.Json.WriteEndObject();
        output.Json.WriteString("folder", record.Folder?.Path);
        WriteNative(output, record.Native);
        output.Json.WriteEndObject();
        await output.SendAsync(cancellationToken);
    }

    private async Task WriteValueAsync(JsonStream output, object value, CancellationToken cancellationToken)
    {
        switch (value)
        {
            case string text: output.Json.WriteStringValue(text); break;
            case int number: output.Json.WriteNumberValue(number); break;
            case bool yes: output.Json.WriteBooleanValue(yes); break;
            case string[] paths:
                output.Json.WriteStartArray();
                foreach (var path in paths) output.Json.WriteStringValue(path);
                output.Json.WriteEndArray();
                break;
            case TextReference reference:
                await WriteTextAsync(output, reference, cancellationToken);
                break;
            default: throw new InvalidOperationException($"A record holds a value of the type {value.GetType().Name}.");
        }
    }

    private async Task WriteTextAsync(JsonStream output, TextReference reference, CancellationToken cancellationToken)
    {
        // The file is never overwritten; whichever version is there is the one that the record means.
        var version = await Blobs.FindAsync(blobs.Files, reference.Blob, cancellationToken)
            ?? throw new InvalidOperationException($"The text {reference.Blob} is missing in the file repository.");
        await using var text = await Blobs.OpenRangeAsync(blobs.Files, reference.Blob, 0, null, version.ETag, cancellationToken);
        await output.WriteTextAsync(text, cancellationToken);
    }

    private static void WriteNative(JsonStream output, NativeFile? native)
    {
        if (native is null)
        {
            output.Json.WriteNull("native");
            return;
        }
        output.Json.WriteStartObject("native");
        output.Json.WriteString("name", native.Name);
        output.Json.WriteNumber("bytes", native.Bytes);
        if (native.Type is { } type) output.Json.WriteString("type", type);
        output.Json.WriteEndObject();
    }
}
