namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>Counts the functions that run, so that a shutdown can wait for them; holds the tokens that tell them of it.</summary>
internal sealed class RunningWork : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource abandoned = new();
    private TaskCompletionSource idle = new();
    private int running;

    public RunningWork() => idle.SetResult();

    /// <summary>Cancelled when nothing new is to start.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Cancelled when what runs is no longer waited for.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>Runs a piece of work that a shutdown waits for.</summary>
    /// <param name="work">The work.</param>
    /// <param name="evenWhenStopping">Whether it starts although the host stops.</param>
    /// <exception cref="OperationCanceledException">The host stops; the work was not started.</exception>
    public async Task RunAsync(Func<Task> work, bool evenWhenStopping = false)
    {
        Enter(evenWhenStopping);
        try
        {
            await work();
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Runs a piece of work after a while, unless the host stops before.</summary>
    public async Task RunLaterAsync(TimeSpan wait, Func<Task> work)
    {
        await Task.Delay(wait, Stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        if (!Stopping.IsCancellationRequested)
        {
            await RunAsync(work, evenWhenStopping: true);
        }
    }

    /// <summary>Starts nothing new, and waits for what runs.</summary>
    /// <returns>Whether all of it ended in time.</returns>
    public async Task<bool> StopAsync(TimeSpan limit)
    {
        await stopping.CancelAsync();
        Task last;
        lock (gate)
        {
            last = idle.Task;
        }

        try
        {
            await last.WaitAsync(limit);
            return true;
        }
        catch (TimeoutException)
        {
            await abandoned.CancelAsync();
            return false;
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        abandoned.Dispose();
    }

    private void Enter(bool evenWhenStopping)
    {
        lock (gate)
        {
            if (!evenWhenStopping)
            {
                Stopping.ThrowIfCancellationRequested();
            }

            if (running++ == 0)
            {
                idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--running == 0)
            {
                idle.SetResult();
            }
        }
    }
}
