using System.Globalization;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Reading the files of a job again, over HTTP.</summary>
public sealed class VerificationsApi(Existing existing, Verifier verifier, JobFiles files, Verifications verifications)
{
    /// <summary>Starts a verification.</summary>
    [Function(nameof(StartVerification))]
    [Needs(Operation.ViewFiles)]
    [Operation(
        "Reads every file that a job imported, and its load file, or that it exported, again, and compares sizes and SHA-256 with the manifest. While one of the job runs, it is the answer.",
        Status = 202, Answer = typeof(Verification))]
    public async Task<IActionResult> StartVerification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "jobs/{job}/verify")] HttpRequest request,
        string job,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var (row, _) = await existing.JobOfPointAsync(job, cancellationToken);
        var total = await verifier.TotalAsync(row.JobId, cancellationToken);
        if (total == 0)
        {
            throw RefusedException.Conflict("no-manifest", row.Status.IsFinal()
                ? "The job has no manifest, so that there is nothing to compare with: it transferred nothing."
                : "The job is still running; its manifest is written at the end. Verify it then.");
        }
        var started = await verifications.StartAsync(client, row, cancellationToken);
        request.Audit().Changed(row.JobId, row.Name, null, new { verification = started.Id });
        return Answer.Accepted(
            $"/api/jobs/{row.JobId}/verifications/{started.Id}", new Verification { Id = started.Id, JobId = row.JobId, StartedUtc = started.StartedUtc, Total = total });
    }

    /// <summary>Shows a verification.</summary>
    [Function(nameof(GetVerification))]
    [Needs(Operation.ViewFiles)]
    [Operation("One verification: how far it is, or what it came to, with the first differences.", Answer = typeof(Verification))]
    public async Task<IActionResult> GetVerification(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/verifications/{verification}")] HttpRequest request,
        string job,
        string verification,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => Answer.Ok(await FindAsync(job, verification, client, cancellationToken));

    /// <summary>Lists the differences that a verification found.</summary>
    [Function(nameof(ListDifferences))]
    [Needs(Operation.ViewFiles)]
    [Operation("All files that are not what they were, in the order of the manifest.", Answer = typeof(Listing<FileDifference>), Paged = true)]
    public async Task<IActionResult> ListDifferences(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/verifications/{verification}/differences")] HttpRequest request,
        string job,
        string verification,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = await FindAsync(job, verification, client, cancellationToken);
        var list = $"differences {found.JobId} {found.Id}";
        var (size, after) = (Paging.Size(request), Paging.After(request, list) ?? "0.0");
        var (part, index) = (Number(after.Split('.')[0]), Number(after.Split('.')[^1]));
        var items = new List<FileDifference>();
        await foreach (var verified in verifier.PartsAsync(found.JobId, found.Id, part, cancellationToken))
        {
            foreach (var difference in verified.Differences.Skip(index))
            {
                if (items.Count == size) return Answer.Ok(new Listing<FileDifference>(items, Paging.Token(list, string.Create(CultureInfo.InvariantCulture, $"{part}.{index}"))));
                items.Add(difference);
                index++;
            }
            (part, index) = (part + 1, 0);
        }
        return Answer.Ok(new Listing<FileDifference>(items));
    }

    private async Task<Verification> FindAsync(string job, string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (row, _) = await existing.JobOfPointAsync(job, cancellationToken);
        if (id.Length == JobIds.Length && id.All(char.IsAsciiHexDigitLower))
        {
            var instance = await client.GetInstanceAsync(Verifications.Instance(row.JobId, id), getInputsAndOutputs: true, cancellationToken);
            // The result is looked for second: an instance that has not ended now may have one by then, but not the other way round.
            if (await files.ReadAsync<Verification>(JobFiles.VerificationName(row.JobId, id), cancellationToken) is { } ended) return ended;
            if (instance is not null) return await NowAsync(row.JobId, id, instance, cancellationToken);
        }
        throw RefusedException.NotFound($"The job {row.JobId} has no verification {Words.Quote(id)}.");
    }

    private async Task<Verification> NowAsync(string job, string id, OrchestrationMetadata instance, CancellationToken cancellationToken) => new()
    {
        Id = id,
        JobId = job,
        StartedUtc = instance.CreatedAt,
        Total = await verifier.TotalAsync(job, cancellationToken),
        Counts = instance.ReadCustomStatusAs<VerificationCounts>() ?? new VerificationCounts(),
        Status = instance.IsCompleted ? VerificationStatus.Failed : VerificationStatus.Running,
        EndedUtc = instance.IsCompleted ? instance.LastUpdatedAt : null,
        Problem = instance.IsCompleted ? new Problem("verification-failed", "The verification ended before it had a result, as happens when storage cannot be reached for long. Verify the job again.") : null,
    };

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
