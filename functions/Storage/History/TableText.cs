using System.Buffers;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage;

/// <summary>Texts of others as keys and columns of tables.</summary>
internal static class TableText
{
    /// <summary>The most characters of a text column: 64 KB of UTF-16 (Table service data model).</summary>
    public const int ColumnLength = 32 * 1024;

    private static readonly SearchValues<char> NotInKeys = SearchValues.Create("/\\#?|%~");

    private static readonly SearchValues<char> MayNotFit = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0xd800, 0x800)).Append(0xfffe).Append(0xffff).Select(c => (char)c)]);

    /// <summary>
    /// A key of one or more parts, separated by <c>|</c>; two lists of parts never become one key. Keys cannot hold <c>/ \ # ?</c> and control
    /// characters, and a percent sign is not safe in an address.
    /// </summary>
    public static string Key(params ReadOnlySpan<string> parts)
    {
        var key = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0) key.Append('|');
            foreach (var c in parts[i])
            {
                if (NotInKeys.Contains(c) || char.IsControl(c)) key.Append(null, $"~{(int)c:x4}");
                else key.Append(c);
            }
        }
        return key.ToString();
    }

    /// <summary>A text as a column can hold it: shortened, with a replacement for what is not text.</summary>
    public static string? Column(string? text, int length = ColumnLength)
    {
        if (text is null) return null;
        var cut = text.Length <= length ? text : text[..(length - 1)] + "…";
        // Cutting may have halved a character; a load file may hold control characters, which the store refuses.
        return cut.AsSpan().ContainsAny(MayNotFit) ? Encode(cut) : cut;
    }

    /// <summary>A table's rows between two keys of one partition, in order.</summary>
    public static string Range(string partition, string? after, string? before = null)
    {
        var filter = new StringBuilder(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"));
        if (after is not null) filter.Append(" and ").Append(TableClient.CreateQueryFilter($"RowKey gt {after}"));
        if (before is not null) filter.Append(" and ").Append(TableClient.CreateQueryFilter($"RowKey lt {before}"));
        return filter.ToString();
    }

    /// <summary>The row, or null.</summary>
    public static async Task<TableEntity?> FindAsync(TableClient table, string partition, string row, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Inserts a row; false when there is one.</summary>
    public static async Task<bool> TryInsertAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Does all of it or, when a row is there already, not there any more or of another version, nothing; false then.</summary>
    public static async Task<bool> TrySubmitAsync(TableClient table, IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Deletes the version that the row names; false when there is another, or none.</summary>
    public static async Task<bool> TryDeleteAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken);
            return answer.Status != 404;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    private static string Encode(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var fits = rune.Value is '\t' or '\n' or '\r' || (rune.Value >= 0x20 && rune.Value is not (0xfffe or 0xffff));
            clean.Append((fits ? rune : Rune.ReplacementChar).ToString());
        }
        return clean.ToString();
    }
}
