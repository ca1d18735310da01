using System.Text;
using IntegrationPoints.Engine.Records;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>The statement that lists items. Values are parameters; only checked field ids are part of the text.</summary>
internal static class SqliteListing
{
    private const string Columns = "items.pk, items.id, items.sort, items.etag, items.body";

    /// <summary>Makes a command the listing; with <paramref name="indexed"/> through the index of the first condition's field.</summary>
    public static void Compose(SqliteCommand command, ItemQuery query, bool indexed)
    {
        var place = indexed ? SqliteFieldIndexes.Table(query.Where[0].FieldId) : "items";
        var sql = new StringBuilder($"SELECT {Columns} FROM {place}");
        // CROSS: from the index to the items, never the other way round.
        if (indexed) sql.Append(null, $" CROSS JOIN items ON items.item = {place}.item");
        sql.Append(null, $" WHERE {place}.pk = @pk");
        if (indexed) sql.Append(null, $" AND {place}.value = @v0");
        command.Parameters.AddWithValue("@pk", query.Partition);
        AddRange(query, place, sql, command.Parameters);
        for (var i = 0; i < query.Where.Count; i++) AddCondition(query.Where[i], i, sql, command.Parameters);
        sql.Append(null, $" ORDER BY {place}.sort, {(indexed ? "items.item" : "items.id")} LIMIT @take");
        command.Parameters.AddWithValue("@take", query.Take);
#pragma warning disable CA2100 // See the summary of the class.
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
    }

    /// <summary>Where a field's values are in a body: a JSON path in quotes.</summary>
    public static string Path(string field) => $"'$.f.\"{field}\"'";

    // One bound below and one above, so that SQLite seeks to the place instead of stepping there. As bytes, because what follows a prefix
    // need not be a character.
    private static void AddRange(ItemQuery query, string place, StringBuilder sql, SqliteParameterCollection parameters)
    {
        var prefix = Encoding.UTF8.GetBytes(query.Prefix);
        var after = query.After is null ? null : Encoding.UTF8.GetBytes(query.After);
        var goesOn = after is not null && after.AsSpan().SequenceCompareTo(prefix) >= 0;
        sql.Append(null, $" AND {place}.sort {(goesOn ? ">" : ">=")} CAST(@from AS TEXT)");
        parameters.AddWithValue("@from", goesOn ? after : prefix);
        if (prefix.Length == 0) return;
        prefix = [.. prefix[..^1], (byte)(prefix[^1] + 1)]; // UTF-8 has no byte above F4.
        sql.Append(null, $" AND {place}.sort < CAST(@to AS TEXT)");
        parameters.AddWithValue("@to", prefix);
    }

    // json_each walks an array, and takes a single value for an array of one. It would walk an object, too.
    private static void AddCondition(FieldEquals condition, int number, StringBuilder sql, SqliteParameterCollection parameters)
    {
        var path = Path(FieldPath.Checked(condition));
        var types = condition.Value switch
        {
            string => "'text'",
            true => "'true'",
            false => "'false'",
            int or long => "'integer', 'real'",
            _ => throw new ArgumentException("A condition compares with a string, a bool or a whole number.", nameof(condition)),
        };
        sql.Append(null, $" AND EXISTS (SELECT 1 FROM json_each(items.body, {path}) WHERE value = @v{number} AND type IN ({types}))");
        sql.Append(null, $" AND json_type(items.body, {path}) <> 'object'");
        parameters.AddWithValue($"@v{number}", condition.Value);
    }
}
