using System.Text.Json;

namespace IntegrationPoints.Bench;

/// <summary>
/// A month in which nothing happens, from <c>prices.json</c>: what a deployment has then, and the quantities that follow. A test holds it against the
/// deployment's own template, and the tables of infra/README.md against it.
/// </summary>
/// <param name="Hours">The hours of a month.</param>
/// <param name="AlwaysReadyInstances">Instances that are always there (<c>scaleAndConcurrency.alwaysReady</c>).</param>
/// <param name="InstanceGigabytes">The memory of an instance.</param>
/// <param name="TicksAnHour">How often the tick runs.</param>
/// <param name="SecondsATick">What of a run is charged at least: learn.microsoft.com/azure/azure-functions/functions-consumption-costs, "minimum billable execution period … 1,000 ms".</param>
/// <param name="Queues">Queues that the host asks: four of the task hub's partitions, and its work items.</param>
/// <param name="QueueSeconds">How long it waits between two questions at most (<c>maxQueuePollingInterval</c>).</param>
/// <param name="TableRequestsATick">What the tick asks of tables when there is nothing to do: notes of the audit, leases, due schedules, waiting uploads.</param>
internal sealed record IdleMonth(
    double Hours, double AlwaysReadyInstances, double InstanceGigabytes, double TicksAnHour, double SecondsATick, double Queues, double QueueSeconds, double TableRequestsATick)
{
    /// <summary>The baseline of the instances that are always there.</summary>
    public double AlwaysReadyGigabyteSeconds => Hours * 3600 * AlwaysReadyInstances * InstanceGigabytes;

    /// <summary>Runs of the tick.</summary>
    public double Ticks => Hours * TicksAnHour;

    /// <summary>What the tick takes on demand.</summary>
    public double TickGigabyteSeconds => Ticks * SecondsATick * InstanceGigabytes;

    /// <summary>Questions to empty queues.</summary>
    public double QueueOperations => Hours * 3600 / QueueSeconds * Queues;

    /// <summary>What the tick asks of tables.</summary>
    public double TableRequests => Ticks * TableRequestsATick;

    /// <summary>Reads it from the document of the prices.</summary>
    public static IdleMonth Of(JsonElement prices) => prices.GetProperty("idleMonth").Deserialize<IdleMonth>(JsonSerializerOptions.Web)!;
}
