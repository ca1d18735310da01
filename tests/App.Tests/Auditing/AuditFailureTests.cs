using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>What happens while the table of the audit refuses what is written to it: nothing is done, or handed out, of which it would not know.</summary>
[Collection(Servers.Gated)]
public sealed class AuditFailureTests(Servers servers)
{
    private const string Folders = "workspaces/{ws}/folders", Notes = "^POST .*/AuditOpen$", Entries = "^POST .*/Audit$";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_be_noted_is_not_begun()
    {
        var (gate, api) = await NewAsync();
        using (gate.Refusing(Notes))
        {
            var refused = await api.PostAsync(Folders, """{"path":"A"}""");
            Assert.Equal((503, "audit-unavailable"), (refused.Status, refused.Code));
            Assert.Contains("nothing was done", refused.Text, StringComparison.Ordinal);
        }
        Assert.Empty(await PathsAsync(api));
        Assert.Equal(201, (await api.PostAsync(Folders, """{"path":"A"}""")).Status);
    }

    [Fact]
    public async Task What_was_done_and_cannot_be_entered_keeps_its_note_and_is_entered_later()
    {
        var (gate, api) = await NewAsync();
        using (gate.Refusing(Entries))
        {
            var refused = await api.PostAsync(Folders, """{"path":"A"}""");
            Assert.Equal((503, "audit-unavailable"), (refused.Status, refused.Code));
            Assert.Contains("This was carried out", refused.Text, StringComparison.Ordinal);
            Assert.Equal(["A"], await PathsAsync(api));
            var note = Assert.Single(await OpenAsync(api));
            Assert.Equal("create-folder", note.Action);
        }
        await Until.TrueAsync(async () => await AuditedAsync(api, "create-folder") is ["done A"], TimeSpan.FromMinutes(5), () => api.App.Failed("The entry is not written.").Message);
        await Until.TrueAsync(async () => (await OpenAsync(api)).Count == 0, TimeSpan.FromMinutes(5), () => api.App.Failed("The note stays.").Message);
    }

    [Fact]
    public async Task What_cannot_be_entered_is_not_handed_out_and_a_refusal_is_not_told()
    {
        var (gate, api) = await NewAsync();
        var member = await Member.NewAsync(api, [Permission.To(Right.View, SecuredObject.Workspace)]);
        const string Records = "workspaces/{ws}/object-types/Document/records";
        using (gate.Refusing(Entries))
        {
            var (records, refusal) = (await api.GetAsync(Records), await member.Api.GetAsync(Records));
            Assert.Equal((503, "audit-unavailable"), (records.Status, records.Code));
            Assert.DoesNotContain("items", records.Text, StringComparison.Ordinal);
            Assert.Equal((503, "audit-unavailable"), (refusal.Status, refusal.Code));
        }
        Assert.Equal((200, 403), ((await api.GetAsync(Records)).Status, (await member.Api.GetAsync(Records)).Status));
    }

    /// <summary>As after a crash between what was done and its entry, also when the table fails once more.</summary>
    [Fact]
    public async Task A_note_that_a_crash_left_becomes_an_entry_whose_outcome_is_not_known()
    {
        var (gate, api) = await NewAsync();
        var trail = new AuditTrail(api.App.Tables, TimeProvider.System, NullLogger<AuditTrail>.Instance);
        AuditEntry Note(string action, TimeSpan age) => new() { Id = $"{Guid.NewGuid():n}", TimeUtc = DateTimeOffset.UtcNow - age, Workspace = api.Workspace, Who = "jane", Action = action };
        var (left, running) = (Note("left", AuditTrail.LongestRequest + TimeSpan.FromMinutes(1)), Note("running", TimeSpan.FromMinutes(1)));
        var gated = new AuditTrail(JobTables.Connect(gate.Account, null), TimeProvider.System, NullLogger<AuditTrail>.Instance);
        using (gate.Refusing(Entries))
        {
            foreach (var note in (AuditEntry[])[left, running]) await api.App.Tables.Audit.OpenAsync(note, Stop);
            await gated.TakeUpAsync(Stop);
            Assert.Equal(2, (await OpenAsync(api)).Count);
        }
        await gated.TakeUpAsync(Stop);
        await trail.TakeUpAsync(Stop);
        Assert.Equal(["unknown "], await AuditedAsync(api, "left"));
        Assert.Equal("running", Assert.Single(await OpenAsync(api)).Action);
    }

    private static async Task<IReadOnlyList<AuditEntry>> OpenAsync(Api api)
        => [.. (await api.App.Tables.Audit.LeftOpenAsync(DateTimeOffset.MaxValue, Stop)).Where(e => e.Workspace == api.Workspace)];

    private static async Task<List<string>> AuditedAsync(Api api, string action)
        => [.. (await api.GetAsync($"workspaces/{{ws}}/audit?action={action}")).Json["items"]!.AsArray().Select(e => $"{e!["outcome"]} {e["on"]?["name"]}")];

    private static async Task<IEnumerable<string>> PathsAsync(Api api)
        => (await api.GetAsync(Folders)).Json["items"]!.AsArray().Select(f => f!["path"]!.GetValue<string>());

    private async Task<(StoreGate Gate, Api Api)> NewAsync()
    {
        var (gate, app) = await servers.GatedAsync();
        return (gate, await Api.NewAsync(app));
    }
}
