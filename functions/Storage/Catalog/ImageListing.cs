using System.Runtime.CompilerServices;
using System.Text.Json;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The images of one document.</summary>
/// <param name="Document">The document's identifier.</param>
/// <param name="Sort">The document's sort key.</param>
/// <param name="Sets">Its sets by name, the original images first.</param>
public sealed record DocumentImages(string Document, string Sort, IReadOnlyList<(string Set, IReadOnlyList<ImagePage> Pages)> Sets);

/// <summary>The images of a workspace, by document in identifier order.</summary>
public sealed class ImageListing(RecordListing listing, IRecords records)
{
    /// <summary>The documents that have images, after a sort key (null: all of them).</summary>
    public async IAsyncEnumerable<DocumentImages> ListAsync(
        Workspace workspace, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in listing.ListAsync(workspace, ObjectType.Document, after, cancellationToken))
        {
            var record = RecordJson.Read(item.Body.Span);
            if (record.Images is not { Count: > 0 } images) continue;
            var sets = new List<(string, IReadOnlyList<ImagePage>)>(images.Count);
            foreach (var (name, set) in images.OrderBy(s => s.Key != ImageSet.Original).ThenBy(s => s.Key, StringComparer.Ordinal))
                sets.Add((name, await PagesAsync(item.Key.Partition, set, cancellationToken)));
            yield return new DocumentImages(record.Identifier, item.Sort, sets);
        }
    }

    /// <summary>The pages of a set, in order.</summary>
    /// <param name="partition">The partition of the document's record.</param>
    /// <param name="set">The set, as the record names it.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<IReadOnlyList<ImagePage>> PagesAsync(string partition, ImageSet set, CancellationToken cancellationToken)
    {
        var keys = Enumerable.Range(0, set.Parts).Select(part => new ItemKey(partition, set.PartId(part))).ToList();
        var parts = await records.ReadManyAsync(keys, cancellationToken);
        return
        [
            .. parts.SelectMany((part, i) => part is null
                ? throw new InvalidOperationException($"The images {keys[i].Id} are missing.")
                : JsonSerializer.Deserialize<ImagePart>(part.Body.Span, JsonSerializerOptions.Web)!.Pages),
        ];
    }
}
