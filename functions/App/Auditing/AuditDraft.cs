using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Auditing;

/// <summary>The entry of the audit that the running function will have made: the function says what it did, and to what.</summary>
internal sealed class AuditDraft
{
    private const int LongestName = 400;

    private readonly Func<AuditEntry, Task>? write;

    /// <summary>A draft; <paramref name="write"/> enters it.</summary>
    public AuditDraft(AuditEntry entry, Func<AuditEntry, Task>? write) => (Entry, this.write) = (Clean(entry), write);

    /// <summary>What will be entered.</summary>
    public AuditEntry Entry { get; private set; }

    /// <summary>Whether it was entered, or tried to be.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>It concerns this.</summary>
    public void On(string id, string name) => Entry = Clean(Entry with { SubjectId = id, SubjectName = name });

    /// <summary>What it concerns is only this one's to know; null: it is public.</summary>
    public void PrivateTo(string? owner) => Entry = Entry with { PrivateTo = owner };

    /// <summary>This was made.</summary>
    public void Made(string id, string name, object after) => Changed(id, name, null, after);

    /// <summary>This was removed.</summary>
    public void Removed(string id, string name, object before) => Changed(id, name, before, null);

    /// <summary>This was changed.</summary>
    public void Changed(string id, string name, object? before, object? after)
    {
        On(id, name);
        var (was, now) = AuditJson.Of(before, after);
        Entry = Entry with { Before = was, After = now };
    }

    /// <summary>Whether a source was tried: that it cannot be read is entered too.</summary>
    public bool IsTrial { get; private set; }

    /// <summary>This source is tried.</summary>
    public void Tries(ProviderSettings source) => (IsTrial, Entry) = (true, Entry with { After = AuditJson.Of(null, source).After });

    /// <summary>It was asked of this point: a run of an export is one of its own kind.</summary>
    public void Ran(bool isExport, string jobId) => Entry = Entry with { Action = isExport && Entry.Action == AuditTrail.Run ? AuditTrail.Export : Entry.Action, JobId = jobId };

    /// <summary>It concerns this workspace, and not the one of the address.</summary>
    public void In(string workspace) => Entry = Entry with { Workspace = workspace };

    /// <summary>
    /// Enters it, once. What hands out a file or records calls this before the first byte leaves: an answer that has begun cannot be taken back.
    /// The others need not: the middleware does when they have ended, and their answer is sent after that.
    /// </summary>
    /// <exception cref="Http.RefusedException">503: the audit cannot be written.</exception>
    public Task WriteAsync()
    {
        if (IsWritten || write is null) return Task.CompletedTask;
        IsWritten = true;
        return write(Entry);
    }

    // Names are the users' and may hold anything; JSON holds it, but a secret in an address is not kept.
    private static AuditEntry Clean(AuditEntry entry) => entry with { SubjectId = Clean(entry.SubjectId), SubjectName = Clean(entry.SubjectName), Who = Clean(entry.Who)! };

    private static string? Clean(string? text)
    {
        if (text is null) return null;
        var masked = SecretMask.InText(text.Length <= 4 * LongestName ? text : text[..(4 * LongestName)]);
        return masked.Length <= LongestName ? masked : masked[..LongestName] + "…";
    }
}

/// <summary>How functions reach their draft.</summary>
internal static class AuditDrafts
{
    /// <summary>The draft of the running function; one that goes nowhere when the function is not audited.</summary>
    public static AuditDraft Audit(this HttpRequest request) => Audit(request.HttpContext);

    /// <summary>The draft of the running function; one that goes nowhere when the function is not audited.</summary>
    public static AuditDraft Audit(this HttpContext http)
        => http.Items.TryGetValue(typeof(AuditDraft), out var draft) ? (AuditDraft)draft! : new AuditDraft(new AuditEntry { Id = "", TimeUtc = default, Who = "", Action = "" }, null);
}
