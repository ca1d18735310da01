using IntegrationPoints.LocalHost.Engine;

namespace IntegrationPoints.LocalHost.Durable.Client;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It returned.</summary>
    Completed,

    /// <summary>It is about to start anew; seen on the real host only, and shortly.</summary>
    ContinuedAsNew,

    /// <summary>It threw, or broke a rule of orchestrators.</summary>
    Failed,

    /// <summary>Not used.</summary>
    Canceled,

    /// <summary>A client ended it.</summary>
    Terminated,

    /// <summary>It has not run yet.</summary>
    Pending,

    /// <summary>Not used: a suspended orchestrator runs no code.</summary>
    Suspended,
}

/// <summary>How an instance is started.</summary>
/// <param name="InstanceId">Its id; a new one when left out.</param>
/// <param name="StartAt">When it starts; at once when left out or past.</param>
public record StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
{
    internal IReadOnlyList<OrchestrationRuntimeStatus>? DedupeStatuses { get; init; }
}

/// <summary>Which existing instances stop a new one with their id.</summary>
public static class StartOrchestrationOptionsExtensions
{
    /// <summary>Options under which an instance in one of these statuses is an error, and one in any other is replaced.</summary>
    /// <param name="options">The options to extend.</param>
    /// <param name="dedupeStatuses">The statuses.</param>
    /// <returns>The options.</returns>
    public static StartOrchestrationOptions WithDedupeStatuses(
        this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses) =>
        options with { DedupeStatuses = [.. dedupeStatuses] };
}

/// <summary>How an instance is ended.</summary>
/// <param name="Output">Its output.</param>
/// <param name="Recursive">Whether sub-orchestrations end too; there are none.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How instances are purged.</summary>
/// <param name="Recursive">Whether sub-orchestrations are purged too; there are none.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which instances are purged: finished ones only.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);

/// <summary>What a purge did.</summary>
/// <param name="purgedInstanceCount">How many instances are gone.</param>
public class PurgeResult(int purgedInstanceCount)
{
    /// <summary>How many instances are gone.</summary>
    public int PurgedInstanceCount { get; } = purgedInstanceCount;
}

/// <summary>Which instances a query returns.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses.</param>
/// <param name="TaskHubNames">Ignored: there is one task hub.</param>
/// <param name="InstanceIdPrefix">With ids that start so.</param>
/// <param name="PageSize">How many at most in one page.</param>
/// <param name="FetchInputsAndOutputs">Whether inputs, outputs and custom statuses are wanted.</param>
/// <param name="ContinuationToken">Where an earlier page ended.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = 100,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null);

/// <summary>An instance as it was when it was asked for.</summary>
/// <param name="name">Its orchestrator.</param>
/// <param name="instanceId">Its id.</param>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    /// <summary>Its orchestrator.</summary>
    public string Name { get; } = name;

    /// <summary>Its id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Where it stood.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Its input as JSON, when asked for.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>Its output as JSON, when asked for; of a failed instance <c>Type: message</c>, which is not JSON.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>Its custom status as JSON, when asked for.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Why it failed. Null here, as it may be on the real host: nothing may rely on it.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether it ran.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it had ended.</summary>
    public bool IsCompleted => RuntimeStatus
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    internal bool HasInputsAndOutputs { get; init; }

    /// <summary>Its input.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The input, or the type's default when there is none.</returns>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput);

    /// <summary>Its output.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The output, or the type's default when there is none.</returns>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput);

    /// <summary>Its custom status.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The custom status, or the type's default when there is none.</returns>
    /// <exception cref="InvalidOperationException">Inputs and outputs were not asked for.</exception>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus);

    private T? Read<T>(string? json) => HasInputsAndOutputs
        ? Json.Read<T>(json)
        : throw new InvalidOperationException("This metadata was fetched without inputs and outputs: ask with getInputsAndOutputs.");
}
