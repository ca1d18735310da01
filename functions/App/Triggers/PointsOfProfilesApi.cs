using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>What to make of a profile.</summary>
/// <param name="Name">The new integration point's name; the profile's when left out.</param>
/// <param name="Workspace">The workspace that gets it; the profile's own when left out.</param>
/// <param name="Secrets">Secrets by setting, such as <c>password</c>; left out: those of the profile, which stay in its workspace.</param>
public sealed record PointOfProfile(string? Name = null, string? Workspace = null, IReadOnlyDictionary<string, Secret>? Secrets = null);

/// <summary>Making integration points from profiles (guide 3).</summary>
public sealed class PointsOfProfilesApi(Existing existing, ProfileCatalog profiles, PointEdits edits, PointCheck check, PointSchedule schedule)
{
    /// <summary>Makes an integration point from a profile.</summary>
    [Function(nameof(CreatePointOfProfile))]
    [Needs(Operation.UseProfile)]
    [Operation(
        "Makes an integration point from a profile, also in another workspace: fields are found by name, and what has no match is kept unmapped; secrets stay in their workspace, and are sent again.",
        Status = 201, Body = typeof(PointOfProfile), Answer = typeof(IntegrationPoint))]
    public async Task<IActionResult> CreatePointOfProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/profiles/{profile}/integration-points")] HttpRequest request,
        string workspace,
        string profile,
        CancellationToken cancellationToken)
    {
        await existing.SeenAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<PointOfProfile>(request, cancellationToken);
        var there = body.Workspace ?? workspace;
        check.Foresee(there, async () => await existing.MayAsync(workspace, Operation.UseProfile, cancellationToken) ? (await profiles.FindAsync(workspace, profile, cancellationToken))?.Value : null,
            cancellationToken, isElsewhere: there != workspace);
        var target = (await existing.OtherWorkspaceAsync(workspace, there, Operation.CreatePoint, cancellationToken)).Id;
        var found = await profiles.FindAsync(workspace, profile, cancellationToken)
            ?? throw RefusedException.NotFound($"There is no profile with the id {Words.Quote(profile)} in the workspace.");
        var point = await edits.ApplyAsync(found.Value with { Name = body.Name ?? found.Value.Name }, target, body.Secrets, cancellationToken);
        var stored = await schedule.CreateAsync(await check.PointAsync(new SentPoint(point, []), before: null, cancellationToken), cancellationToken);
        request.Audit().In(target);
        request.Audit().Made(stored.Value.Id, stored.Value.Name, stored.Value);
        return Answer.Created($"/api/workspaces/{target}/integration-points/{stored.Value.Id}", stored.Value, stored.ETag);
    }
}
