using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Views over HTTP: which fields an export of a folder has, in which order, and of which of its records.</summary>
public sealed class ViewsApi(SavedListRequests requests, ViewCatalog views)
{
    private const string Route = "views", All = "workspaces/{workspace}/" + Route, One = All + "/{view}";

    /// <summary>Lists the views that the caller sees.</summary>
    [Function(nameof(ListViews))]
    [Needs(Operation.ViewSearches)]
    [Operation("The views of a workspace that the caller sees, in the order of their ids.", Answer = typeof(Listing<SavedList>), Paged = true)]
    public Task<IActionResult> ListViews(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
        => requests.ListAsync(request, views, workspace, cancellationToken);

    /// <summary>Saves a view.</summary>
    [Function(nameof(CreateView))]
    [Needs(Operation.AddSearch)]
    [Operation("Saves a view. Condition, columns and order are checked against the fields of the object type.", Status = 201, Body = typeof(SavedListBody), Answer = typeof(SavedList))]
    public Task<IActionResult> CreateView(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
        => requests.CreateAsync(request, views, workspace, Route, cancellationToken);

    /// <summary>Shows a view.</summary>
    [Function(nameof(GetView))]
    [Needs(Operation.ViewSearches)]
    [Operation("One view, by its id or its name.", Answer = typeof(SavedList))]
    public Task<IActionResult> GetView(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request,
        string workspace,
        string view,
        CancellationToken cancellationToken)
        => requests.GetAsync(views, workspace, view, cancellationToken);

    /// <summary>Changes a view.</summary>
    [Function(nameof(ReplaceView))]
    [Needs(Operation.EditSearch)]
    [Operation("Gives a view another condition, other columns, another order.", Body = typeof(SavedListBody), Answer = typeof(SavedList), Versioned = true)]
    public Task<IActionResult> ReplaceView(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request,
        string workspace,
        string view,
        CancellationToken cancellationToken)
        => requests.ReplaceAsync(request, views, workspace, view, cancellationToken);

    /// <summary>Removes a view.</summary>
    [Function(nameof(DeleteView))]
    [Needs(Operation.DeleteSearch)]
    [Operation("Removes a view. Integration points that name it no longer pass validation.", Status = 204, Versioned = true)]
    public Task<IActionResult> DeleteView(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request,
        string workspace,
        string view,
        CancellationToken cancellationToken)
        => requests.DeleteAsync(request, views, workspace, view, cancellationToken);

    /// <summary>Lists what a view finds.</summary>
    [Function(nameof(ListViewRecords))]
    [Needs(Operation.RunSearch)]
    [Operation("The records that a view finds, with its columns, in identifier order; an export orders them as it says.", Answer = typeof(FoundRecords), Paged = true)]
    public Task<IActionResult> ListViewRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One + "/records")] HttpRequest request,
        string workspace,
        string view,
        CancellationToken cancellationToken)
        => requests.RecordsAsync(request, views, workspace, view, cancellationToken);

    /// <summary>Counts what a view finds.</summary>
    [Function(nameof(CountViewRecords))]
    [Needs(Operation.RunSearch)]
    [Operation("How many records a view finds.", Answer = typeof(RecordCount))]
    public Task<IActionResult> CountViewRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One + "/count")] HttpRequest request,
        string workspace,
        string view,
        CancellationToken cancellationToken)
        => requests.CountAsync(views, workspace, view, cancellationToken);
}
