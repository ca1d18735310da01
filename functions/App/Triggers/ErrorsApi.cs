using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The errors of jobs, integration points and workspaces over HTTP (guide 7.2).</summary>
public sealed class ErrorsApi(Existing existing, JobTables tables, ErrorListing listing)
{
    /// <summary>Lists the errors of a job.</summary>
    [Function(nameof(ListJobErrors))]
    [Needs(Operation.ViewErrors)]
    [Operation(
        "The errors of a job: its own first, then those of records in the order of the source. A filtered page looks at a bounded number of errors.",
        Answer = typeof(ErrorList), Paged = true, Query = ErrorFilters.Names)]
    public Task<IActionResult> ListJobErrors(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/errors")] HttpRequest request, string job, CancellationToken cancellationToken)
        => OfJobAsync(request, tables.Errors, job, cancellationToken);

    /// <summary>Lists the warnings of a job.</summary>
    [Function(nameof(ListJobWarnings))]
    [Needs(Operation.ViewErrors)]
    [Operation("The warnings of a job; the records concerned were transferred.", Answer = typeof(ErrorList), Paged = true, Query = ErrorFilters.Names)]
    public Task<IActionResult> ListJobWarnings(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/warnings")] HttpRequest request, string job, CancellationToken cancellationToken)
        => OfJobAsync(request, tables.Warnings, job, cancellationToken);

    /// <summary>Lists the errors of an integration point.</summary>
    [Function(nameof(ListPointErrors))]
    [Needs(Operation.ViewErrors)]
    [Operation(
        "The errors of an integration point, the newest job first: those of its jobs, and those that no job carries, such as runs that were due and left out.",
        Answer = typeof(ErrorList), Paged = true, Query = ErrorFilters.Names)]
    public async Task<IActionResult> ListPointErrors(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "workspaces/{workspace}/integration-points/{point}/errors")] HttpRequest request,
        string workspace,
        string point,
        CancellationToken cancellationToken)
    {
        await existing.PointAsync(workspace, point, cancellationToken);
        return await OfPointsAsync(request, workspace, point, cancellationToken);
    }

    /// <summary>Lists the errors of a workspace.</summary>
    [Function(nameof(ListWorkspaceErrors))]
    [Needs(Operation.ViewErrors)]
    [Operation(
        "The errors of all jobs and integration points of a workspace, the newest job first.", Answer = typeof(ErrorList), Paged = true, Query = ErrorFilters.Names)]
    public async Task<IActionResult> ListWorkspaceErrors(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "workspaces/{workspace}/errors")] HttpRequest request,
        string workspace,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        return await OfPointsAsync(request, workspace, null, cancellationToken);
    }

    private async Task<IActionResult> OfJobAsync(HttpRequest request, JobErrorsTable table, string job, CancellationToken cancellationToken)
    {
        var row = await existing.JobAsync(job, cancellationToken);
        return Page(await ErrorListing.OfJobAsync(table, row, Query(request), cancellationToken));
    }

    private async Task<IActionResult> OfPointsAsync(HttpRequest request, string workspace, string? point, CancellationToken cancellationToken)
    {
        var query = Query(request);
        // A job that is named is read alone, wherever its errors stand in the list.
        if (request.Query["jobId"] is not [{ Length: > 0 } named]) return Page(await listing.OfPointsAsync(workspace, point, query, cancellationToken));
        return await tables.History.GetAsync(named.ToLowerInvariant(), cancellationToken) is { } job && job.Workspace == workspace && (point is null || job.PointId == point)
            ? Page(await ErrorListing.OfJobAsync(tables.Errors, job, query, cancellationToken))
            : Page(new ErrorPage([], null, 0));
    }

    private static ErrorQuery Query(HttpRequest request)
    {
        var filter = ErrorFilters.Read(request);
        return new ErrorQuery(Paging.Size(request), Paging.RawToken(request)) { Where = filter is null ? null : error => filter(JobErrorView.Of(error)) };
    }

    private static Answer Page(ErrorPage page) => Answer.Ok(new ErrorList([.. page.Items.Select(JobErrorView.Of)], page.ContinuationToken, page.Scanned));
}
