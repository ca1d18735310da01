using Azure;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Auditing;

/// <summary>
/// Writes the audit, so that nothing is done without an entry. What is about to be done is noted first; without the note it is not begun. The entry
/// is written when it is done, before the caller is answered. An entry that cannot be written is tried again for as long as the process lives; of
/// one that a crash lost, the note becomes an entry whose outcome is unknown.
/// </summary>
public sealed class AuditTrail(JobTables tables, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>What starting an import is called, and an export.</summary>
    internal const string Run = "run", Export = "export";

    /// <summary>After how long a note has no request any more that could write its entry: functions may take 30 minutes (host.json).</summary>
    public static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(40);

    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(20), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Notes that something is about to be done.</summary>
    /// <exception cref="RefusedException">503: it must not be done, since the audit would not know of it.</exception>
    internal async Task BeginAsync(AuditEntry entry)
    {
        if (await FailureAsync(stop => tables.Audit.OpenAsync(entry, stop)) is not { } failure) return;
        logger.LogError(failure, "The audit cannot be written; {Action} was not begun", entry.Action);
        throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "audit-unavailable", "The audit cannot be written, so that nothing was done. Try again in a few seconds.");
    }

    /// <summary>Enters what was noted before and is done now.</summary>
    /// <exception cref="RefusedException">503: it was done, and its entry could not be written yet.</exception>
    internal async Task EndAsync(AuditEntry entry)
    {
        logger.LogInformation("Audit: {Action} {Outcome}, entry {Entry}", entry.Action, entry.Outcome, entry.Id);
        if (await FailureAsync(stop => tables.Audit.AddAsync(entry, stop)) is not { } failure)
        {
            await ForgetAsync(entry);
            return;
        }
        logger.LogError(failure, "The entry {Entry} of the audit could not be written; it is tried again", entry.Id);
        _ = RetryAsync(entry);
        throw new RefusedException(
            StatusCodes.Status503ServiceUnavailable, "audit-unavailable",
            "This was carried out, but could not be entered in the audit yet; the app goes on trying. Look what is there before you ask for it again.");
    }

    /// <summary>Enters what is about to be handed out, or was refused, and was not noted before.</summary>
    /// <exception cref="RefusedException">503: it must not be handed out, since the audit would not know of it.</exception>
    internal async Task WriteAsync(AuditEntry entry)
    {
        logger.LogInformation("Audit: {Action} {Outcome}, entry {Entry}", entry.Action, entry.Outcome, entry.Id);
        if (await FailureAsync(stop => tables.Audit.AddAsync(entry, stop)) is not { } failure) return;
        logger.LogError(failure, "The audit cannot be written; {Action} was not done", entry.Action);
        throw new RefusedException(StatusCodes.Status503ServiceUnavailable, "audit-unavailable", "The audit cannot be written, so that this is not done. Try again in a few seconds.");
    }

    /// <summary>Takes a note back: the entry is there, or nothing was done. One that stays becomes an entry later, which is there already or says that the outcome is unknown.</summary>
    internal async Task ForgetAsync(AuditEntry entry)
    {
        if (await FailureAsync(stop => tables.Audit.CloseAsync(entry, stop)) is { } failure) logger.LogWarning(failure, "The note {Entry} of the audit stays", entry.Id);
    }

    /// <summary>Enters what was noted, and whose process ended before it could say what became of it.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        foreach (var left in await tables.Audit.LeftOpenAsync(time.GetUtcNow() - LongestRequest, cancellationToken))
        {
            await OneByOne.DoAsync(logger, $"entry {left.Id} of the audit", async () =>
            {
                await tables.Audit.AddAsync(left with { Outcome = AuditOutcome.Unknown }, cancellationToken);
                await tables.Audit.CloseAsync(left, cancellationToken);
            });
        }
    }

    /// <summary>The entry of a job that nobody asked for: that of a schedule or an upload. Null for any other.</summary>
    internal static AuditEntry? OfStart(Job job, string? refusedBecause = null) => job.Trigger is not ("schedule" or "upload") ? null : new AuditEntry
    {
        Id = job.Id,
        TimeUtc = job.StartedUtc,
        Workspace = job.Point.Workspace,
        Who = job.StartedBy,
        By = job.Trigger,
        Action = job.Point.IsExport ? Export : Run,
        Outcome = refusedBecause is null ? AuditOutcome.Done : AuditOutcome.Refused,
        Code = refusedBecause,
        Kind = "integration-point",
        SubjectId = job.Point.Id,
        SubjectName = job.Point.Name,
        JobId = job.Id,
    };

    // The note stays until the entry is written: when the process ends before that, it tells of it.
    private async Task RetryAsync(AuditEntry entry)
    {
        var begun = time.GetTimestamp();
        for (var pause = FirstPause; time.GetElapsedTime(begun) < LongestRequest; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time);
            if (await FailureAsync(stop => tables.Audit.AddAsync(entry, stop)) is not null) continue;
            logger.LogInformation("The entry {Entry} of the audit was written at last", entry.Id);
            await ForgetAsync(entry);
            return;
        }
    }

    // Whoever asked may have gone meanwhile; the audit is written all the same.
    private async Task<Exception?> FailureAsync(Func<CancellationToken, Task> write)
    {
        using var limit = new CancellationTokenSource(LongestWrite, time);
        try
        {
            await write(limit.Token);
            return null;
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
        {
            return e;
        }
    }
}
