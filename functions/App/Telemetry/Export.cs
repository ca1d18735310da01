using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;

namespace IntegrationPoints.App.Telemetry;

/// <summary>Sends spans, measures and logs to Application Insights when the app is told where; otherwise nothing of it is loaded.</summary>
internal static class Export
{
    /// <summary>Reads <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> and, as the Functions host does, <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>.</summary>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        // The span that is current is the scope of what is logged: job and batch.
        services.Configure<LoggerFactoryOptions>(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId | ActivityTrackingOptions.Tags);
        if (configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 } connection)
            Send(services, connection, configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]?.Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase) is true);
    }

    private static void Send(IServiceCollection services, string connection, bool withIdentity)
    {
        services.Configure<OpenTelemetryLoggerOptions>(o => o.IncludeScopes = true);
        services.AddOpenTelemetry()
            .WithTracing(t => t.AddSource(JobTrace.Source))
            .WithMetrics(m => m.AddMeter(JobTrace.Source))
            .UseAzureMonitorExporter(o =>
            {
                o.ConnectionString = connection;
                if (withIdentity) o.Credential = new DefaultAzureCredential();
                // Spans are few, one per batch: all of them are kept, so that the trace of a job is whole.
                o.SamplingRatio = 1;
                o.TracesPerSecond = null;
                o.EnableLiveMetrics = false;
            });
    }
}
