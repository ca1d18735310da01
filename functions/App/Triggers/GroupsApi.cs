using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The groups of a workspace over HTTP: who may do what in it. A version is one of all groups together, which are kept as one.</summary>
public sealed class GroupsApi(Existing existing, GroupCatalog groups, WorkspaceCatalog workspaces)
{
    private const string All = "workspaces/{workspace}/groups", One = All + "/{group}";

    /// <summary>Lists the groups of a workspace.</summary>
    [Function(nameof(ListGroups))]
    [Needs(Operation.ViewGroups)]
    [Operation("The groups of a workspace, with members and permissions, in the order of their names.", Answer = typeof(Listing<AccessGroup>), Paged = true)]
    public async Task<IActionResult> ListGroups(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var all = (await groups.NowAsync(workspace, cancellationToken)).Value.OrderBy(g => g.Name, StringComparer.Ordinal);
        return Answer.Ok(await Paging.PageAsync(request, $"groups {workspace}", all.ToAsyncEnumerable(), g => g.Name, cancellationToken));
    }

    /// <summary>Makes a group.</summary>
    [Function(nameof(CreateGroup))]
    [Needs(Operation.EditGroups)]
    [Operation("Makes a group of a workspace.", Status = 201, Body = typeof(AccessGroup), Answer = typeof(AccessGroup))]
    public async Task<IActionResult> CreateGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<AccessGroup>(request, cancellationToken);
        var group = await CheckedAsync(workspace, body, cancellationToken);
        while (true)
        {
            var (now, version) = await groups.NowAsync(workspace, cancellationToken);
            if (Find(now, group.Name) is not null)
                throw RefusedException.Conflict("name-taken", $"The workspace has a group {Words.Quote(group.Name)} already. Choose another name, or change that one.");
            if (now.Count >= GroupRules.MostGroups)
                throw RefusedException.Conflict("too-many-groups", $"A workspace has at most {GroupRules.MostGroups} groups. Delete one that is not needed any more.");
            if (await groups.TrySetAsync(workspace, [.. now, group], version, cancellationToken) is not { } etag) continue;
            request.Audit().Made(group.Name, group.Name, group);
            return Answer.Created($"/api/workspaces/{workspace}/groups/{Uri.EscapeDataString(group.Name)}", group, etag);
        }
    }

    /// <summary>Shows a group.</summary>
    [Function(nameof(GetGroup))]
    [Needs(Operation.ViewGroups)]
    [Operation("One group, by its name in any case of letters.", Answer = typeof(AccessGroup))]
    public async Task<IActionResult> GetGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request, string workspace, string group, CancellationToken cancellationToken)
    {
        var (_, found, version) = await FindAsync(workspace, group, cancellationToken);
        return Answer.Ok(found, version);
    }

    /// <summary>Changes a group.</summary>
    [Function(nameof(ReplaceGroup))]
    [Needs(Operation.EditGroups)]
    [Operation(
        "Changes members and permissions of a group. It counts at once where it was asked for, and within ten seconds everywhere.",
        Body = typeof(AccessGroup), Answer = typeof(AccessGroup), Versioned = true)]
    public async Task<IActionResult> ReplaceGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request, string workspace, string group, CancellationToken cancellationToken)
    {
        var (all, found, version) = await FindAsync(workspace, group, cancellationToken);
        Versions.Require(request, version, "the group");
        var body = await JsonBody.ReadAsync(request, found, [], cancellationToken);
        var changed = await CheckedAsync(workspace, body, cancellationToken);
        if (!changed.Name.Equals(found.Name, StringComparison.OrdinalIgnoreCase) && Find(all, changed.Name) is not null) throw new NameTakenException(changed.Name);
        var etag = await groups.TrySetAsync(workspace, [.. all.Select(g => g == found ? changed : g)], version, cancellationToken) ?? throw RefusedException.Changed("the groups");
        request.Audit().Changed(changed.Name, changed.Name, found, changed);
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes a group.</summary>
    [Function(nameof(DeleteGroup))]
    [Needs(Operation.EditGroups)]
    [Operation("Removes a group; its members keep what other groups give them.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeleteGroup(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string workspace, string group, CancellationToken cancellationToken)
    {
        var (all, found, version) = await FindAsync(workspace, group, cancellationToken);
        Versions.Respect(request, version, "the group");
        request.Audit().Removed(found.Name, found.Name, found);
        return await groups.TrySetAsync(workspace, [.. all.Where(g => g != found)], version, cancellationToken) is not null
            ? Answer.Done()
            : throw RefusedException.Changed("the groups");
    }

    private async Task<(IReadOnlyList<AccessGroup> All, AccessGroup Found, string Version)> FindAsync(string workspace, string name, CancellationToken cancellationToken)
    {
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        var (all, version) = await groups.NowAsync(workspace, cancellationToken);
        return Find(all, name) is { } found
            ? (all, found, version)
            : throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no group {Words.Quote(name)}.");
    }

    private static AccessGroup? Find(IEnumerable<AccessGroup> all, string name) => all.FirstOrDefault(g => g.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private async Task<AccessGroup> CheckedAsync(string workspace, AccessGroup sent, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var types = await workspaces.TypesAsync(workspace, cancellationToken).Select(t => t.Value.Name).ToListAsync(cancellationToken);
        var group = GroupRules.Clean(sent with { Name = Names.CleanForAddress(sent.Name, "name", problems) }, types, problems);
        return problems.Count == 0 ? group : throw RefusedException.Bad(problems);
    }
}
