using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using MimeKit;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Mails about the end of jobs, taken by a real mail server (guide 4.2.1; issue "Notifications").</summary>
public sealed class NotificationTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Every activity comes twice here, and one recipient of three is refused.</summary>
    [Fact]
    public async Task Each_recipient_is_told_once_how_the_job_ended()
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail, ("Chaos:DuplicateActivities", 1), ("Chaos:LateMs", 50));
        var import = await NewImportAsync(app, "ann@example.com; refused@example.com;\nbob@example.com");

        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var job = await EndAsync(import);
        var first = await TakenAsync("completed", 2);
        Assert.Equal(["ann@example.com", "bob@example.com"], first.Select(m => m.To).Order());
        Assert.All(first, m => Assert.Equal((true, "mailer", "points@example.com"), (m.Secure, m.User, m.From)));
        Assert.All(first, m => Assert.Equal((m.To, "auto-generated"), (Assert.Single(m.Message.To.Mailboxes).Address, m.Message.Headers[HeaderId.AutoSubmitted])));
        Assert.Equal(2, first.Select(m => m.Message.MessageId).Distinct().Count());
        Assert.All(first, m => Assert.StartsWith(job, m.Message.MessageId, StringComparison.Ordinal));
        var warning = Assert.Single(await WarningsAsync(app, job));
        Assert.Contains(" | notification-refused |  | job | warning | ", warning, StringComparison.Ordinal);
        Assert.Contains("refused@example.com", warning, StringComparison.Ordinal);
        Assert.Contains("550", warning, StringComparison.Ordinal);
        Assert.Equal("Completed", (await import.JobAsync(job)).Text("status"));

        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", ""), ("SECRET-7", "secret-place.pdf")));
        await EndAsync(import);
        foreach (var taken in await TakenAsync("completed with errors", 4))
        {
            Assert.Contains("Transferred:    1\n", Body(taken), StringComparison.Ordinal);
            Assert.Contains(", line 3, field \"Native Path\"\n", Body(taken), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", taken.Raw + Body(taken), StringComparison.OrdinalIgnoreCase);
        }

        await app.Blobs.Staging.GetBlobClient($"{import.Folder}/in/small.dat").DeleteAsync(cancellationToken: Stop);
        await EndAsync(import);
        await TakenAsync("failed", 6);

        await LeftJobTests.LeaveAsync(import, entered: true);
        using (var stop = await app.Http.PostAsync($"jobs/{LeftJobTests.Id}/stop", null, Stop)) Assert.True(stop.IsSuccessStatusCode);
        await TakenAsync("stopped", 8);

        async Task<IReadOnlyList<TakenMail>> TakenAsync(string outcome, int count)
        {
            var all = await mail.UntilAsync(count, app);
            Assert.Equal(count, all.Count);
            Assert.All(all.Skip(count - 2), m => Assert.Equal($"Integration point \"Sample\": {outcome}", m.Message.Subject));
            return [.. all.Skip(count - 2)];
        }
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_recipient_who_has_to_wait_delays_no_other_and_is_noted_when_attempts_are_over()
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail);
        var import = await NewImportAsync(app, "later@example.com;ann@example.com");
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var job = await EndAsync(import);
        var warning = Assert.Single(await WarningsAsync(app, job));
        Assert.Contains(" | notification-failed |  | job | warning | ", warning, StringComparison.Ordinal);
        Assert.Contains("sent to \"later@example.com\".", warning, StringComparison.Ordinal);
        // Six attempts were made; she is told once all the same.
        Assert.Equal("ann@example.com", Assert.Single(mail.Mails).To);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_mail_server_that_was_down_gets_the_mail_when_it_is_back()
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail, ("Jobs:FirstRetrySeconds", 2));
        var import = await NewImportAsync(app, "ann@example.com");
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        await mail.StopAsync();
        var job = await EndAsync(import);
        await Until.TrueAsync(() => Task.FromResult(app.Log.Any(l => l.Contains("could not be reached", StringComparison.Ordinal))), Patience, () => app.Failed("Nothing was tried.").Message);
        await mail.StartAsync();
        Assert.Equal("ann@example.com", Assert.Single(await mail.UntilAsync(1, app)).To);
        Assert.Empty(await Snapshot.ProblemsAsync(app.Http, job, "warnings"));
    }

    public static TheoryData<string, string, string, string> Hindrances => new()
    {
        { "server down", SmtpServer.Password, "SmtpPort=1", "could not be reached" },
        { "wrong password", "a wrong secret", "SmtpPort=", "did not accept the user name or its password" },
        { "certificate of an authority that nobody trusts", SmtpServer.Password, "SSL_CERT_FILE=", "certificate could not be verified" },
        { "password without encryption", SmtpServer.Password, "SmtpUseStartTls=no", "over an encrypted connection only" },
        { "server that nobody opened", SmtpServer.Password, "AllowedHosts=127.0.0.1:2", "can open this host and port by the setting AllowedHosts" },
        { "password that was never put into the vault", "@Microsoft.KeyVault(SecretUri=https://kv-x.vault.azure.net/secrets/smtp-password)", "SmtpPort=", "is not in the key vault" },
        { "no sender", SmtpServer.Password, "EmailFrom=", "EmailFrom is blank" },
    };

    [Theory, Trait("Speed", "Slow"), MemberData(nameof(Hindrances))]
    public async Task What_keeps_mails_from_going_out_is_noted_on_the_job_and_fails_nothing(string what, string password, string change, string words)
    {
        Assert.NotEmpty(what);
        var (name, value) = (change.Split('=')[0], change.Split('=')[1]);
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail, name == "SSL_CERT_FILE" ? [(name, "/dev/null"), ("Smtp:Password", password)] : [("Smtp:Password", password)]);
        if (name is "EmailFrom" or "AllowedHosts" || name.StartsWith('S') && value.Length > 0) await SetAsync(app, name, value);
        var import = await NewImportAsync(app, "ann@example.com");
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var job = await EndAsync(import);

        var warning = Assert.Single(await WarningsAsync(app, job));
        Assert.Contains(" | notification-failed |  | job | warning | ", warning, StringComparison.Ordinal);
        Assert.Contains(words, warning, StringComparison.Ordinal);
        Assert.Equal("Completed", (await import.JobAsync(job)).Text("status"));
        Assert.Empty(await Snapshot.ProblemsAsync(app.Http, job, "errors"));
        Assert.Empty(mail.Mails);
        Assert.DoesNotContain(password, string.Join('\n', app.Log) + warning + await app.Http.GetStringAsync("settings", Stop), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, bool> Hosts => new()
    {
        { "localhost", "LOCALHOST.", true },
        // Whoever may set SmtpServer could otherwise have the password sent to a server of their own.
        { "localhost", "127.0.0.1", false },
        { "127.0.0.1", "", false },
    };

    [Theory, Trait("Speed", "Slow"), MemberData(nameof(Hosts))]
    public async Task The_password_goes_to_the_host_that_it_was_set_for_and_to_no_other(string server, string passwordHost, bool isSent)
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail, ("Smtp:Host", passwordHost));
        await SetAsync(app, "SmtpServer", server);
        var import = await NewImportAsync(app, "ann@example.com");
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var job = await EndAsync(import);
        if (isSent)
        {
            Assert.Equal("mailer", Assert.Single(await mail.UntilAsync(1, app)).User);
            return;
        }
        Assert.Contains("was not set for the server", Assert.Single(await WarningsAsync(app, job)), StringComparison.Ordinal);
        // The server knows user and password: had they come there, the mail would have, too.
        Assert.Empty(mail.Mails);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task No_mail_is_sent_while_no_server_is_set()
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail);
        // That no connection may go there is said when it is set, not only when a mail is due; what was opened is not warned of, and nothing is refused.
        Assert.Contains("its address is private. Connections go to public addresses only. An administrator can open", await SetAsync(app, "SmtpServer", "10.0.0.1"), StringComparison.Ordinal);
        Assert.Equal("", await SetAsync(app, "SmtpServer", "127.0.0.1"));
        Assert.Contains($"\"127.0.0.1:{mail.Port}\" is not on the public network", await SetAsync(app, "AllowedHosts", "127.0.0.1:1"), StringComparison.Ordinal);
        Assert.Equal("", await SetAsync(app, "AllowedHosts", $"127.0.0.1:{mail.Port}"));
        Assert.Contains("is loopback", await SetAsync(app, "SmtpPort", "25"), StringComparison.Ordinal);
        Assert.Equal("", await SetAsync(app, "SmtpPort", $"{mail.Port}"));
        Assert.Equal("", await SetAsync(app, "SmtpServer", ""));
        var import = await NewImportAsync(app, "ann@example.com");
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var quiet = await EndAsync(import);
        await Until.TrueAsync(() => IsOverAsync(app, quiet), Patience, () => app.Failed("The job does not end.").Message);
        await SetAsync(app, "SmtpServer", "127.0.0.1");
        var told = await EndAsync(import);
        Assert.StartsWith(told, Assert.Single(await mail.UntilAsync(1, app)).Message.MessageId, StringComparison.Ordinal);
        Assert.Empty(await Snapshot.ProblemsAsync(app.Http, quiet, "warnings"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Jobs_that_end_without_their_orchestration_are_told_of_too()
    {
        await using var mail = await SmtpServer.NewAsync();
        await using var app = await NewAppAsync(mail, ("Jobs:PatienceSeconds", 0));
        await SetAsync(app, "MaxFailedScheduledJobsCount", "1");
        // One whose orchestration is over without a final status.
        var left = await NewImportAsync(app, "ann@example.com");
        await left.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "")));
        var job = await EndAsync(left);
        await mail.UntilAsync(1, app);
        // One whose schedule has failed too often, so that the run that is due is refused.
        var refused = await left.PointAsync("Scheduled", "in/nothing.dat", body =>
        {
            body["notificationRecipients"] = "bob@example.com";
            body["schedule"] = JsonSerializer.SerializeToNode(new { startDate = "2026-01-01", localTime = DateTime.UtcNow.AddHours(12).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) });
        });
        await app.Tables.Schedules.CountAsync(refused.Workspace, refused.Point, DateTimeOffset.UtcNow, true, Stop);
        Assert.True(await app.Tables.Schedules.TryAdvanceAsync((await app.Tables.Schedules.FindAsync(refused.Workspace, refused.Point, Stop))!, DateTimeOffset.UtcNow.AddSeconds(-1), Stop));
        await app.KillAsync();
        var row = (await app.Tables.History.GetAsync(job, Stop))!;
        Assert.True(await app.Tables.History.TryUpdateAsync(row with { Status = JobStatus.Processing, EndedUtc = null }, Stop));
        await app.Blobs.Jobs.DeleteBlobIfExistsAsync((await NoteAsync(app, job)), cancellationToken: Stop);
        await left.HoldAsync(job);

        app.MissTimers();
        await app.StartAsync();
        var mails = (await mail.UntilAsync(3, app)).Skip(1).OrderBy(m => m.To).ToList();
        Assert.Equal(["ann@example.com", "bob@example.com"], mails.Select(m => m.To));
        Assert.Equal(["Integration point \"Sample\": failed", "Integration point \"Scheduled\": failed"], mails.Select(m => m.Message.Subject));
        // The same recipient of the same job: whoever reads both can see that it is one.
        Assert.Equal(mail.Mails[0].Message.MessageId, mails[0].Message.MessageId);
    }

    private static async Task<string> NoteAsync(AppProcess app, string job)
    {
        await foreach (var blob in Storage.Blobs.ListAsync(app.Blobs.Jobs, $"{job}/notified/", Stop))
            if (blob.Name.EndsWith(".json", StringComparison.Ordinal)) return blob.Name;
        throw app.Failed("No note was written.");
    }

    private static Task<SampleImport> NewImportAsync(AppProcess app, string recipients) => SampleImport.NewSmallAsync(app, body =>
    {
        body["notificationRecipients"] = recipients;
        body["runOnUpload"] = false;
    });

    private static async Task<string> EndAsync(SampleImport import)
    {
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        return job;
    }

    private static async Task<bool> IsOverAsync(AppProcess app, string job)
    {
        await app.StopAsync();
        var over = app.IsOver(job);
        await app.StartAsync();
        return over;
    }

    private static async Task<IReadOnlyList<string>> WarningsAsync(AppProcess app, string job)
    {
        IReadOnlyList<string> warnings = [];
        await Until.TrueAsync(async () => (warnings = await Snapshot.ProblemsAsync(app.Http, job, "warnings")).Count > 0, Patience, () => app.Failed("No warning came.").Message);
        return warnings;
    }

    private static string Body(TakenMail mail) => mail.Message.TextBody!.ReplaceLineEndings("\n");

    // What the answer notes.
    private static async Task<string> SetAsync(AppProcess app, string name, string value)
    {
        using var set = await app.Http.PutAsJsonAsync($"settings/{name}", new { value }, Stop);
        var answer = await set.Content.ReadAsStringAsync(Stop);
        Assert.True(set.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement.TryGetProperty("note", out var note) ? note.GetString() ?? "" : "";
    }

    private async Task<AppProcess> NewAppAsync(SmtpServer mail, params (string Name, object Value)[] settings)
    {
        (string, object)[] usual = [("SSL_CERT_FILE", mail.Authority), ("Smtp:Host", "127.0.0.1"), ("Smtp:Password", SmtpServer.Password), ("Smtp:CheckRevocation", false)];
        var app = await servers.NewAppAsync([.. usual, .. settings]);
        // Port 1 is open to the app, and nobody listens there.
        foreach (var (name, value) in new[] { ("AllowedHosts", $"127.0.0.1:{mail.Port}, 127.0.0.1:1"), ("SmtpServer", "127.0.0.1"), ("SmtpPort", $"{mail.Port}"), ("SmtpUserName", SmtpServer.User), ("EmailFrom", "points@example.com") })
            await SetAsync(app, name, value);
        return app;
    }
}
