namespace IntegrationPoints.LocalHost.Durable.Client;

/// <summary>Starts, watches and ends orchestrations (microsoft/durabletask-dotnet, Client).</summary>
public abstract class DurableTaskClient
{
    /// <summary>Starts an instance.</summary>
    /// <param name="orchestratorName">The orchestrator.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Its id, its start, and what happens when an instance with the id exists: without dedupe statuses an ended one is replaced.</param>
    /// <param name="cancellation">Cancels the call, not the instance.</param>
    /// <returns>The id of the instance.</returns>
    /// <exception cref="InvalidOperationException">An instance with that id exists already.</exception>
    /// <exception cref="ArgumentException">There is no such orchestrator.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Sends an event to an instance.</summary>
    /// <param name="instanceId">The instance. An unknown one, or one that has ended, is an error of no particular type, as on the real host.</param>
    /// <param name="eventName">The event, without regard to case.</param>
    /// <param name="eventPayload">Its payload.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>A task that ends when the event is stored.</returns>
    public abstract Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Waits until an instance is no longer pending.</summary>
    /// <param name="instanceId">The instance; one that does not exist is waited for.</param>
    /// <param name="getInputsAndOutputs">Whether input, output and custom status are wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The instance.</returns>
    public abstract Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has ended.</summary>
    /// <param name="instanceId">The instance; one that does not exist is waited for.</param>
    /// <param name="getInputsAndOutputs">Whether input, output and custom status are wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The instance.</returns>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Ends an instance. Activities that run already run on; their results are dropped.</summary>
    /// <param name="instanceId">The instance. An unknown one, or one that has ended, is an error of no particular type, as on the real host.</param>
    /// <param name="options">Its output.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>A task that ends when the request is stored.</returns>
    public abstract Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default);

    /// <summary>One instance.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="getInputsAndOutputs">Whether input, output and custom status are wanted.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>The instance, or null when there is none.</returns>
    public abstract Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Instances, in the order of their ids.</summary>
    /// <param name="filter">Which ones; all when left out.</param>
    /// <returns>The instances.</returns>
    public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

    /// <summary>Removes an instance that has ended.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="options">Not used.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>1, or 0 when there is none or it has not ended.</returns>
    public abstract Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Removes instances that have ended.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="options">Not used.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <returns>How many.</returns>
    public abstract Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default);
}
