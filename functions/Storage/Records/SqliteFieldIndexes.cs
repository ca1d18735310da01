using System.Collections.Concurrent;
using System.Text;
using IntegrationPoints.Engine.Searches;

namespace IntegrationPoints.Storage;

/// <summary>
/// Indexes of filterable fields, made when a field is first asked for in a partition that is worth it (design, Data). An index is a table of
/// (partition, value, sort, item), one row for each value of an array, which triggers keep. An expression index could not look into arrays. Text is
/// folded (<see cref="TextFold"/>), so that one index serves comparisons with and without regard to case.
/// </summary>
/// <param name="writer">Makes them.</param>
/// <param name="worthIt">How many items a partition has before a condition there gets its index.</param>
internal sealed class SqliteFieldIndexes(SqliteWriter writer, int worthIt)
{
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>How many items make an index worth it.</summary>
    public int WorthIt { get; } = worthIt;

    /// <summary>The name of a field's index. In hexadecimal, because SQLite's names do not tell upper from lower case.</summary>
    public static string Table(string fieldId) => "u_" + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(fieldId));

    /// <summary>Makes the index of a field unless it is there.</summary>
    public async Task EnsureAsync(string fieldId, CancellationToken cancellationToken)
    {
        var field = FieldPath.Checked(fieldId);
        if (_known.ContainsKey(field)) return;
        await writer.RunAsync(0, statements => statements.Execute(Script(field)), cancellationToken);
        _known[field] = true;
    }

    private static string Script(string field)
    {
        var table = Table(field);
        var path = SqliteListing.Path(field);
        var types = "'text', 'true', 'false', 'integer', 'real'";
        var value = "CASE j.type WHEN 'text' THEN fold(j.value) ELSE j.value END";
        // Nothing is inserted twice (an array may repeat a value), because OR IGNORE in a trigger yields to the statement that fires it.
        return $"""
            CREATE TABLE IF NOT EXISTS {table}(
                pk TEXT NOT NULL, value NOT NULL, sort TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY(pk, value, sort, item)) WITHOUT ROWID;
            INSERT OR IGNORE INTO {table}
                SELECT i.pk, {value}, i.sort, i.item FROM items i, json_each(i.body, {path}) j WHERE j.type IN ({types});
            CREATE TRIGGER IF NOT EXISTS {table}_insert AFTER INSERT ON items BEGIN
                INSERT INTO {table} SELECT DISTINCT new.pk, {value}, new.sort, new.item FROM json_each(new.body, {path}) j WHERE j.type IN ({types});
            END;
            CREATE TRIGGER IF NOT EXISTS {table}_update AFTER UPDATE ON items BEGIN
                DELETE FROM {table} WHERE pk = old.pk AND sort = old.sort AND item = old.item AND value IN (SELECT {value} FROM json_each(old.body, {path}) j);
                INSERT INTO {table} SELECT DISTINCT new.pk, {value}, new.sort, new.item FROM json_each(new.body, {path}) j WHERE j.type IN ({types});
            END;
            CREATE TRIGGER IF NOT EXISTS {table}_delete AFTER DELETE ON items BEGIN
                DELETE FROM {table} WHERE pk = old.pk AND sort = old.sort AND item = old.item AND value IN (SELECT {value} FROM json_each(old.body, {path}) j);
            END;
            """;
    }
}
