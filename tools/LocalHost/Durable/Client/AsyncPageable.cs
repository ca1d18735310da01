namespace IntegrationPoints.LocalHost.Durable.Client;

/// <summary>One page of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="values">The page.</param>
/// <param name="continuationToken">Where the next page starts; null after the last.</param>
public sealed class Page<T>(IReadOnlyList<T> values, string? continuationToken = null)
    where T : notnull
{
    /// <summary>The page.</summary>
    public IReadOnlyList<T> Values { get; } = values;

    /// <summary>Where the next page starts; null after the last.</summary>
    public string? ContinuationToken { get; } = continuationToken;
}

/// <summary>A listing that is fetched page by page.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    /// <summary>The listing, page by page.</summary>
    /// <param name="continuationToken">Where to go on; from the start when left out.</param>
    /// <param name="pageSizeHint">How many at most in one page.</param>
    /// <returns>The pages.</returns>
    public abstract IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null);

    /// <inheritdoc/>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken))
        {
            foreach (var value in page.Values)
            {
                yield return value;
            }
        }
    }
}
