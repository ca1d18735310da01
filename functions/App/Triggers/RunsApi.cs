using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A job that was started.</summary>
/// <param name="JobId">Its id.</param>
public sealed record StartedJob(string JobId);

/// <summary>Running and stopping over HTTP.</summary>
public sealed class RunsApi(Existing existing, JobStarter starter, JobStop stop, JobTables tables, Caller caller)
{
    /// <summary>Starts a job.</summary>
    [Function(nameof(RunPoint))]
    [Needs(Operation.RunPoint)]
    [Operation(
        "Runs an integration point. Requests with the same Idempotency-Key start one job.",
        Status = 202, Answer = typeof(StartedJob), Headers = "Idempotency-Key")]
    public async Task<IActionResult> RunPoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/integration-points/{point}/run")] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        request.Audit().On(found.Id, found.Name);
        var start = new StartRequest(JobIds.ForRequest(JobType.Run, caller.Name, found.Id, Idempotency.Key(request)), JobType.Run, "user", caller.Name);
        var result = await starter.StartAsync(client, found, start, cancellationToken);
        return result.BusyWith is { } other
            ? throw RefusedException.Conflict("point-busy",
                $"The integration point {Words.Quote(found.Name)} is running already: job {other}. Wait for its end, or stop it.")
            : Started(request, found.IsExport, result.JobId);
    }

    /// <summary>Stops the running job of an integration point.</summary>
    [Function(nameof(StopPoint))]
    [Needs(Operation.StopJob)]
    [Operation("Stops the job of an integration point that is running. What was transferred stays.", Status = 202, Answer = typeof(StartedJob))]
    public async Task<IActionResult> StopPoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/integration-points/{point}/stop")] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        var job = await tables.Leases.HolderAsync(workspace, point, cancellationToken)
            ?? throw RefusedException.Conflict("not-running", $"The integration point {Words.Quote(found.Name)} is not running.");
        request.Audit().On(found.Id, found.Name);
        request.Audit().Ran(found.IsExport, job);
        return await StopAsync(client, job, cancellationToken);
    }

    /// <summary>Stops a job.</summary>
    [Function(nameof(StopJob))]
    [Needs(Operation.StopJob)]
    [Operation("Stops a job. What was transferred stays.", Status = 202, Answer = typeof(StartedJob))]
    public async Task<IActionResult> StopJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "jobs/{job}/stop")] HttpRequest request,
        string job,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await StopAsync(client, (await existing.JobAsync(job, cancellationToken)).JobId, cancellationToken);

    private static Answer Started(HttpRequest request, bool isExport, string job)
    {
        request.Audit().Ran(isExport, job);
        return Answer.Accepted($"/api/jobs/{job}", new StartedJob(job));
    }

    private async Task<IActionResult> StopAsync(DurableTaskClient client, string job, CancellationToken cancellationToken)
        => await stop.RequestAsync(client, job, caller.Name, cancellationToken) switch
        {
            null => Answer.Accepted($"/api/jobs/{job}", new StartedJob(job)),
            JobStatus.Stopping => throw RefusedException.Conflict("job-stopping", $"The job {job} is stopping already. Wait for its end."),
            _ => throw RefusedException.Conflict("job-ended", $"The job {job} has ended already."),
        };
}
