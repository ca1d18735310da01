using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Triggers;

/// <summary>That the app works.</summary>
/// <param name="Status">healthy.</param>
/// <param name="App">The product's name.</param>
/// <param name="Instance">The setting App:Instance, by which a caller recognises its own app.</param>
public sealed record Health(string Status, string App, string Instance);

/// <summary>Whether the app and its stores work.</summary>
public sealed class HealthApi(IRecords records, Blobs blobs, JobTables tables, IConfiguration configuration, ILogger<HealthApi> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether the app is ready; by this name for people.</summary>
    [Function(nameof(GetHealth))]
    [Needs(Operation.Anyone)]
    [Operation("Whether the app and its stores work.", Answer = typeof(Health))]
    public Task<IActionResult> GetHealth(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken) => ReadyAsync(cancellationToken);

    /// <summary>Whether the app runs. It asks no store: an app whose stores are away is not mended by starting it again.</summary>
    [Function(nameof(GetLive))]
    [Needs(Operation.Anyone)]
    [Operation("Whether the app runs.", Answer = typeof(Health))]
    public IActionResult GetLive([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => Answer.Ok(Healthy());

    /// <summary>Whether the app can do its work: a cheap read of each store.</summary>
    [Function(nameof(GetReady))]
    [Needs(Operation.Anyone)]
    [Operation("Whether the app reaches its stores and can do its work.", Answer = typeof(Health))]
    public Task<IActionResult> GetReady(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellationToken) => ReadyAsync(cancellationToken);

    private async Task<IActionResult> ReadyAsync(CancellationToken cancellationToken)
    {
        (string Store, Task<bool> Works)[] checks =
        [
            ("the record store", WorksAsync(stop => records.ReadAsync(new ItemKey(Catalog.Tenant, "health"), stop), cancellationToken)),
            ("the file store", WorksAsync(stop => blobs.Staging.GetPropertiesAsync(cancellationToken: stop), cancellationToken)),
            ("the job history", WorksAsync(stop => tables.History.GetAsync("health", stop), cancellationToken)),
        ];
        await Task.WhenAll(checks.Select(c => c.Works));
        var away = checks.Where(c => !c.Works.Result).Select(c => c.Store).ToList();
        return away.Count == 0
            ? Answer.Ok(Healthy())
            : throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The app cannot reach {string.Join(" and ", away)}.");
    }

    private Health Healthy() => new("healthy", "integration-points", configuration["App:Instance"] ?? "");

    private async Task<bool> WorksAsync(Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await read(patience.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: the store does not work, and the answer says which.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning("Health check failed: {Reason}", e.GetType().Name);
            return false;
        }
    }
}
