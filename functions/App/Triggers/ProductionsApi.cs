using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A new production.</summary>
/// <param name="Name">The name people see; unique in the workspace without regard to case.</param>
/// <param name="BatesBeginField">Name of the field of a document's first Bates number; made when it is missing.</param>
/// <param name="BatesEndField">Name of the field of a document's last Bates number; made when it is missing.</param>
public sealed record NewProduction(
    string Name, string BatesBeginField = Production.DefaultBegin, string BatesEndField = Production.DefaultEnd);

/// <summary>Productions over HTTP. Imports fill them.</summary>
public sealed class ProductionsApi(Existing existing, ProductionCatalog productions, TimeProvider time)
{
    private const string All = "workspaces/{workspace}/productions";

    /// <summary>Lists the productions of a workspace.</summary>
    [Function(nameof(ListProductions))]
    [Needs(Operation.ViewProductions)]
    [Operation("The productions of a workspace, in the order of their ids.", Answer = typeof(Listing<Production>), Paged = true)]
    public async Task<IActionResult> ListProductions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var all = productions.ListAsync(workspace, cancellationToken).Select(p => p.Value);
        return Answer.Ok(await Paging.PageAsync(request, $"productions {workspace}", all, p => p.Id, cancellationToken));
    }

    /// <summary>Makes a production.</summary>
    [Function(nameof(CreateProduction))]
    [Needs(Operation.AddProduction)]
    [Operation(
        "Makes a production with the status New. Importing a production load file makes the one that it names, too.",
        Status = 201, Body = typeof(NewProduction), Answer = typeof(Production))]
    public async Task<IActionResult> CreateProduction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<NewProduction>(request, cancellationToken);
        var problems = new List<Problem>();
        var production = new Production
        {
            Id = Production.IdFor(body.Name),
            Name = Names.CleanForAddress(body.Name, "name", problems),
            BatesBeginField = Names.Clean(body.BatesBeginField, "batesBeginField", problems),
            BatesEndField = Names.Clean(body.BatesEndField, "batesEndField", problems),
            CreatedUtc = time.GetUtcNow(),
        };
        if (production.BatesBeginField.Equals(production.BatesEndField, StringComparison.OrdinalIgnoreCase))
            problems.Add(new("fields-equal", "First and last Bates number would go to the same field. Name two.") { Field = "batesEndField" });
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        if (!await productions.CreateAsync(workspace, production, cancellationToken))
            throw RefusedException.Conflict("name-taken", $"The workspace has a production {Words.Quote(production.Name)} already. Choose another name.");
        request.Audit().Made(production.Id, production.Name, production);
        return Answer.Created($"/api/workspaces/{workspace}/productions/{production.Id}", production);
    }

    /// <summary>Shows a production.</summary>
    [Function(nameof(GetProduction))]
    [Needs(Operation.ViewProductions)]
    [Operation("One production, by its id or its name.", Answer = typeof(Production))]
    public async Task<IActionResult> GetProduction(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + "/{production}")] HttpRequest request,
        string workspace,
        string production,
        CancellationToken cancellationToken)
    {
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        var found = await productions.FindAsync(workspace, production, cancellationToken)
            ?? throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no production {Words.Quote(production)}.");
        return Answer.Ok(found.Value, found.ETag);
    }
}
