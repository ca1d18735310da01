using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.App.Notifications;
using IntegrationPoints.App.Telemetry;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Whom to tell of which job's end.</summary>
public sealed record NotifyRequest(string JobId)
{
    /// <summary>Whether nobody tries again afterwards: what does not work now is noted on the job.</summary>
    public bool Last { get; init; }
}

/// <summary>
/// Tells the recipients of an integration point how its job ended (guide 4.2.1): one mail for each, and a note in storage after each, so that a
/// repetition leaves out who has it. Between a mail and its note a crash may come: then the mail comes twice, with the same Message-Id.
/// </summary>
public sealed class NotifyJob(JobFiles files, JobTables tables, Blobs blobs, Mailer mailer, TimeProvider time)
{
    private const string Domain = "notification.integration-points";

    /// <summary>Sends what was not sent yet. Nothing of it changes how the job ended.</summary>
    /// <exception cref="MailException">The server, or a recipient, takes no mail for now, and this is not the last attempt.</exception>
    [Function(nameof(NotifyJob))]
    public async Task RunAsync([ActivityTrigger] NotifyRequest request, CancellationToken cancellationToken)
    {
        using var span = JobTrace.Step(nameof(NotifyJob), request.JobId);
        var job = await files.JobAsync(request.JobId, cancellationToken);
        var recipients = Recipients.Of(job.Point.NotificationRecipients);
        if (recipients.Count == 0 || await tables.History.GetAsync(job.Id, cancellationToken) is not { } ended || !ended.Status.IsFinal()) return;
        if (await mailer.ServerAsync(cancellationToken) is not { } server) return;

        await using var turn = await BlobTurn.TakeAsync(blobs.Jobs, JobFiles.NotifyingName(job.Id), time, cancellationToken);
        var told = new Dictionary<string, Told>();
        foreach (var recipient in recipients)
        {
            if (await files.ReadAsync<Told>(NoteName(job, recipient), cancellationToken) is { } note) told[recipient] = note;
        }
        List<string> left = [.. recipients.Where(r => !told.ContainsKey(r))];
        string? failure = null;
        try
        {
            if (left.Count > 0) failure = await SendAsync(server, turn, job, ended, left, told, cancellationToken);
            if (failure is not null && !request.Last) throw new MailException(failure, forGood: false);
        }
        catch (MailException e) when (e.ForGood || request.Last)
        {
            failure = e.Message;
        }
        await NoteAsync(job, recipients, told, failure, cancellationToken);
    }

    // Answers with why somebody has to wait; null when nobody has.
    private async Task<string?> SendAsync(
        MailServer server, BlobTurn turn, Job job, JobHistory ended, List<string> left, Dictionary<string, Told> told, CancellationToken cancellationToken)
    {
        var errors = await tables.Errors.ListAsync(job.Id, Notification.MostErrors + 1, null, cancellationToken);
        var notification = Notification.Of(job, ended, FileOf(job), [.. errors.Items.Select(e => e.Problem)]);
        string? delay = null;
        await using var session = await mailer.OpenAsync(server, cancellationToken);
        foreach (var recipient in left)
        {
            await turn.RenewAsync(cancellationToken);
            var delivery = await session.SendAsync(notification, $"{job.Id}.{Mark(recipient)}@{Domain}", recipient, cancellationToken);
            if (delivery is { Refusal: { } refusal, ForGood: false })
            {
                delay = $"The mail server answered {refusal}.";
                continue;
            }
            told[recipient] = await files.DecideAsync(NoteName(job, recipient), new Told(delivery.Refusal), cancellationToken);
        }
        return delay;
    }

    private async Task NoteAsync(
        Job job, IReadOnlyList<string> recipients, Dictionary<string, Told> told, string? failure, CancellationToken cancellationToken)
    {
        var warnings = new List<Problem>();
        foreach (var recipient in recipients)
        {
            if (told.GetValueOrDefault(recipient) is { Refusal: { } refusal })
                warnings.Add(Warning("notification-refused", $"The notification to {Words.Quote(recipient)} was refused; the other recipients are not concerned. The mail server answered {refusal}. Correct the address in the integration point."));
        }
        if (failure is not null)
        {
            var without = recipients.Where(r => !told.ContainsKey(r)).ToList();
            warnings.Add(Warning("notification-failed", $"The notification of the job's end could not be sent to {Words.List(without)}. {failure} The job itself is not concerned."));
        }
        await tables.Warnings.AddAsync(job, -1, warnings, time.GetUtcNow(), cancellationToken);
    }

    private static Problem Warning(string code, string message) => new(code, message) { Level = ProblemLevel.Job, Severity = ProblemSeverity.Warning };

    private static string? FileOf(Job job)
    {
        try
        {
            return Sources.FileOf(job.Point.Source);
        }
        catch (ConfigurationException)
        {
            // That its settings cannot be read is what the job failed for.
            return null;
        }
    }

    private static string NoteName(Job job, string recipient) => JobFiles.NotifiedName(job.Id, Mark(recipient));

    private static string Mark(string recipient) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(recipient.ToLowerInvariant())).AsSpan(0, 16));

    /// <summary>The note that a recipient needs no further mail.</summary>
    /// <param name="Refusal">What the server answered when it refused the recipient for good; null: the mail is sent.</param>
    private sealed record Told(string? Refusal);
}
