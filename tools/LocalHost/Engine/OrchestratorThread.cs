namespace IntegrationPoints.LocalHost.Engine;

/// <summary>
/// The one thread, for one turn, on which an orchestrator's code may run. Continuations that arrive from any other thread, or after the turn,
/// come from an await of something that is not the context's: they are dropped and told.
/// </summary>
/// <param name="foreignAwaitAfterTurn">Called when one arrives after the turn.</param>
internal sealed class OrchestratorThread(Action foreignAwaitAfterTurn) : SynchronizationContext
{
    private readonly int threadId = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> work = new();
    private readonly Lock gate = new();
    private bool ended;
    private bool foreign;

    /// <summary>Whether the caller is the orchestrator in its turn.</summary>
    public bool IsCurrent
    {
        get
        {
            lock (gate)
            {
                return !ended && Environment.CurrentManagedThreadId == threadId;
            }
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            work.Enqueue((d, state));
        }
        else
        {
            ReportForeignAwait();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            d(state);
        }
        else
        {
            ReportForeignAwait();
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what waits, until nothing does.</summary>
    public void Drain()
    {
        while (work.TryDequeue(out var item))
        {
            item.Callback(item.State);
        }
    }

    /// <summary>Ends the turn.</summary>
    /// <returns>Whether a foreign await was seen in it.</returns>
    public bool End()
    {
        lock (gate)
        {
            ended = true;
            return foreign;
        }
    }

    /// <summary>Code of the orchestrator runs where it must not.</summary>
    public void ReportForeignAwait()
    {
        bool late;
        lock (gate)
        {
            late = ended && !foreign;
            foreign = true;
        }

        if (late)
        {
            foreignAwaitAfterTurn();
        }
    }
}
