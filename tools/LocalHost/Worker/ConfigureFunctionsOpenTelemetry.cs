using OpenTelemetry;

namespace IntegrationPoints.LocalHost.Worker;

/// <summary>What the worker and the Functions host agree on about telemetry (Worker.OpenTelemetry).</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Tells the Functions host that the worker sends its telemetry itself. There is no other host here: it changes nothing.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder) => builder;
}
