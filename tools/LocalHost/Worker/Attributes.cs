namespace IntegrationPoints.LocalHost.Worker;

/// <summary>Marks a public method as a function; its trigger attribute says what starts it (Azure/azure-functions-dotnet-worker, Worker.Core).</summary>
/// <param name="name">The name, unique in the app without regard to case.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The name, unique in the app without regard to case.</summary>
    public string Name { get; } = name;
}

/// <summary>Who may call an HTTP function on the real host. This host listens on loopback only and, as <c>func</c> does, asks for no key.</summary>
public enum AuthorizationLevel
{
    /// <summary>Everybody.</summary>
    Anonymous,

    /// <summary>A signed-in user.</summary>
    User,

    /// <summary>Callers with a function key.</summary>
    Function,

    /// <summary>Callers with the system key.</summary>
    System,

    /// <summary>Callers with the master key.</summary>
    Admin,
}

/// <summary>Marks the <c>HttpRequest</c> parameter of a function that requests under <c>/api</c> start (Worker.Extensions.Http).</summary>
/// <param name="authLevel">Who may call it.</param>
/// <param name="methods">The HTTP methods; none means every method.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>Who may call it.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>The HTTP methods; none means every method.</summary>
    public IReadOnlyList<string> Methods { get; } = methods;

    /// <summary>The route below <c>/api</c>, with parameters in braces; the function's name when left out.</summary>
    public string? Route { get; set; }
}

/// <summary>Marks the <see cref="TimerInfo"/> parameter of a function that a schedule starts (Worker.Extensions.Timer).</summary>
/// <param name="schedule">A cron expression of six fields, seconds first, in UTC.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>A cron expression of six fields, seconds first, in UTC.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>
    /// Whether the schedule's state is kept, so that a run missed while the host was down is made up for.
    /// Schedules that fire more often than once a minute are never monitored.
    /// </summary>
    public bool UseMonitor { get; set; } = true;
}

/// <summary>How the real host learns of new blobs; this host scans the container for both.</summary>
public enum BlobTriggerSource
{
    /// <summary>Logs, and a scan of the container.</summary>
    LogsAndContainerScan,

    /// <summary>Event Grid; the only one on Flex Consumption.</summary>
    EventGrid,
}

/// <summary>Marks the <c>BlobClient</c> parameter of a function that new blobs and new versions of blobs start (Worker.Extensions.Storage.Blobs).</summary>
/// <param name="blobPath">Container and pattern, <c>container/{name}</c>; a token matches slashes too and binds to the string parameter of its name.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BlobTriggerAttribute(string blobPath) : Attribute
{
    /// <summary>Container and pattern.</summary>
    public string BlobPath { get; } = blobPath;

    /// <summary>How the real host learns of new blobs.</summary>
    public BlobTriggerSource Source { get; set; }

    /// <summary>The name of the setting that holds the connection string; <c>AzureWebJobsStorage</c> when left out.</summary>
    public string? Connection { get; set; }
}

/// <summary>Marks the <c>TaskOrchestrationContext</c> parameter of an orchestrator (Worker.Extensions.DurableTask).</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : Attribute;

/// <summary>Marks the input parameter of an activity (Worker.Extensions.DurableTask).</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : Attribute;

/// <summary>Marks a <c>DurableTaskClient</c> parameter (Worker.Extensions.DurableTask).</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : Attribute;
