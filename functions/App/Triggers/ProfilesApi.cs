using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>What to make a profile of.</summary>
/// <param name="IntegrationPoint">The id of the integration point.</param>
/// <param name="Name">The profile's name; the point's own when left out.</param>
public sealed record ProfileOfPoint(string IntegrationPoint, string? Name = null);

/// <summary>Profiles over HTTP: saved integration points that never run, from which new ones are made (guide 3).</summary>
public sealed class ProfilesApi(Existing existing, ProfileCatalog profiles, PointCheck check, PointSecrets secrets, Caller caller)
{
    private const string All = "workspaces/{workspace}/profiles", One = All + "/{profile}";

    /// <summary>Lists the profiles of a workspace.</summary>
    [Function(nameof(ListProfiles))]
    [Needs(Operation.ViewProfile)]
    [Operation("The profiles of a workspace, in the order of their ids.", Answer = typeof(Listing<IntegrationPoint>), Paged = true)]
    public async Task<IActionResult> ListProfiles(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var all = profiles.ListAsync(workspace, cancellationToken).Select(p => p.Value);
        return Answer.Ok(await Paging.PageAsync(request, $"profiles {workspace}", all, p => p.Id, cancellationToken));
    }

    /// <summary>Makes a profile.</summary>
    [Function(nameof(CreateProfile))]
    [Needs(Operation.CreateProfile)]
    [Operation("Makes a profile.", Status = 201, Body = typeof(IntegrationPoint), ReadOnly = PointBody.ReadOnly, Answer = typeof(IntegrationPoint), Query = "culture")]
    public async Task<IActionResult> CreateProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        return await StoreAsync(request, await PointBody.NewAsync(request, workspace, caller.Name, cancellationToken), before: null, cancellationToken);
    }

    /// <summary>Saves an integration point as a profile.</summary>
    [Function(nameof(SaveProfile))]
    [Needs(Operation.SaveAsProfile)]
    [Operation("Saves an integration point as a profile, under its own name unless another is given.", Status = 201, Body = typeof(ProfileOfPoint), Answer = typeof(IntegrationPoint))]
    public async Task<IActionResult> SaveProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/profiles-of-points")] HttpRequest request,
        string workspace,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<ProfileOfPoint>(request, cancellationToken);
        var point = (await existing.PointAsync(workspace, body.IntegrationPoint, cancellationToken)).Value;
        var profile = point with
        {
            Name = body.Name ?? point.Name,
            SavedBy = caller.Name,
            Source = await secrets.OpenedAsync(point, workspace, new Dictionary<string, Secret>(), cancellationToken),
        };
        return await StoreAsync(request, new SentPoint(profile, []), point, cancellationToken);
    }

    /// <summary>Shows a profile.</summary>
    [Function(nameof(GetProfile))]
    [Needs(Operation.ViewProfile)]
    [Operation("One profile.", Answer = typeof(IntegrationPoint))]
    public async Task<IActionResult> GetProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request,
        string workspace,
        string profile,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(workspace, profile, cancellationToken);
        return Answer.Ok(found.Value, found.ETag);
    }

    /// <summary>Changes a profile.</summary>
    [Function(nameof(ReplaceProfile))]
    [Needs(Operation.EditProfile)]
    [Operation(
        "Changes a profile. Integration points that were made from it stay as they are.",
        Body = typeof(IntegrationPoint), ReadOnly = PointBody.ReadOnly, Answer = typeof(IntegrationPoint), Versioned = true, Query = "culture")]
    public async Task<IActionResult> ReplaceProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request,
        string workspace,
        string profile,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(workspace, profile, cancellationToken);
        Versions.Require(request, found.ETag, "the profile");
        var body = await PointBody.ChangedAsync(request, found.Value, cancellationToken);
        var changed = await check.CheckedAsync(body with { Point = PointEdits.Edited(found.Value, body.Point) }, found.Value, cancellationToken) with { SavedBy = caller.Name };
        var etag = await profiles.ReplaceAsync(changed with { Notes = null }, found, cancellationToken) ?? throw RefusedException.Changed("the profile");
        request.Audit().Changed(changed.Id, changed.Name, found.Value, changed with { Notes = null });
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes a profile.</summary>
    [Function(nameof(DeleteProfile))]
    [Needs(Operation.DeleteProfile)]
    [Operation("Removes a profile. Integration points that were made from it stay as they are.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeleteProfile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request,
        string workspace,
        string profile,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(workspace, profile, cancellationToken);
        Versions.Respect(request, found.ETag, "the profile");
        request.Audit().Removed(found.Value.Id, found.Value.Name, found.Value);
        return await profiles.DeleteAsync(found, cancellationToken) ? Answer.Done() : throw RefusedException.Changed("the profile");
    }

    private async Task<IActionResult> StoreAsync(HttpRequest request, SentPoint sent, IntegrationPoint? before, CancellationToken cancellationToken)
    {
        var profile = await check.CheckedAsync(sent, before, cancellationToken);
        profile = profile with { Id = Slug.NewId(profile.Name), Notes = null };
        if (!await profiles.CreateAsync(profile, cancellationToken)) throw new NameTakenException(profile.Name);
        var stored = await FindAsync(profile.Workspace, profile.Id, cancellationToken);
        request.Audit().Made(stored.Value.Id, stored.Value.Name, stored.Value);
        return Answer.Created($"/api/workspaces/{profile.Workspace}/profiles/{profile.Id}", stored.Value, stored.ETag);
    }

    private async Task<Versioned<IntegrationPoint>> FindAsync(string workspace, string profile, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        return await profiles.FindAsync(workspace, profile, cancellationToken)
            ?? throw RefusedException.NotFound($"There is no profile with the id {Words.Quote(profile)} in the workspace.");
    }
}
