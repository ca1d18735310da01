namespace IntegrationPoints.LocalHost.Worker;

/// <summary>What the worker tells the host of itself. Host and worker are one process here, so that nobody asks.</summary>
public sealed class WorkerOptions
{
    /// <summary>What the worker can do, by name; <c>WorkerOpenTelemetryEnabled</c>: it exports its telemetry itself.</summary>
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>();
}
