using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Saved searches over HTTP: which records an export reads, which of their fields, in which order.</summary>
public sealed class SavedSearchesApi(SavedListRequests requests, SavedSearchCatalog searches)
{
    private const string Route = "saved-searches", All = "workspaces/{workspace}/" + Route, One = All + "/{search}";

    /// <summary>Lists the saved searches that the caller sees.</summary>
    [Function(nameof(ListSavedSearches))]
    [Needs(Operation.ViewSearches)]
    [Operation("The saved searches of a workspace that the caller sees, in the order of their ids.", Answer = typeof(Listing<SavedList>), Paged = true)]
    public Task<IActionResult> ListSavedSearches(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
        => requests.ListAsync(request, searches, workspace, cancellationToken);

    /// <summary>Saves a saved search.</summary>
    [Function(nameof(CreateSavedSearch))]
    [Needs(Operation.AddSearch)]
    [Operation("Saves a saved search. Condition, columns and order are checked against the fields of the object type.", Status = 201, Body = typeof(SavedListBody), Answer = typeof(SavedList))]
    public Task<IActionResult> CreateSavedSearch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
        => requests.CreateAsync(request, searches, workspace, Route, cancellationToken);

    /// <summary>Shows a saved search.</summary>
    [Function(nameof(GetSavedSearch))]
    [Needs(Operation.ViewSearches)]
    [Operation("One saved search, by its id or its name.", Answer = typeof(SavedList))]
    public Task<IActionResult> GetSavedSearch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request,
        string workspace,
        string search,
        CancellationToken cancellationToken)
        => requests.GetAsync(searches, workspace, search, cancellationToken);

    /// <summary>Changes a saved search.</summary>
    [Function(nameof(ReplaceSavedSearch))]
    [Needs(Operation.EditSearch)]
    [Operation("Gives a saved search another condition, other columns, another order.", Body = typeof(SavedListBody), Answer = typeof(SavedList), Versioned = true)]
    public Task<IActionResult> ReplaceSavedSearch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request,
        string workspace,
        string search,
        CancellationToken cancellationToken)
        => requests.ReplaceAsync(request, searches, workspace, search, cancellationToken);

    /// <summary>Removes a saved search.</summary>
    [Function(nameof(DeleteSavedSearch))]
    [Needs(Operation.DeleteSearch)]
    [Operation("Removes a saved search. Integration points that name it no longer pass validation.", Status = 204, Versioned = true)]
    public Task<IActionResult> DeleteSavedSearch(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request,
        string workspace,
        string search,
        CancellationToken cancellationToken)
        => requests.DeleteAsync(request, searches, workspace, search, cancellationToken);

    /// <summary>Lists what a saved search finds.</summary>
    [Function(nameof(ListSavedSearchRecords))]
    [Needs(Operation.RunSearch)]
    [Operation("The records that a saved search finds, with its columns, in identifier order; an export orders them as it says.", Answer = typeof(FoundRecords), Paged = true)]
    public Task<IActionResult> ListSavedSearchRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One + "/records")] HttpRequest request,
        string workspace,
        string search,
        CancellationToken cancellationToken)
        => requests.RecordsAsync(request, searches, workspace, search, cancellationToken);

    /// <summary>Counts what a saved search finds.</summary>
    [Function(nameof(CountSavedSearchRecords))]
    [Needs(Operation.RunSearch)]
    [Operation("How many records a saved search finds.", Answer = typeof(RecordCount))]
    public Task<IActionResult> CountSavedSearchRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One + "/count")] HttpRequest request,
        string workspace,
        string search,
        CancellationToken cancellationToken)
        => requests.CountAsync(searches, workspace, search, cancellationToken);
}
