using System.Diagnostics.CodeAnalysis;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>The instances that have something to handle, now or at a time.</summary>
internal sealed class ReadyQueue
{
    private readonly object gate = new();
    private readonly Queue<string> ready = new();
    private readonly HashSet<string> isReady = [];
    private readonly PriorityQueue<string, DateTime> later = new();
    private bool closed;

    public void Add(string instanceId)
    {
        lock (gate)
        {
            if (isReady.Add(instanceId))
            {
                ready.Enqueue(instanceId);
                Monitor.Pulse(gate);
            }
        }
    }

    public void Add(string instanceId, DateTime at)
    {
        lock (gate)
        {
            later.Enqueue(instanceId, at);
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Lets <see cref="Take"/> return false.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits for the next instance; false once the queue is closed.</summary>
    public bool Take([NotNullWhen(true)] out string? instanceId)
    {
        lock (gate)
        {
            while (!closed)
            {
                var wait = MoveDue();
                if (ready.TryDequeue(out instanceId))
                {
                    isReady.Remove(instanceId);
                    return true;
                }

                Monitor.Wait(gate, wait);
            }
        }

        instanceId = null;
        return false;
    }

    /// <summary>Makes ready what is due.</summary>
    /// <returns>How long until something else is.</returns>
    private TimeSpan MoveDue()
    {
        while (later.TryPeek(out _, out var at))
        {
            var wait = at - Clock.UtcNow;
            if (wait > TimeSpan.Zero)
            {
                // A whole millisecond at least, or the wait would spin; a minute at most, since the clock may be set.
                return TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 1, 60_000));
            }

            var id = later.Dequeue();
            if (isReady.Add(id))
            {
                ready.Enqueue(id);
            }
        }

        return Timeout.InfiniteTimeSpan;
    }
}
