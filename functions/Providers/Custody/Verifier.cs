using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>
/// The steps of verifying a job: load file and manifest first, then the files of the manifest, part by part. Each step may be repeated: a part's
/// first result holds. Nothing but results is written.
/// </summary>
public sealed class Verifier(Blobs blobs, JobFiles files, Manifests manifests, IRecords records, TimeProvider time)
{
    // Of a part: minutes of reading at most, unless one file alone takes longer.
    private const int MostRows = 1000;
    private const long MostBytes = 1L << 30;
    private const int MostPieces = 32;

    /// <summary>Reads the load file and the manifest. A manifest that was changed cannot be relied on, so that nothing else is compared then.</summary>
    /// <returns>Whether the manifest is what it was.</returns>
    public async Task<(VerificationCounts Counts, bool IsManifestEqual)> BeginAsync(string job, string id, CancellationToken cancellationToken)
    {
        var head = (await manifests.HeadAsync(job, cancellationToken))!;
        var name = JobFiles.VerificationPartName(job, id, "files", 0);
        var part = await files.ReadAsync<VerifiedPart>(name, cancellationToken) ?? await files.DecideAsync(name, await ReadAsync(), cancellationToken);
        return (part.Counts, !part.Differences.Any(d => d.Kind == ManifestKind));

        async Task<VerifiedPart> ReadAsync()
        {
            var manifest = await FileCheck.RunAsync(blobs.Jobs, ManifestKind, head.Manifest, cancellationToken);
            if (head.LoadFile is null) return manifest;
            var loadFile = head.LoadFile.Unpacked is { } unpacked
                ? await FileCheck.RunAsync(blobs.Jobs, "load-file", head.LoadFile with { Name = unpacked }, cancellationToken)
                : await FileCheck.RunAsync(blobs.Staging, "load-file", head.LoadFile, cancellationToken);
            return new VerifiedPart(manifest.Counts + loadFile.Counts, [.. manifest.Differences, .. loadFile.Differences]);
        }
    }

    private const string ManifestKind = "manifest";

    /// <summary>Lays out the next parts: ranges of whole rows of the manifest.</summary>
    public async Task<ManifestPage> PlanAsync(string job, string id, VerificationCursor cursor, CancellationToken cancellationToken)
    {
        var name = JobFiles.VerificationPartName(job, id, "plan", cursor.Page);
        return await files.ReadAsync<ManifestPage>(name, cancellationToken)
            ?? await files.DecideAsync(name, await LayOutAsync(job, cursor, cancellationToken), cancellationToken);
    }

    private async Task<ManifestPage> LayOutAsync(string job, VerificationCursor cursor, CancellationToken cancellationToken)
    {
        await using var manifest = await OpenAsync(job, cursor.Offset, length: null, cancellationToken);
        var pieces = new List<ManifestPiece>();
        var (rows, bytes) = (0, 0L);
        await foreach (var row in ManifestRow.ReadAsync(manifest, cursor.Offset, cancellationToken))
        {
            if (rows == MostRows || bytes >= MostBytes || pieces.Count == 0)
            {
                if (pieces.Count == MostPieces) return new ManifestPage(pieces, new VerificationCursor(cursor.Page + 1, cursor.Piece + MostPieces, row.Position.Offset));
                pieces.Add(new ManifestPiece(cursor.Piece + pieces.Count, row.Position.Offset, 0));
                (rows, bytes) = (0, 0);
            }
            pieces[^1] = pieces[^1] with { Length = row.Position.Offset + row.Position.Length - pieces[^1].Offset };
            rows++;
            bytes += row.File.Bytes;
        }
        return new ManifestPage(pieces, null);
    }

    /// <summary>Reads the files of one part.</summary>
    public async Task<VerificationCounts> CheckAsync(string job, string id, int page, int piece, CancellationToken cancellationToken)
    {
        var name = JobFiles.VerificationPartName(job, id, "files", piece);
        if (await files.ReadAsync<VerifiedPart>(name, cancellationToken) is { } known) return known.Counts;
        var plan = (await files.ReadAsync<ManifestPage>(JobFiles.VerificationPartName(job, id, "plan", page), cancellationToken))!;
        var range = plan.Pieces[piece - plan.Pieces[0].Index];
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job), cancellationToken))!;
        await using var manifest = await OpenAsync(job, range.Offset, range.Length, cancellationToken);
        var rows = await ManifestRow.ReadAsync(manifest, range.Offset, cancellationToken).ToListAsync(cancellationToken);
        var part = await new FileCheck(blobs, records).RunAsync(prepared, rows, cancellationToken);
        return (await files.DecideAsync(name, part, cancellationToken)).Counts;
    }

    /// <summary>Puts down what it came to; <paramref name="failedStep"/>: what could not be done, in words, or null.</summary>
    public async Task FinishAsync(string job, string id, DateTimeOffset startedUtc, string? failedStep, CancellationToken cancellationToken)
    {
        var counts = new VerificationCounts();
        var differences = new List<FileDifference>();
        await foreach (var part in PartsAsync(job, id, 0, cancellationToken))
        {
            counts += part.Counts;
            differences.AddRange(part.Differences.Take(Verification.MostDifferences - differences.Count));
        }
        var verification = new Verification
        {
            Id = id,
            JobId = job,
            StartedUtc = startedUtc,
            EndedUtc = time.GetUtcNow(),
            Status = failedStep is not null ? VerificationStatus.Failed : counts.Equal < counts.Files ? VerificationStatus.Different : VerificationStatus.Equal,
            Total = await TotalAsync(job, cancellationToken),
            Counts = counts,
            Remark = counts.WithoutHash == 0 ? null
                : "Files without a SHA-256 in the manifest were compared by size, and by MD5 where storage had one: it copied them by itself when the job ran. Run the integration point with hashFiles to have all hashed.",
            Problem = failedStep is null ? null
                : new Problem("verification-failed", $"{failedStep} could not be done in any attempt, as happens when storage cannot be reached. Verify the job again."),
            Differences = differences,
        };
        await files.DecideAsync(JobFiles.VerificationName(job, id), verification, cancellationToken);
    }

    /// <summary>How many files there are to read.</summary>
    public async Task<long> TotalAsync(string job, CancellationToken cancellationToken)
        => await manifests.HeadAsync(job, cancellationToken) is { } head ? head.Files.Files + (head.LoadFile is null ? 1 : 2) : 0;

    /// <summary>The results of a verification's parts from one on, in the order of the manifest.</summary>
    public async IAsyncEnumerable<VerifiedPart> PartsAsync(
        string job, string id, int from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = from; ; number++)
        {
            if (await files.ReadAsync<VerifiedPart>(JobFiles.VerificationPartName(job, id, "files", number), cancellationToken) is not { } part) yield break;
            yield return part;
        }
    }

    private async Task<Stream> OpenAsync(string job, long offset, long? length, CancellationToken cancellationToken)
    {
        var name = JobFiles.ManifestName(job);
        var version = await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) ?? throw new BlobMissingException(blobs.Jobs.Name, name);
        return await Blobs.OpenRangeAsync(blobs.Jobs, name, offset, length, version.ETag, cancellationToken);
    }
}
