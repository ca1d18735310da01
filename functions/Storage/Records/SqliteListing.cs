using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>The statement that lists items. Values are parameters; only checked field ids are part of the text.</summary>
internal static class SqliteListing
{
    private const string Columns = "items.pk, items.id, items.sort, items.etag, items.body";

    /// <summary>
    /// The value by which an index narrows the listing most simply: that of the first condition, or of an equality that holds for all that the
    /// filter finds. Null: there is none.
    /// </summary>
    public static IndexedValue? Indexed(ItemQuery query)
        => query.Where.Count == 0 ? Indexed(query.Filter?.Condition)
            : new(query.Where[0].FieldId, query.Where[0].Value is string text ? TextFold.Of(text) : query.Where[0].Value);

    // A text that is kept as a file is in no index.
    private static IndexedValue? Indexed(RecordCondition? condition) => condition switch
    {
        AllOf all => all.Parts.Select(Indexed).FirstOrDefault(value => value is not null),
        TextTest { Match: TextMatch.Is, Field: { Filterable: true, Type: not FieldType.LongText, Role: not FieldRole.Identifier } } test
            => new(test.Field.Id, TextFold.Of(test.Value)),
        YesNoTest { Field.Filterable: true } test => new(test.Field.Id, test.Yes),
        RangeTest { Field: { Filterable: true, Type: FieldType.WholeNumber }, From: { } from, To: { } to } test when from.Value == to.Value
            => new(test.Field.Id, long.Parse(from.Value, CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>Makes a command the listing; through the index of a value, or through all items.</summary>
    public static void Compose(SqliteCommand command, ItemQuery query, IndexedValue? index)
    {
        var place = index is null ? "items" : SqliteFieldIndexes.Table(index.FieldId);
        var sql = new StringBuilder($"SELECT {Columns} FROM {place}");
        // CROSS: from the index to the items, never the other way round.
        if (index is not null) sql.Append(null, $" CROSS JOIN items ON items.item = {place}.item");
        sql.Append(null, $" WHERE {place}.pk = @pk");
        if (index is not null)
        {
            sql.Append(null, $" AND {place}.value = @index");
            command.Parameters.AddWithValue("@index", index.Value);
        }
        command.Parameters.AddWithValue("@pk", query.Partition);
        AddRange(query, place, sql, command.Parameters);
        for (var i = 0; i < query.Where.Count; i++) AddCondition(query.Where[i], i, sql, command.Parameters);
        if (query.Filter is { } filter) sql.Append(" AND ").Append(new SqliteFilter(command.Parameters, query.Prefix).Write(filter.Condition));
        sql.Append(null, $" ORDER BY {place}.sort, {(index is null ? "items.id" : "items.item")} LIMIT @take");
        command.Parameters.AddWithValue("@take", query.Take);
#pragma warning disable CA2100 // See the summary of the class.
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
    }

    /// <summary>Where a filterable field's values are in a body: a JSON path in quotes.</summary>
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
        var path = Path(FieldPath.Checked(condition.FieldId));
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

/// <summary>A value by which an index is asked.</summary>
/// <param name="FieldId">The field of the index.</param>
/// <param name="Value">Folded text, a whole number or a bool.</param>
internal sealed record IndexedValue(string FieldId, object Value);
