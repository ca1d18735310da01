using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The users of a workspace over HTTP: those whom user fields can name.</summary>
public sealed class UsersApi(Existing existing, UserCatalog users)
{
    private const string All = "workspaces/{workspace}/users";

    /// <summary>Lists the users of a workspace.</summary>
    [Function(nameof(ListUsers))]
    [Needs(Operation.ViewWorkspace)]
    [Operation("The users whom user fields of the workspace can name, in the order of their addresses.", Answer = typeof(Listing<WorkspaceUser>), Paged = true)]
    public async Task<IActionResult> ListUsers(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var list = users.ListAsync(workspace, cancellationToken).OrderBy(u => Identifier.Fold(u.Email), StringComparer.Ordinal);
        return Answer.Ok(await Paging.PageAsync(request, $"users {workspace}", list, u => Identifier.Fold(u.Email), cancellationToken));
    }

    /// <summary>Adds a user to a workspace.</summary>
    [Function(nameof(AddUser))]
    [Needs(Operation.EditWorkspace)]
    [Operation("Adds a user, by e-mail address.", Status = 201, Body = typeof(WorkspaceUser), Answer = typeof(WorkspaceUser))]
    public async Task<IActionResult> AddUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var sent = await JsonBody.ReadAsync<WorkspaceUser>(request, cancellationToken);
        var problems = new List<Problem>();
        var user = new WorkspaceUser
        {
            Email = Names.Clean(sent.Email, "email", problems),
            Name = sent.Name.Trim().Length == 0 ? "" : Names.Clean(sent.Name, "name", problems),
        };
        if (problems.Count == 0 && !IsAddress(user.Email))
            problems.Add(new Problem("invalid-address", $"{Words.Quote(user.Email)} is not an e-mail address. Expected one such as jane@example.com.") { Field = "email" });
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        request.Audit().Made(user.Email, user.Name, user);
        return await users.AddAsync(workspace, user, cancellationToken)
            ? Answer.Created($"/api/workspaces/{workspace}/users", user)
            : throw RefusedException.Conflict("name-taken", $"The workspace has a user with the address {Words.Quote(user.Email)} already.");
    }

    /// <summary>Takes a user out of a workspace.</summary>
    [Function(nameof(RemoveUser))]
    [Needs(Operation.RemoveUser)]
    [Operation("Takes a user out of the workspace; values that name the user stay.", Status = 204)]
    public async Task<IActionResult> RemoveUser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = All + "/{email}")] HttpRequest request,
        string workspace,
        string email,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var user = await users.FindAsync(workspace, email, cancellationToken);
        if (user is null || !await users.RemoveAsync(workspace, user, cancellationToken))
            throw RefusedException.NotFound($"The workspace has no user with the address {Words.Quote(email)}.");
        request.Audit().Removed(user.Value.Email, user.Value.Name, user.Value);
        return Answer.Done();
    }

    private static bool IsAddress(string email)
        => email.IndexOf('@') is > 0 and var at && at == email.LastIndexOf('@') && at < email.Length - 1 && !email.Any(char.IsWhiteSpace);
}
