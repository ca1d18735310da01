using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The job history over HTTP.</summary>
public sealed class JobsApi(Existing existing, JobTables tables)
{
    /// <summary>Lists the jobs of a workspace, newest first.</summary>
    [Function(nameof(ListJobs))]
    [Needs(Operation.ViewJobs)]
    [Operation("The jobs of a workspace, or of one integration point, newest first.", Answer = typeof(Listing<JobView>), Paged = true, Query = "point")]
    public async Task<IActionResult> ListJobs(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "workspaces/{workspace}/jobs")] HttpRequest request,
        string workspace,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var point = request.Query["point"].ToString() is { Length: > 0 } id ? id : null;
        var page = await tables.History.ListAsync(workspace, point, Paging.Size(request), Paging.RawToken(request), cancellationToken);
        var views = new List<JobView>(page.Items.Count);
        foreach (var row in page.Items) views.Add(await ViewAsync(row, client, cancellationToken));
        return Answer.Ok(new Listing<JobView>(views, page.ContinuationToken));
    }

    /// <summary>Shows a job.</summary>
    [Function(nameof(GetJob))]
    [Needs(Operation.ViewJobs)]
    [Operation("One job, with its counts of now while it runs.", Answer = typeof(JobView))]
    public async Task<IActionResult> GetJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}")] HttpRequest request,
        string job,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => Answer.Ok(await ViewAsync(await existing.JobAsync(job, cancellationToken), client, cancellationToken));

    private static async Task<JobView> ViewAsync(JobHistory row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (row.Status.IsFinal()) return JobView.Of(row, null);
        var instance = await client.GetInstanceAsync(row.JobId, getInputsAndOutputs: true, cancellationToken);
        return JobView.Of(row, instance?.ReadCustomStatusAs<RunProgress>());
    }
}
