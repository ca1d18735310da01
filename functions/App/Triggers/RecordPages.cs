using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Triggers;

/// <summary>Pages of records as the API answers with them.</summary>
public sealed class RecordPages(WorkspaceCatalog workspaces, RecordListing listing, Blobs blobs)
{
    // A page ends with the record that reaches this, whatever its size was to be.
    private const long PageBytes = 8 * 1024 * 1024;

    /// <summary>Writes a page of the records whose fields have these values.</summary>
    /// <param name="request">The request, which says where to go on and how many it wants.</param>
    /// <param name="owner">The workspace.</param>
    /// <param name="type">The object type.</param>
    /// <param name="list">What names the list in its tokens.</param>
    /// <param name="where">The values.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WriteAsync(
        HttpRequest request, Workspace owner, ObjectType type, string list, IReadOnlyList<FieldEquals> where, CancellationToken cancellationToken)
    {
        var page = Page.Of(request, owner, type, list);
        var output = await RecordOutput.ForAsync(blobs, workspaces, owner.Id, type.Name, cancellationToken);
        await WriteAsync(page, output, null, listing.ListAsync(owner, type.Name, page.AfterSort, where, cancellationToken), cancellationToken);
    }

    /// <summary>Writes a page of what a query finds: some fields of the records, and which fields no index served.</summary>
    /// <param name="request">The request, which says where to go on and how many it wants.</param>
    /// <param name="owner">The workspace.</param>
    /// <param name="type">The object type.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="fields">The fields that are shown, in order.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WriteAsync(
        HttpRequest request, Workspace owner, ObjectType type, RecordQuery query, IReadOnlyList<Field> fields, CancellationToken cancellationToken)
    {
        var page = Page.Of(request, owner, type, "found");
        var items = listing.ListAsync(owner, type.Name, page.AfterSort, query, cancellationToken);
        await WriteAsync(page, new RecordOutput(blobs, fields), query.Scanned, items, cancellationToken);
    }

    /// <summary>All records of an object type, in identifier order.</summary>
    public IAsyncEnumerable<StoredItem> AllAsync(Workspace owner, ObjectType type, CancellationToken cancellationToken)
        => listing.ListAsync(owner, type.Name, null, cancellationToken);

    /// <summary>How many records a query finds.</summary>
    public Task<long> CountAsync(Workspace owner, ObjectType type, RecordQuery query, CancellationToken cancellationToken)
        => listing.CountAsync(owner, type.Name, query, cancellationToken);

    private static async Task WriteAsync(
        Page page, RecordOutput output, IReadOnlyList<string>? scanned, IAsyncEnumerable<StoredItem> items, CancellationToken cancellationToken)
    {
        using var stream = new JsonStream(page.Request.HttpContext.Response, "application/json; charset=utf-8");
        stream.Json.WriteStartObject();
        stream.Json.WriteStartArray("items");
        var (count, last, more) = (0, "", false);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            more = count == page.Size || stream.Written >= PageBytes;
            if (more) break;
            await output.WriteAsync(stream, item, cancellationToken);
            (count, last) = (count + 1, item.Sort[page.Prefix.Length..]);
        }
        stream.Json.WriteEndArray();
        if (scanned is not null) WriteNames(stream, scanned);
        stream.Json.WriteString("continuationToken", more ? Paging.Token(page.List, last) : null);
        stream.Json.WriteEndObject();
        await stream.EndAsync(cancellationToken);
    }

    private static void WriteNames(JsonStream stream, IReadOnlyList<string> names)
    {
        stream.Json.WriteStartArray("scanned");
        foreach (var name in names) stream.Json.WriteStringValue(name);
        stream.Json.WriteEndArray();
    }

    private sealed record Page(HttpRequest Request, string List, string Prefix, int Size, string? After)
    {
        public string? AfterSort => After is null ? null : Prefix + After;

        public static Page Of(HttpRequest request, Workspace owner, ObjectType type, string list)
        {
            var name = $"{list} {owner.Id} {type.Name}";
            return new(request, name, Identifier.SortPrefix(type.Name), Paging.Size(request), Paging.After(request, name));
        }
    }
}
