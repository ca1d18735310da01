using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A new workspace.</summary>
/// <param name="Name">The name people see.</param>
public sealed record NewWorkspace(string Name);

/// <summary>Workspaces over HTTP.</summary>
public sealed class WorkspacesApi(Existing existing, WorkspaceCatalog workspaces, PointCatalog points, JobTables tables, Blobs blobs)
{
    private const string One = "workspaces/{workspace}";

    /// <summary>Lists workspaces.</summary>
    [Function(nameof(ListWorkspaces))]
    [Needs(Operation.SignedIn)]
    [Operation("The workspaces that the caller sees, in the order of their ids.", Answer = typeof(Listing<Workspace>), Paged = true)]
    public async Task<IActionResult> ListWorkspaces(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "workspaces")] HttpRequest request, CancellationToken cancellationToken)
        => Answer.Ok(await Paging.PageAsync(
            request, "workspaces", existing.WorkspacesAsync(cancellationToken), w => w.Id, cancellationToken));

    /// <summary>Makes a workspace.</summary>
    [Function(nameof(CreateWorkspace))]
    [Needs(Operation.AdministerTenant)]
    [Operation("Makes a workspace with the object type Document.", Status = 201, Body = typeof(NewWorkspace), Answer = typeof(Workspace))]
    public async Task<IActionResult> CreateWorkspace(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces")] HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<NewWorkspace>(request, cancellationToken);
        var made = await workspaces.CreateAsync(Name(body.Name), cancellationToken);
        var stored = await existing.WorkspaceAsync(made.Id, cancellationToken);
        request.Audit().In(made.Id);
        request.Audit().Made(made.Id, made.Name, stored.Value);
        return Answer.Created($"/api/workspaces/{made.Id}", stored.Value, stored.ETag);
    }

    /// <summary>Shows a workspace.</summary>
    [Function(nameof(GetWorkspace))]
    [Needs(Operation.ViewWorkspace)]
    [Operation("One workspace.", Answer = typeof(Workspace))]
    public async Task<IActionResult> GetWorkspace(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        var found = await existing.WorkspaceAsync(workspace, cancellationToken);
        return Answer.Ok(found.Value, found.ETag);
    }

    /// <summary>Renames a workspace.</summary>
    [Function(nameof(ReplaceWorkspace))]
    [Needs(Operation.EditWorkspace)]
    [Operation(
        "Changes a workspace's name.", Body = typeof(Workspace), ReadOnly = "id,buckets,createdUtc", Answer = typeof(Workspace), Versioned = true)]
    public async Task<IActionResult> ReplaceWorkspace(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        var found = await existing.WorkspaceAsync(workspace, cancellationToken);
        Versions.Require(request, found.ETag, "the workspace");
        var body = await JsonBody.ReadAsync(request, found.Value, ["id", "buckets", "createdUtc"], cancellationToken);
        var changed = body with { Name = Name(body.Name) };
        var etag = await workspaces.ReplaceAsync(changed, found.ETag, cancellationToken) ?? throw RefusedException.Changed("the workspace");
        request.Audit().Changed(changed.Id, changed.Name, found.Value, changed);
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes a workspace with all that is in it.</summary>
    [Function(nameof(DeleteWorkspace))]
    [Needs(Operation.DeleteWorkspace)]
    [Operation("Removes a workspace with its records, files and integration points. May be repeated when it was cut off.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeleteWorkspace(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        var found = await existing.WorkspaceAsync(workspace, cancellationToken);
        Versions.Respect(request, found.ETag, "the workspace");
        var all = await points.ListAsync(workspace, cancellationToken).Select(p => p.Value.Id).ToListAsync(cancellationToken);
        foreach (var point in all)
        {
            if (await tables.Leases.HolderAsync(workspace, point, cancellationToken) is { } job)
                throw RefusedException.Conflict("workspace-busy", $"The job {job} is running in this workspace. Stop it or wait for its end.");
        }
        request.Audit().Removed(found.Value.Id, found.Value.Name, found.Value);
        foreach (var point in all) await tables.Schedules.SetAsync(workspace, point, null, cancellationToken);
        // The workspace's own entry goes last, so that a removal that was cut off can be repeated.
        await Blobs.DeleteFolderAsync(blobs.Files, workspace, cancellationToken);
        await Blobs.DeleteFolderAsync(blobs.Jobs, Packages.UnpackedFolder(StagingPaths.FolderOf(workspace)), cancellationToken);
        await Blobs.DeleteFolderAsync(blobs.Staging, StagingPaths.FolderOf(workspace), cancellationToken);
        await workspaces.DeleteAsync(found.Value, cancellationToken);
        return Answer.Done();
    }

    private static string Name(string sent)
    {
        var problems = new List<Problem>();
        var name = Names.CleanForAddress(sent, "name", problems);
        return problems.Count == 0 ? name : throw RefusedException.Bad(problems);
    }
}
