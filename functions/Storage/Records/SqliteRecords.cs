using System.Text;
using IntegrationPoints.Engine.Records;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>
/// The embedded record store: one SQLite file, used by any number of callers and of processes at once. Readers never wait for writers;
/// writers of one process share transactions. A file that stays locked for 30 seconds throws <see cref="SqliteException"/>.
/// </summary>
public sealed class SqliteRecords : IRecords, IAsyncDisposable
{
    private const string Columns = "pk, id, sort, etag, body";

    // How many items of a partition go in one transaction when it is deleted, so that others get their turn.
    private const int DeletedAtOnce = 5000;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly SqliteWriter _writer;

    /// <summary>A store in the file at <paramref name="path"/>; <see cref="EnsureAsync"/> makes the file and its folder.</summary>
    public SqliteRecords(string path)
    {
        _path = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWriteCreate }.ToString();
        _writer = new SqliteWriter(OpenForWriting);
    }

    /// <inheritdoc/>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await _writer.RunAsync(0, static statements => statements.Execute(
            """
            CREATE TABLE IF NOT EXISTS items(
                pk TEXT NOT NULL, id TEXT NOT NULL, sort TEXT NOT NULL, etag INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE(pk, id));
            CREATE INDEX IF NOT EXISTS items_sort ON items(pk, sort, id);
            """), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredItem?> ReadAsync(ItemKey key, CancellationToken cancellationToken)
        => (await ReadManyAsync([key], cancellationToken))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredItem?>> ReadManyAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellationToken)
    {
        var items = new StoredItem?[keys.Count];
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM items WHERE pk = @pk AND id = @id";
        var partition = command.Parameters.Add("@pk", SqliteType.Text);
        var id = command.Parameters.Add("@id", SqliteType.Text);
        for (var i = 0; i < keys.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            partition.Value = keys[i].Partition;
            id.Value = keys[i].Id;
            using var reader = command.ExecuteReader();
            if (reader.Read()) items[i] = Item(reader);
        }
        return Task.FromResult<IReadOnlyList<StoredItem?>>(items);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A <see cref="WriteKind.Replace"/> without an etag.</exception>
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<ItemWrite> writes, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (var write in writes)
        {
            if (write is { Kind: WriteKind.Replace, ETag: null }) throw new ArgumentException("Replacing needs an etag.", nameof(writes));
            bytes += StoredSize.Of(write);
        }
        if (writes.Count == 0) return [];
        return await _writer.RunAsync(bytes, statements =>
        {
            var results = new WriteResult[writes.Count];
            for (var i = 0; i < results.Length; i++) results[i] = statements.Apply(writes[i]);
            return results;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A condition whose field id is not made of ASCII letters, digits, - and _.</exception>
    public Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        var sql = new StringBuilder($"SELECT {Columns} FROM items WHERE pk = @pk");
        command.Parameters.AddWithValue("@pk", query.Partition);
        AddRange(query, sql, command.Parameters);
        for (var i = 0; i < query.Where.Count; i++) AddCondition(query.Where[i], i, sql, command.Parameters);
        sql.Append(" ORDER BY sort, id LIMIT @take");
        command.Parameters.AddWithValue("@take", query.Take);
#pragma warning disable CA2100 // Values are parameters; field ids are checked.
        command.CommandText = sql.ToString();
#pragma warning restore CA2100
        var items = new List<StoredItem>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(Item(reader));
        }
        return Task.FromResult<IReadOnlyList<StoredItem>>(items);
    }

    /// <inheritdoc/>
    public async Task DeletePartitionAsync(string partition, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            deleted = await _writer.RunAsync(DeletedAtOnce * 1024L, statements => statements.Execute(
                "DELETE FROM items WHERE rowid IN (SELECT rowid FROM items WHERE pk = @pk LIMIT @at_once)",
                ("@pk", partition), ("@at_once", DeletedAtOnce)), cancellationToken);
        }
        while (deleted == DeletedAtOnce);
    }

    /// <summary>Finishes the writes that wait and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // One bound below and one above, so that SQLite seeks to the place instead of stepping there. As bytes, because what follows a prefix
    // need not be a character.
    private static void AddRange(ItemQuery query, StringBuilder sql, SqliteParameterCollection parameters)
    {
        var from = Encoding.UTF8.GetBytes(query.Prefix);
        var after = query.After is null ? null : Encoding.UTF8.GetBytes(query.After);
        if (after is not null && after.AsSpan().SequenceCompareTo(from) >= 0)
        {
            sql.Append(" AND sort > CAST(@after AS TEXT)");
            parameters.AddWithValue("@after", after);
        }
        else
        {
            sql.Append(" AND sort >= CAST(@from AS TEXT)");
            parameters.AddWithValue("@from", from);
        }
        if (from.Length == 0) return;
        var to = (byte[])from.Clone();
        to[^1]++; // UTF-8 has no byte above F4.
        sql.Append(" AND sort < CAST(@to AS TEXT)");
        parameters.AddWithValue("@to", to);
    }

    // json_each walks an array and takes a single value for an array of one.
    private static void AddCondition(FieldEquals condition, int number, StringBuilder sql, SqliteParameterCollection parameters)
    {
        var types = condition.Value switch
        {
            string => "'text'",
            true => "'true'",
            false => "'false'",
            int or long => "'integer', 'real'",
            _ => throw new ArgumentException("A condition compares with a string, a bool or a whole number.", nameof(condition)),
        };
        sql.Append(
            null,
            $" AND EXISTS (SELECT 1 FROM json_each(body, '$.f.\"{FieldPath.Checked(condition)}\"') WHERE value = @v{number} AND type IN ({types}))");
        parameters.AddWithValue($"@v{number}", condition.Value);
    }

    private static StoredItem Item(SqliteDataReader reader) => new(
        new ItemKey(reader.GetString(0), reader.GetString(1)),
        reader.GetString(2),
        reader.GetFieldValue<byte[]>(4),
        SqliteStatements.Format(reader.GetInt64(3)));

    private SqliteConnection OpenForWriting()
    {
        var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA busy_timeout = 30000;
            PRAGMA cache_size = -65536;
            """;
        command.ExecuteNonQuery();
        return connection;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }
}
