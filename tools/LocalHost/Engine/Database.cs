using Microsoft.Data.Sqlite;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>
/// The host's SQLite file: one connection, used by one thread at a time, its statements kept. WAL without a flush at every commit: what was
/// committed survives the death of the process, though not of the machine.
/// </summary>
internal sealed class Database : IDisposable
{
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE instances(id TEXT PRIMARY KEY, execution TEXT NOT NULL, name TEXT NOT NULL, status INTEGER NOT NULL,
            created INTEGER NOT NULL, updated INTEGER NOT NULL, input TEXT, output TEXT, custom_status TEXT);
        CREATE TABLE history(instance TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL,
            task INTEGER NOT NULL, name TEXT, data TEXT, PRIMARY KEY(instance, seq));
        CREATE TABLE inbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT, kind INTEGER NOT NULL,
            at INTEGER NOT NULL, task INTEGER NOT NULL, name TEXT, data TEXT);
        CREATE INDEX inbox_by_instance ON inbox(instance, at);
        CREATE TABLE activities(seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT NOT NULL,
            task INTEGER NOT NULL, name TEXT NOT NULL, input TEXT);
        CREATE INDEX activities_by_instance ON activities(instance);
        CREATE TABLE schedules(function TEXT PRIMARY KEY, last INTEGER NOT NULL, next INTEGER NOT NULL, updated INTEGER NOT NULL);
        CREATE TABLE receipts(function TEXT NOT NULL, name TEXT NOT NULL, etag TEXT NOT NULL, attempts INTEGER NOT NULL,
            done INTEGER NOT NULL, PRIMARY KEY(function, name, etag));
        """;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> commands = [];

    /// <summary>Opens or creates the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="InvalidOperationException">Another process has it open, or another version of this host wrote it.</exception>
    public Database(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Not pooled: a pooled connection would keep the file locked after it is closed.
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 2 }.ToString());
        try
        {
            connection.Open();
            Execute("PRAGMA locking_mode=EXCLUSIVE");
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=NORMAL");
            Transaction(() => Migrate(path));
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            connection.Dispose();
            throw new InvalidOperationException(
                $"The database {path} is in use by another process: stop that one, or set LocalHost:Database to another file.", e);
        }
    }

    /// <summary>Runs a piece of work all or nothing; nobody else sees the database meanwhile.</summary>
    public T Transaction<T>(Func<T> work)
    {
        lock (gate)
        {
            Execute("BEGIN IMMEDIATE");
            try
            {
                var result = work();
                Execute("COMMIT");
                return result;
            }
            catch
            {
                Execute("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Runs one statement; parameters are ?1, ?2 and so on.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments)
    {
        lock (gate)
        {
            return Prepare(sql, arguments).ExecuteNonQuery();
        }
    }

    /// <summary>Runs one query; parameters are ?1, ?2 and so on.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> arguments)
    {
        lock (gate)
        {
            using var reader = Prepare(sql, arguments).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var command in commands.Values)
            {
                command.Dispose();
            }

            connection.Dispose();
        }
    }

    private bool Migrate(string path)
    {
        var version = Query("PRAGMA user_version", r => r.GetInt32(0))[0];
        if (version == 0)
        {
            foreach (var statement in Schema.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                Execute(statement);
            }

            Execute($"PRAGMA user_version={SchemaVersion}");
        }

        return version is 0 or SchemaVersion
            ? true
            : throw new InvalidOperationException($"The database {path} was written by another version of this host: delete it or set LocalHost:Database.");
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= arguments.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            }

            commands.Add(sql, command);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] switch
            {
                null => DBNull.Value,
                DateTime time => time.Ticks,
                var value => value,
            };
        }

        return command;
    }
}
