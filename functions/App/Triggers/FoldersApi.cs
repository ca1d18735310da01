using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A folder to be made.</summary>
/// <param name="Path">Its path, levels separated by <c>\</c>; those above it are made, too.</param>
public sealed record NewFolder(string Path);

/// <summary>Folders over HTTP. Imports make those that they need; paths never change.</summary>
public sealed class FoldersApi(Existing existing, FolderCatalog folders)
{
    private const string All = "workspaces/{workspace}/folders";

    /// <summary>Lists folders of a workspace.</summary>
    [Function(nameof(ListFolders))]
    [Needs(Operation.ViewFolders)]
    [Operation(
        "The folders of a workspace in the order of their paths: those at the top, or below the folder whose path is parent; with levels=all the folders below those, too.",
        Answer = typeof(Listing<Folder>), Paged = true, Query = "parent,levels")]
    public async Task<IActionResult> ListFolders(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var parent = Parse(request.Query["parent"].ToString(), "parent");
        var isDeep = request.Query["levels"].ToString() switch
        {
            "" or "one" => false,
            "all" => true,
            _ => throw RefusedException.Bad("invalid-levels", "levels must be one or all."),
        };
        var list = $"folders {workspace} {parent?.Path} {isDeep}";
        var (size, page) = (Paging.Size(request), new List<Folder>());
        await foreach (var folder in folders.ListAsync(workspace, parent, isDeep, Paging.After(request, list), cancellationToken))
        {
            if (page.Count == size) return Answer.Ok(new Listing<Folder>(page, Paging.Token(list, page[^1].Path)));
            page.Add(folder);
        }
        return Answer.Ok(new Listing<Folder>(page));
    }

    /// <summary>Makes a folder.</summary>
    [Function(nameof(CreateFolder))]
    [Needs(Operation.AddFolder)]
    [Operation("Makes a folder and those above it that are missing. One that is there stays as it is.", Status = 201, Body = typeof(NewFolder), Answer = typeof(Folder))]
    public async Task<IActionResult> CreateFolder(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<NewFolder>(request, cancellationToken);
        var folder = Parse(body.Path, "path")
            ?? throw RefusedException.Bad([new Problem("invalid-folder", "The path is blank. Name a folder; the root is always there.") { Field = "path" }]);
        var made = new Folder(folder.Path);
        request.Audit().Made(made.Id, made.Path, made);
        return await folders.CreateAsync(workspace, folder, cancellationToken)
            ? Answer.Created($"/api/workspaces/{workspace}/folders?parent={Uri.EscapeDataString(folder.Path)}", made)
            : throw RefusedException.Conflict("folder-exists", $"There is a folder {Words.Quote(folder.Path)} already (case of letters does not count). Use it.");
    }

    private static RecordFolder? Parse(string path, string member)
    {
        var folder = FolderPath.Parse("", path);
        return folder.IsError ? throw RefusedException.Bad([new Problem(folder.Code, folder.Reason) { Field = member }]) : folder.Folder;
    }
}
