using IntegrationPoints.Cli.Output;
using Spectre.Console;

namespace IntegrationPoints.Cli.Import;

/// <summary>Shows how many files are sent: a bar while somebody watches, else one line at the end.</summary>
internal sealed class StagingProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Terminal _terminal;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _bar;
    private long _files;
    private long _bytes;

    /// <summary>Begins.</summary>
    /// <param name="terminal">Where to show it.</param>
    /// <param name="length">Length of the load file that is read meanwhile, or of all that is sent; 0 when nothing says how far we are.</param>
    /// <param name="position">How far the load file is read; null: what counts is what is sent.</param>
    public StagingProgress(Terminal terminal, long length = 0, Func<long>? position = null)
    {
        _terminal = terminal;
        position ??= length > 0 ? () => Interlocked.Read(ref _bytes) : null;
        _bar = terminal.IsWatched ? DrawAsync(length, position) : Task.CompletedTask;
    }

    private string Words => $"{Terminal.Files(Interlocked.Read(ref _files))}, {Terminal.Bytes(Interlocked.Read(ref _bytes))} sent";

    /// <summary>Files sent.</summary>
    public long Files => Interlocked.Read(ref _files);

    /// <summary>Bytes sent, those of files under way among them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A file was sent.</summary>
    public void Sent() => Interlocked.Increment(ref _files);

    /// <summary>A part of a file was sent, or has to be sent again.</summary>
    public void Sent(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Ends the bar.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_done.IsCancellationRequested) return;
        await _done.CancelAsync();
        await _bar;
        _done.Dispose();
        _terminal.Progress($"{Words}.");
    }

    private Task DrawAsync(long length, Func<long>? position)
    {
        ProgressColumn[] columns = [new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn()];
        return _terminal.Error.Progress().AutoClear(true).Columns(columns).StartAsync(async progress =>
        {
            var bar = progress.AddTask("Staging", maxValue: Math.Max(1, length));
            bar.IsIndeterminate = position is null;
            while (!_done.IsCancellationRequested)
            {
                bar.Description = Markup.Escape($"Staging: {Words}");
                if (position is not null) bar.Value = position();
                await Task.Delay(Pause, _done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
    }
}
