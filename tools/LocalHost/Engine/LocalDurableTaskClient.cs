using System.Runtime.CompilerServices;
using IntegrationPoints.LocalHost.Durable;
using IntegrationPoints.LocalHost.Durable.Client;
using IntegrationPoints.LocalHost.Hosting;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>The client, straight onto the store.</summary>
internal sealed class LocalDurableTaskClient(InstanceStore store, OrchestrationEngine engine, FunctionCatalog catalog) : DurableTaskClient
{
    private static readonly OrchestrationRuntimeStatus[] NotEnded =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (catalog.FindOrchestrator(orchestratorName.Name ?? "") is not { } function)
        {
            throw new ArgumentException($"There is no orchestrator '{orchestratorName}'.", nameof(orchestratorName));
        }

        if (options?.DedupeStatuses?.Contains(OrchestrationRuntimeStatus.ContinuedAsNew) == true)
        {
            throw new ArgumentException("ContinuedAsNew is not a valid dedupe status.", nameof(options));
        }

        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        var start = options?.StartAt?.UtcDateTime ?? Clock.UtcNow;
        store.Create(id, function.Name, Json.Write(input), start, options?.DedupeStatuses ?? NotEnded);
        engine.WakeAt(id, start);
        engine.Signals.Changed(id);
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return SendAsync(instanceId, new HistoryEvent(EventKind.EventRaised, Clock.UtcNow, Name: eventName, Data: Json.Write(eventPayload)), cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new HistoryEvent(EventKind.Terminated, Clock.UtcNow, Data: Json.Write(options?.Output)), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, i => i.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, i => i.HasEnded, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Find(instanceId) is { } instance ? Metadata(instance, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        new InstancePages(store, filter ?? new OrchestrationQuery());

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(new PurgeResult(store.Purge(instanceId) ? 1 : 0));
    }

    public override Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, filter.Statuses ?? Ended);
        return Task.FromResult(new PurgeResult(store.List(query, null, int.MaxValue).Count(i => store.Purge(i.Id))));
    }

    private static OrchestrationMetadata Metadata(Instance instance, bool withData) => new(instance.Name, instance.Id)
    {
        RuntimeStatus = instance.Status,
        CreatedAt = instance.Created,
        LastUpdatedAt = instance.Updated,
        HasInputsAndOutputs = withData,
        SerializedInput = withData ? instance.Input : null,
        SerializedOutput = withData ? instance.Output : null,
        SerializedCustomStatus = withData ? instance.CustomStatus : null,
    };

    private Task SendAsync(string instanceId, HistoryEvent message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        store.SendFromOutside(instanceId, message);
        engine.Wake(instanceId);
        return Task.CompletedTask;
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Predicate<Instance> done, bool withData, CancellationToken cancellation)
    {
        while (true)
        {
            var change = engine.Signals.NextChange(instanceId);
            if (store.Find(instanceId) is { } instance && done(instance))
            {
                return Metadata(instance, withData);
            }

            await change.WaitAsync(cancellation);
        }
    }

    private sealed class InstancePages(InstanceStore store, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
    {
        public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
            PagesAsync(continuationToken ?? query.ContinuationToken, Math.Max(1, pageSizeHint ?? query.PageSize));

        private async IAsyncEnumerable<Page<OrchestrationMetadata>> PagesAsync(
            string? after, int size, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                cancellation.ThrowIfCancellationRequested();
                // One more than the page holds tells whether another page follows.
                var found = await Task.FromResult(store.List(query, after, size + 1));
                after = found.Count > size ? found[size - 1].Id : null;
                yield return new Page<OrchestrationMetadata>([.. found.Take(size).Select(i => Metadata(i, query.FetchInputsAndOutputs))], after);
            }
            while (after is not null);
        }
    }
}
