using System.Globalization;
using System.Runtime.InteropServices;
using IntegrationPoints.Engine.Records;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>The writing connection and its prepared statements. For one thread at a time.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin, _commit, _rollback, _insert, _update, _delete, _deleteAny, _exists;

    public SqliteStatements(SqliteConnection connection)
    {
        _connection = connection;
        // Immediate: a transaction that begins by reading and then writes fails when another process wrote in between.
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        // Bodies come as UTF-8 and are kept as text; the cast saves the way through UTF-16.
        _insert = Prepare(
            "INSERT INTO items(pk, id, sort, etag, body) VALUES(@pk, @id, @sort, @new, CAST(@body AS TEXT)) ON CONFLICT(pk, id) DO NOTHING",
            "@pk", "@id", "@sort", "@new", "@body");
        _update = Prepare(
            "UPDATE items SET sort = @sort, etag = @new, body = CAST(@body AS TEXT) WHERE pk = @pk AND id = @id AND etag = @etag",
            "@pk", "@id", "@sort", "@new", "@body", "@etag");
        _delete = Prepare("DELETE FROM items WHERE pk = @pk AND id = @id AND etag = @etag", "@pk", "@id", "@etag");
        _deleteAny = Prepare("DELETE FROM items WHERE pk = @pk AND id = @id", "@pk", "@id");
        _exists = Prepare("SELECT count(*) FROM items WHERE pk = @pk AND id = @id", "@pk", "@id");
    }

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    /// <summary>Undoes what is open; SQLite may have done so already, when the disk is full for example.</summary>
    public void Rollback()
    {
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) _rollback.ExecuteNonQuery();
    }

    /// <summary>One write by the rules of <see cref="WriteKind"/>.</summary>
    public WriteResult Apply(ItemWrite write)
    {
        if (write.Kind == WriteKind.Delete) return Delete(write);
        if (!StoredSize.Fits(write)) return new WriteResult(WriteStatus.TooLarge, null);
        var etag = Random.Shared.NextInt64();
        var command = write.Kind == WriteKind.Create ? _insert : _update;
        var parameters = command.Parameters;
        parameters[0].Value = write.Key.Partition;
        parameters[1].Value = write.Key.Id;
        parameters[2].Value = write.Sort;
        parameters[3].Value = etag;
        parameters[4].Value = Whole(write.Body);
        if (write.Kind == WriteKind.Replace)
        {
            if (!TryParse(write.ETag!, out var expected)) return new WriteResult(WriteStatus.Conflict, null);
            parameters[5].Value = expected;
        }
        return command.ExecuteNonQuery() == 1
            ? new WriteResult(WriteStatus.Done, Format(etag))
            : new WriteResult(WriteStatus.Conflict, null);
    }

    /// <summary>Runs a statement that is not needed often.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command.ExecuteNonQuery();
    }

    /// <summary>A version as callers see it.</summary>
    public static string Format(long etag) => etag.ToString("x16", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_begin, _commit, _rollback, _insert, _update, _delete, _deleteAny, _exists])
            command.Dispose();
        _connection.Dispose();
    }

    private WriteResult Delete(ItemWrite write)
    {
        long expected = 0;
        var known = write.ETag is null || TryParse(write.ETag, out expected);
        if (known)
        {
            var command = write.ETag is null ? _deleteAny : _delete;
            command.Parameters[0].Value = write.Key.Partition;
            command.Parameters[1].Value = write.Key.Id;
            if (write.ETag is not null) command.Parameters[2].Value = expected;
            if (command.ExecuteNonQuery() == 1 || write.ETag is null) return new WriteResult(WriteStatus.Done, null);
        }
        _exists.Parameters[0].Value = write.Key.Partition;
        _exists.Parameters[1].Value = write.Key.Id;
        return new WriteResult((long)_exists.ExecuteScalar()! == 0 ? WriteStatus.Done : WriteStatus.Conflict, null);
    }

    // The provider binds arrays, not parts of them.
    private static byte[] Whole(ReadOnlyMemory<byte> body)
        => MemoryMarshal.TryGetArray(body, out var part) && part.Array!.Length == body.Length ? part.Array : body.ToArray();

    private static bool TryParse(string etag, out long value)
        => long.TryParse(etag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
