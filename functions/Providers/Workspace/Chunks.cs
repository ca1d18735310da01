using System.Runtime.CompilerServices;

namespace IntegrationPoints.Providers.Workspace;

internal static class Chunks
{
    /// <summary>The same items in lists of at most <paramref name="size"/>.</summary>
    public static async IAsyncEnumerable<List<T>> Chunked<T>(
        this IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new List<T>(size);
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            chunk.Add(item);
            if (chunk.Count < size) continue;
            yield return chunk;
            chunk = new List<T>(size);
        }
        if (chunk.Count > 0) yield return chunk;
    }
}
