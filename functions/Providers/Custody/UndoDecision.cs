using System.Text.Json;
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
    /// <param name="job">The job.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="isWritten">Whether it is certain that the job wrote it.</param>
    /// <param name="mayBeUndone">Whether an earlier undo may have undone it and died before it said so.</param>
    public static UndoDecision? Of(Decision written, StoredItem? now, string job, int batch, bool isWritten, bool mayBeUndone)
    {
        if (now is null)
        {
            return mayBeUndone && written.Outcome == Workspace.Outcome.Create ? new UndoDecision(written.Line, UndoOutcome.Undone)
                : isWritten ? new UndoDecision(written.Line, UndoOutcome.Gone)
                : null;
        }
        var stamp = RecordJson.Read(now.Body.Span).Stamp;
        var isOurs = stamp is not null && stamp.Job == job && stamp.Batch == batch && stamp.Line == written.Line;
        if (isOurs && IsSame(now.Body, written.Body)) return new UndoDecision(written.Line, UndoOutcome.Undo, now.ETag);
        if (mayBeUndone && written.Outcome == Workspace.Outcome.Replace && IsSame(now.Body, written.Replaced)) return new UndoDecision(written.Line, UndoOutcome.Undone);
        if (!isOurs && !isWritten) return null;
        return new UndoDecision(written.Line, UndoOutcome.Changed, ChangedBy: isOurs || stamp?.Job == job ? null : stamp?.Job);
    }

    /// <summary>Whether two records hold the same: a store may give back other bytes than it was given.</summary>
    public static bool IsSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.Span.SequenceEqual(other.Span)) return true;
        if (one.IsEmpty || other.IsEmpty) return false;
        using var a = JsonDocument.Parse(one);
        using var b = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(a.RootElement, b.RootElement);
    }
}
