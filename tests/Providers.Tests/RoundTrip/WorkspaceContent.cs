using System.Security.Cryptography;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>What a document is: its folder, native and fields by name, in words; its sets of images by name.</summary>
internal sealed record DocumentContent(Dictionary<string, string> Facets, Dictionary<string, IReadOnlyList<ImagePage>> Images);

/// <summary>What a workspace holds, in words that two workspaces can be compared by: ids and places of files are their own.</summary>
internal static class WorkspaceContent
{
    /// <summary>Every document's facets by name: fields, folder, native; and its images.</summary>
    public static async Task<Dictionary<string, DocumentContent>> ReadAsync(Import import, CancellationToken stop)
    {
        var stores = import.Stores;
        var fields = await Import.Catalog(stores).FieldsAsync(import.Workspace.Id, ObjectType.Document, stop).Select(f => f.Value).ToListAsync(stop);
        var images = new ImageListing(new RecordListing(stores.Records), stores.Records);
        var documents = new Dictionary<string, DocumentContent>();
        await foreach (var item in new RecordListing(stores.Records).ListAsync(import.Workspace, ObjectType.Document, null, stop))
        {
            var record = RecordJson.Read(item.Body.Span);
            var facets = new Dictionary<string, string> { ["Folder Path"] = record.Folder?.Path ?? "", ["FILE_PATH"] = await NativeAsync(import, record, stop) };
            foreach (var field in fields.Where(f => f.Role != FieldRole.Identifier)) facets[field.Name] = await ValueAsync(import, record.ValueOf(field.Id), stop);
            var sets = new Dictionary<string, IReadOnlyList<ImagePage>>();
            foreach (var (name, set) in record.Images ?? []) sets[name] = await images.PagesAsync(item.Key.Partition, set, stop);
            documents[record.Identifier] = new DocumentContent(facets, sets);
        }
        return documents;
    }

    /// <summary>The paths of a workspace's choices or folders, or the names of its objects.</summary>
    public static async Task<List<string>> NamesAsync(Import import, string what, CancellationToken stop)
    {
        if (what != ObjectType.Entity) return [.. (await import.ConfigAsync(what + "|")).Order(StringComparer.Ordinal)];
        return await new RecordListing(import.Stores.Records).ListAsync(import.Workspace, what, null, stop).Select(i => RecordJson.Read(i.Body.Span).Identifier).ToListAsync(stop);
    }

    private static async Task<string> NativeAsync(Import import, Record record, CancellationToken stop)
    {
        if (record.Native is not { } native) return "";
        var content = (await import.Stores.Blobs.Files.GetBlobClient(native.Blob).DownloadContentAsync(stop)).Value.Content;
        Assert.Equal(native.Bytes, content.ToMemory().Length);
        return $"{FileTypes.Ending(native.Name)} {native.Type} {Convert.ToHexStringLower(SHA256.HashData(content.ToMemory().Span))}";
    }

    private static async Task<string> ValueAsync(Import import, object? value, CancellationToken stop) => value switch
    {
        null => "",
        string[] many => string.Join('\u0001', many),
        TextReference file => "file " + (await import.Stores.Blobs.Files.GetBlobClient(file.Blob).DownloadContentAsync(stop)).Value.Content,
        _ => $"{value.GetType().Name} {value}",
    };
}
