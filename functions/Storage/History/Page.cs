using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>A part of a listing.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="ContinuationToken">Where the next part begins, safe in an address; null: there is no more.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? ContinuationToken)
{
    /// <summary>The first rows of a list behind the token.</summary>
    internal static async Task<Page<T>> ReadAsync(
        TableClient table, RowList list, PageRequest request, Func<TableEntity, T> item, CancellationToken cancellationToken)
    {
        var after = list.Prefix + request.After;
        var filter = TableText.Range(list.Partition, after.Length == 0 ? null : after, list.Before);
        var items = new List<T>();
        string? last = null;
        // One more than asked for tells whether there is more.
        await foreach (var row in table.QueryAsync<TableEntity>(filter, Math.Min(request.Size + 1, 1000), cancellationToken: cancellationToken))
        {
            if (items.Count == request.Size) return new Page<T>(items, PageRequest.Token(last!));
            items.Add(item(row));
            last = row.RowKey[list.Prefix.Length..];
        }
        return new Page<T>(items, null);
    }
}

/// <summary>Rows of one partition that are listed by their keys.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Prefix">What the keys of the list begin with; a token names a place without it.</param>
/// <param name="Before">What the list's keys come before; null: it ends with the partition.</param>
internal readonly record struct RowList(string Partition, string Prefix = "", string? Before = null);

/// <summary>Which part of a listing to read.</summary>
internal readonly record struct PageRequest
{
    /// <summary>A page of this many items, 1 to 1,000, from a token that a page gave.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public PageRequest(int size, string? token)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1000);
        Size = size;
        if (token is null) return;
        var after = token.Length <= 2000 && token.Length % 2 == 0 && token.All(char.IsAsciiHexDigit)
            ? Encoding.UTF8.GetString(Convert.FromHexString(token))
            : null;
        After = after is not null && !after.Any(c => char.IsControl(c) || c == '\ufffd')
            ? after
            : throw Strange();
    }

    public int Size { get; }

    public string? After { get; private init; }

    /// <summary>A page of this many items behind a row that is known; null: from the beginning.</summary>
    public static PageRequest Behind(string? row, int size) => new PageRequest(size, null) with { After = row };

    /// <summary>The refusal of a token that no listing gave.</summary>
    public static ConfigurationException Strange()
        => new("invalid-continuation-token", "The continuation token is not one that a listing gave. Begin again without one.");

    public static string Token(string row) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(row));
}
