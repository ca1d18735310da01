namespace IntegrationPoints.LocalHost.Durable;

/// <summary>The name of an orchestrator or activity; compared without regard to case. A string converts to it.</summary>
/// <param name="name">The name of the function.</param>
public readonly struct TaskName(string name) : IEquatable<TaskName>
{
    /// <summary>The name of the function.</summary>
    public string Name { get; } = name;

    /// <summary>The name as a string.</summary>
    /// <param name="value">The name.</param>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>A name from a string.</summary>
    /// <param name="value">The name of the function.</param>
    public static implicit operator TaskName(string value) => new(value);

    /// <summary>Whether two names are the same, without regard to case.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(TaskName left, TaskName right) => left.Equals(right);

    /// <summary>Whether two names differ, without regard to case.</summary>
    /// <param name="left">One name.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(TaskName left, TaskName right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The orchestration that started this one; always absent here, since sub-orchestrations are not used.</summary>
/// <param name="Name">Its orchestrator.</param>
/// <param name="InstanceId">Its instance id.</param>
public sealed record ParentOrchestrationInstance(TaskName Name, string InstanceId);

/// <summary>How an activity is called.</summary>
public record TaskOptions
{
    internal TaskOptions(RetryPolicy retry) => Retry = retry;

    internal RetryPolicy Retry { get; }

    /// <summary>Options that retry the activity as the policy says.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>The options.</returns>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);
}

/// <summary>How often, and after which waits, a failed activity is called again. The waits are durable timers.</summary>
public class RetryPolicy
{
    /// <summary>A policy; the rules for its values are durabletask-dotnet's.</summary>
    /// <param name="maxNumberOfAttempts">How often at most, the first call included; at least 1.</param>
    /// <param name="firstRetryInterval">The wait between the first and the second attempt; more than zero.</param>
    /// <param name="backoffCoefficient">What each wait is multiplied with to give the next; at least 1.</param>
    /// <param name="maxRetryInterval">The longest wait, not under the first one; one hour when left out.</param>
    /// <param name="retryTimeout">No attempt starts later than this after the first; without limit when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value breaks its rule.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = AtLeastFirst(maxRetryInterval ?? TimeSpan.FromHours(1), maxRetryInterval is null, nameof(maxRetryInterval));
        RetryTimeout = AtLeastFirst(retryTimeout ?? Timeout.InfiniteTimeSpan, retryTimeout is null, nameof(retryTimeout));
    }

    /// <summary>How often at most, the first call included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The wait between the first and the second attempt.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>What each wait is multiplied with to give the next.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest wait; <see cref="Timeout.InfiniteTimeSpan"/> is none.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No attempt starts later than this after the first; <see cref="Timeout.InfiniteTimeSpan"/> is none.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>The wait after an attempt, or null when there is to be no other.</summary>
    internal TimeSpan? WaitAfter(int attempt, TimeSpan sinceFirst)
    {
        if (attempt >= MaxNumberOfAttempts || (RetryTimeout != Timeout.InfiniteTimeSpan && sinceFirst >= RetryTimeout))
        {
            return null;
        }

        var ticks = FirstRetryInterval.Ticks * Math.Pow(BackoffCoefficient, attempt - 1);
        var longest = MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(365) : MaxRetryInterval;
        return ticks >= longest.Ticks ? longest : TimeSpan.FromTicks((long)ticks);
    }

    private TimeSpan AtLeastFirst(TimeSpan value, bool isDefault, string name) =>
        isDefault || value == Timeout.InfiniteTimeSpan || value >= FirstRetryInterval
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "It must not be shorter than the first retry interval.");
}

/// <summary>What is known of a failure. Nothing may branch on it: worker generations differ in what they carry.</summary>
/// <param name="ErrorType">The full name of the exception's type.</param>
/// <param name="ErrorMessage">Its message.</param>
/// <param name="StackTrace">Not carried.</param>
/// <param name="InnerFailure">Not carried.</param>
public record TaskFailureDetails(string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure);

/// <summary>An activity failed, for the last time that its retry policy allows.</summary>
/// <param name="taskName">The activity.</param>
/// <param name="taskId">The number of the call within its instance.</param>
/// <param name="failureDetails">What is known of the failure.</param>
public sealed class TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
    : Exception($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}")
{
    /// <summary>The activity.</summary>
    public string TaskName { get; } = taskName;

    /// <summary>The number of the call within its instance.</summary>
    public int TaskId { get; } = taskId;

    /// <summary>What is known of the failure.</summary>
    public TaskFailureDetails FailureDetails { get; } = failureDetails;
}
