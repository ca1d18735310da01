using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>A page of a list.</summary>
/// <param name="Items">What it holds.</param>
/// <param name="ContinuationToken">Send it as <c>continuationToken</c> to get the next page; null: this is the last.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, string? ContinuationToken = null);

/// <summary>The parameters of paged lists: <c>pageSize</c> and <c>continuationToken</c>.</summary>
internal static class Paging
{
    private const int DefaultSize = 100, MaxSize = 1000, MaxTokenLength = 4000;

    private static readonly UTF8Encoding Text = new(false, throwOnInvalidBytes: true);

    /// <summary>How many items the caller wants.</summary>
    /// <exception cref="RefusedException"><c>invalid-page-size</c>.</exception>
    public static int Size(HttpRequest request)
    {
        if (request.Query["pageSize"].ToString() is not { Length: > 0 } text) return DefaultSize;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxSize
            ? size
            : throw RefusedException.Bad("invalid-page-size", $"pageSize must be a whole number from 1 to {MaxSize}.");
    }

    /// <summary>The token as it was sent; null: from the beginning.</summary>
    public static string? RawToken(HttpRequest request) => request.Query["continuationToken"].ToString() is { Length: > 0 } token ? token : null;

    /// <summary>After which key the caller wants to go on; null: from the beginning.</summary>
    /// <param name="request">The request.</param>
    /// <param name="list">Which list it is; a token of another one is refused.</param>
    /// <exception cref="RefusedException"><c>invalid-continuation-token</c>.</exception>
    public static string? After(HttpRequest request, string list)
    {
        if (RawToken(request) is not { } token) return null;
        var start = $"1|{list}|";
        try
        {
            if (token.Length <= MaxTokenLength && Base64Url.IsValid(token)
                && Text.GetString(Base64Url.DecodeFromChars(token)) is var text && text.StartsWith(start, StringComparison.Ordinal))
            {
                return text[start.Length..];
            }
        }
        catch (DecoderFallbackException)
        {
            // Bytes that no token has: refused like any other text that is none.
        }
        throw RefusedException.Bad("invalid-continuation-token", "The continuation token is not one that this list gave. Begin again without one.");
    }

    /// <summary>The token that goes on after a key.</summary>
    public static string Token(string list, string key) => Base64Url.EncodeToString(Text.GetBytes($"1|{list}|{key}"));

    /// <summary>A page of a short list that a store gives as a whole, in the order of its keys.</summary>
    public static async Task<Listing<T>> PageAsync<T>(
        HttpRequest request, string list, IAsyncEnumerable<T> items, Func<T, string> key, CancellationToken cancellationToken)
    {
        var (size, after) = (Size(request), After(request, list));
        var page = new List<T>();
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            if (after is not null && string.CompareOrdinal(key(item), after) <= 0) continue;
            if (page.Count == size) return new Listing<T>(page, Token(list, key(page[^1])));
            page.Add(item);
        }
        return new Listing<T>(page);
    }
}
