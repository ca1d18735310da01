using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Durable;

/// <summary>
/// Everything an orchestrator may touch. The orchestrator is executed again from its history at every event, so it must ask for the
/// same things in the same order each time, and await nothing but what this context returns (microsoft/durabletask-dotnet, Abstractions).
/// </summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>The orchestrator.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The id of this instance.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The orchestration that started this one, if one did.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>Now, as the history recorded it: the same at every execution.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code runs over what it did before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>The loggers that replay-safe ones write to.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The input of this instance.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>The input, or the type's default when there is none.</returns>
    public abstract T? GetInput<T>();

    /// <summary>Calls an activity that returns nothing.</summary>
    /// <param name="name">The activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How to retry it.</param>
    /// <returns>A task that ends with the activity, or fails with <see cref="TaskFailedException"/>.</returns>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <summary>Calls an activity.</summary>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="name">The activity.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How to retry it.</param>
    /// <returns>The result; or the task fails with <see cref="TaskFailedException"/>.</returns>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>Starts a durable timer.</summary>
    /// <param name="delay">How long from now.</param>
    /// <param name="cancellationToken">Cancels the timer.</param>
    /// <returns>A task that ends when the timer fires.</returns>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Starts a durable timer.</summary>
    /// <param name="fireAt">When it fires.</param>
    /// <param name="cancellationToken">Cancels the timer.</param>
    /// <returns>A task that ends when the timer fires.</returns>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for an event from outside. Events that came before anybody waited are kept. The latest waiter gets the next event, one whose
    /// wait was cancelled included.
    /// </summary>
    /// <typeparam name="T">The type of the event's payload; one type for one name.</typeparam>
    /// <param name="eventName">The event, without regard to case.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The payload.</returns>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event from outside, but only so long.</summary>
    /// <typeparam name="T">The type of the event's payload.</typeparam>
    /// <param name="eventName">The event, without regard to case.</param>
    /// <param name="timeout">How long.</param>
    /// <returns>The payload; or the task fails with <see cref="TaskCanceledException"/> when the time is over.</returns>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout)
    {
        using var timerSource = new CancellationTokenSource();
        using var eventSource = new CancellationTokenSource();
        var timer = CreateTimer(timeout, timerSource.Token);
        var wait = WaitForExternalEvent<T>(eventName, eventSource.Token);
        // Cancelled in place: a cancellation that completed elsewhere would leave the orchestrator's thread.
#pragma warning disable CA1849
        (await Task.WhenAny(timer, wait) == wait ? timerSource : eventSource).Cancel();
#pragma warning restore CA1849
        return await wait;
    }

    /// <summary>Sets what queries show as custom status; at most 16 KB of UTF-16 when serialized, else the instance fails.</summary>
    /// <param name="customStatus">The status; null clears it.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Starts the instance anew with another input and an empty history, once the orchestrator returns.</summary>
    /// <param name="newInput">The input.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that nobody waited for are kept.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>A logger that is silent while the code runs over what it did before.</summary>
    /// <param name="categoryName">The category.</param>
    /// <returns>The logger.</returns>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    /// <param name="type">The type that names the category.</param>
    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    /// <typeparam name="T">The type that names the category.</typeparam>
    public virtual ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T));

    private sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!context.IsReplaying)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
