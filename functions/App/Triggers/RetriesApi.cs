using System.Globalization;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>What the caller knows of a retry.</summary>
/// <param name="ConfirmOverlay">That records which are in the workspace may be overlaid, although the point is Append Only.</param>
public sealed record RetryRequest(bool ConfirmOverlay = false);

/// <summary>Retrying errors over HTTP (guide 7.2).</summary>
public sealed class RetriesApi(Existing existing, AccessCheck access, JobRetry retry, JobStarter starter, Caller caller)
{
    /// <summary>Retries the errors of an integration point.</summary>
    [Function(nameof(RetryPoint))]
    [Needs(Operation.RetryPoint)]
    [Operation(
        "Retries the errors of an integration point's last job: the records that it rejected, in Append/Overlay mode; or all of it, when the job itself failed.",
        Status = 202, Body = typeof(RetryRequest), Answer = typeof(StartedJob), Headers = "Idempotency-Key")]
    public async Task<IActionResult> RetryPoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/integration-points/{point}/retry")] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        var confirmed = (request.ContentType is null ? new RetryRequest() : await JsonBody.ReadAsync<RetryRequest>(request, cancellationToken)).ConfirmOverlay;
        var key = Idempotency.Key(request);
        var job = JobIds.ForRequest(JobType.RetryErrors, caller.Name, found.Id, key);
        request.Audit().On(found.Id, found.Name);
        request.Audit().Ran(found.IsExport, job);
        // The same request again: the retry that it started is there already, and has the errors in progress or done.
        if (key.Length > 0 && await starter.IsKnownAsync(job, cancellationToken)) return Answer.Accepted($"/api/jobs/{job}", new StartedJob(job));

        if (await retry.RunningAsync(found, cancellationToken) is { } running) throw Busy(found, running);
        var plan = await retry.PlanAsync(found, cancellationToken)
            ?? throw RefusedException.Conflict("nothing-to-retry", $"The last job of the integration point {Words.Quote(found.Name)} has no errors that can be retried. Run the point instead.");
        // It reads the source of the job that it retries, which the point may not name any more.
        await access.RequireAsync(plan.Point, cancellationToken);
        if (!found.IsExport && found.Import.Overwrite == OverwriteMode.AppendOnly && !confirmed) await ConfirmAsync(found, plan, cancellationToken);
        var start = new StartRequest(job, JobType.RetryErrors, "user", caller.Name) { Retry = plan.Of };
        var result = await starter.StartAsync(client, plan.Point, start, cancellationToken);
        return result.BusyWith is { } other
            ? throw Busy(found, other)
            : Answer.Accepted($"/api/jobs/{result.JobId}", new StartedJob(result.JobId));
    }

    private static RefusedException Busy(IntegrationPoint point, string job) => RefusedException.Conflict("point-busy",
        $"The integration point {Words.Quote(point.Name)} is running already: job {job}. Wait for its end, or stop it.");

    private async Task ConfirmAsync(IntegrationPoint point, RetryPlan plan, CancellationToken cancellationToken)
    {
        var overlaid = await retry.OverlaidAsync(plan, cancellationToken);
        if (overlaid == 0) return;
        var what = overlaid is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} of the {plan.Records:N0} records to retry are in the workspace already and would be overlaid")
            : "All records of the source would be transferred again, and those that are in the workspace already would be overlaid";
        throw RefusedException.Conflict("confirm-overlay",
            $"The integration point {Words.Quote(point.Name)} is Append Only, and a retry is Append/Overlay. {what}. Confirm it to go on: confirmOverlay, or --yes on the command line.");
    }
}
