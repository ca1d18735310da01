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
    private readonly SqliteFieldIndexes _indexes;

    /// <summary>A store in the file at <paramref name="path"/>; <see cref="EnsureAsync"/> makes the file and its folder.</summary>
    public SqliteRecords(string path) : this(path, indexFrom: 1000) { }

    /// <summary>A store that indexes a field when it is asked for in a partition of so many items.</summary>
    internal SqliteRecords(string path, int indexFrom)
    {
        _path = Path.GetFullPath(path);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWriteCreate }.ToString();
        _writer = new SqliteWriter(OpenForWriting);
        _indexes = new SqliteFieldIndexes(_writer, indexFrom);
    }

    /// <inheritdoc/>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await _writer.RunAsync(0, static statements => statements.Execute(
            """
            CREATE TABLE IF NOT EXISTS items(
                item INTEGER PRIMARY KEY, pk TEXT NOT NULL, id TEXT NOT NULL, sort TEXT NOT NULL, etag INTEGER NOT NULL, body TEXT NOT NULL,
                UNIQUE(pk, id));
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
        // One transaction: the locks are taken once and not for each key.
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
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
    public async Task<IReadOnlyList<StoredItem>> ListAsync(ItemQuery query, CancellationToken cancellationToken)
    {
        using var connection = Open();
        if (query.Filter is not null) SqliteFunctions.AddTo(connection);
        var index = SqliteListing.Indexed(query) is { } value && IsLarge(connection, query.Partition) ? value : null;
        if (index is not null) await _indexes.EnsureAsync(index.FieldId, cancellationToken);
        using var command = connection.CreateCommand();
        SqliteListing.Compose(command, query, index);
        var items = new List<StoredItem>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(Item(reader));
        }
        return items;
    }

    /// <inheritdoc/>
    public async Task DeletePartitionAsync(string partition, CancellationToken cancellationToken)
    {
        int deleted;
        do
        {
            deleted = await _writer.RunAsync(DeletedAtOnce * 1024L, statements => statements.Execute(
                "DELETE FROM items WHERE item IN (SELECT item FROM items WHERE pk = @pk LIMIT @at_once)",
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

    private bool IsLarge(SqliteConnection connection, string partition)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) >= @many FROM (SELECT 1 FROM items WHERE pk = @pk LIMIT @many)";
        command.Parameters.AddWithValue("@pk", partition);
        command.Parameters.AddWithValue("@many", _indexes.WorthIt);
        return (long)command.ExecuteScalar()! == 1;
    }

    private static StoredItem Item(SqliteDataReader reader) => new(
        new ItemKey(reader.GetString(0), reader.GetString(1)),
        reader.GetString(2),
        reader.GetFieldValue<byte[]>(4),
        SqliteStatements.Format(reader.GetInt64(3)));

    private SqliteConnection OpenForWriting()
    {
        var connection = Open();
        SqliteFunctions.AddTo(connection);
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA busy_timeout = 30000;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA cache_size = -32768;
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
