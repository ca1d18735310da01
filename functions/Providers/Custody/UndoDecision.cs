using System.Text.Json.Serialization;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Workspace;

namespace IntegrationPoints.Providers.Custody;

/// <summary>What is to become of a record that the job wrote.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UndoOutcome>))]
internal enum UndoOutcome
{
    /// <summary>It is as the job left it: it is deleted, or gets back what the job replaced.</summary>
    Undo,

    /// <summary>It is as it was before the job already: an attempt that was cut off undid it.</summary>
    Undone,

    /// <summary>Something changed it since; it is left alone.</summary>
    Changed,

    /// <summary>Somebody deleted it since; it stays so.</summary>
    Gone,
}

/// <summary>What a batch of an undo decided, once: the records of the original batch that the job wrote, in its order.</summary>
internal sealed record UndoDecisions(IReadOnlyList<UndoDecision> Records);

/// <summary>What is to become of one record.</summary>
/// <param name="Line">The line of the load file that brought it.</param>
/// <param name="Outcome">What is to become of it.</param>
/// <param name="ETag">The version that was seen, and that is deleted or replaced.</param>
/// <param name="ChangedBy">The job that overlaid it since; null when it was somebody else.</param>
internal sealed record UndoDecision(long Line, UndoOutcome Outcome, string? ETag = null, string? ChangedBy = null)
{
    /// <summary>
    /// Compares a record with what the job left and with what was there before it. Null: an original batch that was given up half-way may never
    /// have written it, and nothing shows that it did.
    /// </summary>
    /// <param name="written">What the job decided about it.</param>
    /// <param name="now">The record as it is now; null: it is not there.</param>
    /// <param name="linkField">The field that the job, or a retry of it, links records by when all are written; null: none.</param>
    /// <param name="job">The job.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="isWritten">Whether it is certain that the job wrote it.</param>
    /// <param name="mayBeUndone">Whether an earlier undo may have undone it and died before it said so.</param>
    public static UndoDecision? Of(Decision written, StoredItem? now, string? linkField, string job, int batch, bool isWritten, bool mayBeUndone)
    {
        if (now is null)
        {
            return mayBeUndone && written.Outcome == Workspace.Outcome.Create ? new UndoDecision(written.Line, UndoOutcome.Undone)
                : isWritten ? new UndoDecision(written.Line, UndoOutcome.Gone)
                : null;
        }
        var stamp = RecordJson.Read(now.Body.Span).Stamp;
        var isOurs = stamp is not null && stamp.Job == job && stamp.Batch == batch && stamp.Line == written.Line;
        if (isOurs && (RecordJson.IsSame(now.Body, written.Body) || (linkField is not null && RecordJson.IsSame(Unlinked(now.Body, linkField), Unlinked(written.Body, linkField))))) return new UndoDecision(written.Line, UndoOutcome.Undo, now.ETag);
        if (mayBeUndone && written.Outcome == Workspace.Outcome.Replace && RecordJson.IsSame(now.Body, written.Replaced)) return new UndoDecision(written.Line, UndoOutcome.Undone);
        if (!isOurs && !isWritten) return null;
        return new UndoDecision(written.Line, UndoOutcome.Changed, ChangedBy: isOurs || stamp?.Job == job ? null : stamp?.Job);
    }

    // A user's change marks the record, also one of this field: what differs in nothing else was linked.
    private static byte[] Unlinked(ReadOnlyMemory<byte> body, string field)
    {
        var record = RecordJson.Read(body.Span);
        return RecordJson.Write(record with
        {
            Links = null,
            Values = record.Values.Where(v => v.Key != field).ToDictionary(),
            Filterable = record.Filterable.Where(v => v.Key != field).ToDictionary(),
        });
    }
}
