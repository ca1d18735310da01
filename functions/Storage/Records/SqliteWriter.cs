using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.Storage;

/// <summary>
/// The one connection of this process that writes. Callers' work is done in the order of arrival, many callers in one transaction: SQLite
/// has one writer at a time, and a transaction costs more than the writes in it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    // Enough to make the transaction's own cost small, little enough that other processes get their turn.
    private const long GroupBytes = 8 * 1024 * 1024;

    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<SqliteConnection> _open;
    private readonly Task _loop;
    private SqliteStatements? _statements;

    public SqliteWriter(Func<SqliteConnection> open)
    {
        _open = open;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>
    /// Does some work in a transaction and answers once it is committed. The work may be done twice (the first time rolled back), so it
    /// touches nothing but the database.
    /// </summary>
    public async Task<T> RunAsync<T>(long bytes, Func<SqliteStatements, T> work, CancellationToken cancellationToken)
    {
        var waiting = new Work<T>(bytes, work, cancellationToken);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(waiting), typeof(SqliteRecords));
        return await waiting.Done.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        _statements?.Dispose();
    }

    private async Task LoopAsync()
    {
        var group = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            for (long bytes = 0; bytes < GroupBytes && _queue.Reader.TryRead(out var work); bytes += work.Bytes)
                group.Add(work);
            Commit(group);
        }
    }

    private void Commit(List<Work> group)
    {
        try
        {
            _statements ??= new SqliteStatements(_open());
            _statements.Begin();
        }
        catch (Exception e)
        {
            // Locked for too long, no disk: nothing was done for anybody.
            foreach (var work in group) work.Fail(e);
            return;
        }
        try
        {
            foreach (var work in group) work.Do(_statements);
            _statements.Commit();
        }
        catch (Exception e)
        {
            _statements.Rollback();
            if (group.Count == 1) group[0].Fail(e);
            // One caller's fault must not be the others': each has a transaction of its own now.
            else foreach (var work in group) Commit([work]);
            return;
        }
        foreach (var work in group) work.Succeed();
    }

    private abstract class Work(long bytes)
    {
        public long Bytes { get; } = bytes;

        public abstract void Do(SqliteStatements statements);

        public abstract void Succeed();

        public abstract void Fail(Exception error);
    }

    private sealed class Work<T>(long bytes, Func<SqliteStatements, T> work, CancellationToken cancellationToken) : Work(bytes)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Done => _done.Task;

        public override void Do(SqliteStatements statements)
        {
            if (!cancellationToken.IsCancellationRequested) _result = work(statements);
            else _done.TrySetCanceled(cancellationToken);
        }

        public override void Succeed() => _done.TrySetResult(_result!);

        public override void Fail(Exception error) => _done.TrySetException(error);
    }
}
