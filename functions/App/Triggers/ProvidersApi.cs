using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A source provider.</summary>
/// <param name="Name">Its name in integration points.</param>
public sealed record ProviderView(string Name);

/// <summary>What integration points can read from.</summary>
public sealed class ProvidersApi
{
    /// <summary>Lists the source providers.</summary>
    [Function(nameof(ListProviders))]
    [Needs(Operation.SignedIn)]
    [Operation("The source providers.", Answer = typeof(Listing<ProviderView>))]
    public IActionResult ListProviders([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "providers")] HttpRequest request)
        => Answer.Ok(new Listing<ProviderView>([.. Sources.Settings.Keys.Order(StringComparer.Ordinal).Select(name => new ProviderView(name))]));

    /// <summary>What a provider's settings are, so that a form can be drawn.</summary>
    [Function(nameof(GetProviderSchema))]
    [Needs(Operation.SignedIn)]
    [Operation("The JSON Schema of a provider's settings.", Answer = typeof(object))]
    public IActionResult GetProviderSchema(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "providers/{provider}/schema")] HttpRequest request, string provider)
        => Sources.Settings.TryGetValue(provider, out var settings)
            ? Answer.Ok(JsonSchemas.Of(settings))
            : throw RefusedException.NotFound($"There is no source provider {Words.Quote(provider)}. Choose one of: {string.Join(", ", Sources.Settings.Keys)}.");
}
