using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The description of the API.</summary>
public sealed class OpenApiApi
{
    /// <summary>The OpenAPI document.</summary>
    [Function(nameof(GetOpenApi))]
    [Needs(Operation.SignedIn)]
    [Operation("This description of the API (OpenAPI 3.1).", Answer = typeof(object))]
    public IActionResult GetOpenApi([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request)
        => Answer.Ok(ApiDescription.Document);
}
