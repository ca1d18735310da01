namespace IntegrationPoints.LocalHost.Engine;

/// <summary>Wakes those who wait for an instance to change.</summary>
internal sealed class InstanceSignals
{
    private readonly Dictionary<string, TaskCompletionSource> sources = [];
    private readonly Lock gate = new();

    /// <summary>A task that ends at the next change. Take it before looking at the instance.</summary>
    public Task NextChange(string instanceId)
    {
        lock (gate)
        {
            if (!sources.TryGetValue(instanceId, out var source))
            {
                sources.Add(instanceId, source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            return source.Task;
        }
    }

    public void Changed(string instanceId)
    {
        TaskCompletionSource? source;
        lock (gate)
        {
            sources.Remove(instanceId, out source);
        }

        source?.SetResult();
    }
}
