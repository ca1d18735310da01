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

/// <summary>Undoing jobs over HTTP.</summary>
public sealed class UndoApi(Existing existing, JobFiles files, JobTables tables, JobStarter starter, Caller caller)
{
    /// <summary>Starts the undo of a job.</summary>
    [Function(nameof(UndoJobNow))]
    [Needs(Operation.UndoJob)]
    [Operation(
        "Undoes a job as a job of its own: records that it created are deleted, overlaid records get their earlier values, files and folders back. "
        + "What was changed since is left alone and listed among the undo's warnings; asked for again, what was left alone is tried again.",
        Status = 202, Answer = typeof(StartedJob))]
    public async Task<IActionResult> UndoJobNow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "jobs/{job}/undo")] HttpRequest request,
        string job,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var (row, point) = await existing.JobOfPointAsync(job, cancellationToken);
        if (row.Undoes is not null)
            throw RefusedException.Conflict("not-undoable", $"The job {row.JobId} is itself an undo. Run the integration point again to import what it removed.");
        if (!row.Status.IsFinal())
            throw RefusedException.Conflict("job-running", $"The job {row.JobId} has not ended. Stop it or wait for its end; then undo it.");
        if (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(row.JobId), cancellationToken) is not { } prepared)
            throw RefusedException.Conflict("nothing-to-undo", $"The job {row.JobId} wrote nothing, so that there is nothing to undo.");
        if (prepared.Export is { } export)
            throw RefusedException.Conflict("not-undoable", $"The job {row.JobId} is an export: it changed nothing in the workspace. Delete {Words.QuotePath(export.Folder)} of the staging area, when it is not wanted.");
        var before = await BeforeAsync(row.JobId, cancellationToken);
        var start = new StartRequest(JobIds.ForUndo(row.JobId, before), JobType.Undo, "user", caller.Name) { Undo = new UndoneJob(row.JobId, before) };
        request.Audit().Changed(row.JobId, row.Name, null, new { undoneBy = start.JobId });
        var result = await starter.StartAsync(client, point, start, cancellationToken);
        return result.BusyWith is { } other
            ? throw RefusedException.Conflict("point-busy", $"The integration point of the job is running: job {other}. Wait for its end, or stop it.")
            : Answer.Accepted($"/api/jobs/{result.JobId}", new StartedJob(result.JobId));
    }

    // The last undo that has ended; a running one is answered with once more, and one that left nothing is the end of it.
    private async Task<string?> BeforeAsync(string job, CancellationToken cancellationToken)
    {
        for (string? before = null; ;)
        {
            var id = JobIds.ForUndo(job, before);
            if (await tables.History.GetAsync(id, cancellationToken) is not { } undo || !undo.Status.IsFinal()) return before;
            if (undo is { Status: JobStatus.Completed, Counts.Skipped: 0 })
                throw RefusedException.Conflict("already-undone", $"The job {job} was undone already, by job {id}. There is nothing left to undo.");
            before = id;
        }
    }
}
