using System.Runtime.CompilerServices;
using System.Text.Json;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>A folder of a workspace. Its path never changes, and its id follows from it.</summary>
/// <param name="Path">Its levels, joined by <c>\</c>.</param>
public sealed record Folder(string Path)
{
    /// <summary>Its id, as records have it.</summary>
    public string Id => FolderPath.IdFor(Path);

    /// <summary>Its own name: the last level.</summary>
    public string Name => Path[(Path.LastIndexOf('\\') + 1)..];
}

/// <summary>The folders of workspaces. Imports make those that they need.</summary>
public sealed class FolderCatalog(IRecords records)
{
    private const string Kind = "folder";
    private const int PageSize = 500;

    /// <summary>The folders below another, in the order of their paths in upper case.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="parent">The folder above; null: the root.</param>
    /// <param name="isDeep">Whether the folders below those are listed, too.</param>
    /// <param name="after">List only what comes after this path; null: from the beginning.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async IAsyncEnumerable<Folder> ListAsync(
        string workspace, RecordFolder? parent, bool isDeep, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = Sort(parent is null ? "" : parent.Path + "\\");
        for (var last = after is null ? null : Sort(after); ;)
        {
            var query = new ItemQuery(Catalog.Config(workspace), prefix) { After = last, Take = PageSize };
            var items = await records.ListAsync(query, cancellationToken);
            foreach (var item in items)
            {
                var folder = JsonSerializer.Deserialize<Stored>(item.Body.Span, JsonSerializerOptions.Web)!;
                if (isDeep || item.Sort.IndexOf('\\', prefix.Length) < 0) yield return new Folder(folder.Path);
            }
            if (items.Count < PageSize) yield break;
            last = items[^1].Sort;
        }
    }

    /// <summary>Whether there is a folder.</summary>
    public async Task<bool> ExistsAsync(string workspace, RecordFolder folder, CancellationToken cancellationToken)
        => await records.ReadAsync(Key(workspace, folder.Ids[^1]), cancellationToken) is not null;

    /// <summary>Makes a folder and those above it; what is there stays as it is. False when the folder was there.</summary>
    public async Task<bool> CreateAsync(string workspace, RecordFolder folder, CancellationToken cancellationToken)
    {
        var levels = folder.Path.Split('\\');
        var writes = folder.Ids.Select((id, i) => Write(Key(workspace, id), string.Join('\\', levels[..(i + 1)]))).ToList();
        return (await records.WriteAsync(writes, cancellationToken))[^1].Status == WriteStatus.Done;
    }

    private static ItemWrite Write(ItemKey key, string path)
        => new(WriteKind.Create, key, Sort(path), JsonSerializer.SerializeToUtf8Bytes(new Stored(path, ""), JsonSerializerOptions.Web));

    private static ItemKey Key(string workspace, string id) => new(Catalog.Config(workspace), $"{Kind}|{id}");

    private static string Sort(string path) => $"{Kind}|{path.ToUpperInvariant()}";

    // As imports store them, too; made by no job.
    private sealed record Stored(string Path, string MadeBy);
}
