using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
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
public sealed class HealthApi(StoreHealth stores, IConfiguration configuration)
{
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
        var away = await stores.AwayAsync(cancellationToken);
        return away.Count == 0
            ? Answer.Ok(Healthy())
            : throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The app cannot reach {string.Join(" and ", away)}.");
    }

    private Health Healthy() => new("healthy", "integration-points", configuration["App:Instance"] ?? "");
}
