using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Suspending and resuming jobs over HTTP.</summary>
public sealed class PausesApi(Existing existing, JobPause pause)
{
    /// <summary>Suspends a job.</summary>
    [Function(nameof(PauseJob))]
    [Needs(Operation.StopJob)]
    [Operation("Suspends a job: batches that run come to their end, the others wait until it is resumed.", Status = 202, Answer = typeof(StartedJob))]
    public async Task<IActionResult> PauseJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "jobs/{job}/suspend")] HttpRequest request, string job, CancellationToken cancellationToken)
    {
        var id = (await existing.JobAsync(job, cancellationToken)).JobId;
        return await pause.SuspendAsync(id, cancellationToken) is { } status
            ? throw RefusedException.Conflict("job-not-processing", status == JobStatus.Processing
                ? $"The job {id} undoes another, and is not suspended. Stop it, and undo again later."
                : $"The job {id} is {Word(status)}; only a job that is Processing can be suspended."
                    + (status is JobStatus.Pending or JobStatus.Validation ? " Until then what it needs is checked, and its source copied where it lies on a server: ask again later, or stop it." : ""))
            : Answer.Accepted($"/api/jobs/{id}", new StartedJob(id));
    }

    /// <summary>Resumes a job.</summary>
    [Function(nameof(ResumeJob))]
    [Needs(Operation.StopJob)]
    [Operation("Lets a suspended job go on where it was.", Status = 202, Answer = typeof(StartedJob))]
    public async Task<IActionResult> ResumeJob(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "jobs/{job}/resume")] HttpRequest request,
        string job,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var id = (await existing.JobAsync(job, cancellationToken)).JobId;
        return await pause.ResumeAsync(client, id, cancellationToken) is { } status
            ? throw RefusedException.Conflict("job-not-suspended", $"The job {id} is {Word(status)}; only a job that is Suspended can be resumed."
                + (status == JobStatus.Suspending ? " Its running batches are coming to their end; ask again in a moment." : ""))
            : Answer.Accepted($"/api/jobs/{id}", new StartedJob(id));
    }

    private static string Word(JobStatus status) => status switch
    {
        JobStatus.ValidationFailed => "Validation failed",
        JobStatus.CompletedWithErrors => "Completed with errors",
        JobStatus.Failed => "Error - job failed",
        _ => status.ToString(),
    };
}
