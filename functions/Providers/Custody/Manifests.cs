using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>The head of a manifest: what was imported or exported, how, and what it came to. Nothing secret is in it: secrets are no settings.</summary>
public sealed record ManifestHead
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The destination workspace's id.</summary>
    public required string Workspace { get; init; }

    /// <summary>The integration point's id.</summary>
    public required string IntegrationPoint { get; init; }

    /// <summary>The integration point's name when the job started.</summary>
    public required string Name { get; init; }

    /// <summary>Who started the job.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>When the manifest was written: the end of the job.</summary>
    public DateTimeOffset WrittenUtc { get; init; }

    /// <summary>The load file; null where the source is none.</summary>
    public ManifestFile? LoadFile { get; init; }

    /// <summary>How it was read.</summary>
    public required ProviderSettings Source { get; init; }

    /// <summary>How records were written; null of an export.</summary>
    public ImportSettings? Import { get; init; }

    /// <summary>How they were exported; null of an import.</summary>
    public ProviderSettings? Destination { get; init; }

    /// <summary>What became of the records.</summary>
    public required JobCounts Counts { get; init; }

    /// <summary>The files that they brought: the rows of the manifest.</summary>
    public required FileCounts Files { get; init; }

    /// <summary>The manifest itself, a CSV: when its hash is another, somebody changed it.</summary>
    public required ManifestFile Manifest { get; init; }
}

/// <summary>A file by its version and content.</summary>
/// <param name="Name">Its path in its container.</param>
/// <param name="ETag">Its version; null of what the job wrote itself.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The SHA-256 of all its bytes, in small hexadecimal digits; null when the version was replaced before it could be read whole.</param>
public sealed record ManifestFile(string Name, string? ETag, long Bytes, string? Sha256)
{
    /// <summary>The blob in the container of jobs that was read, when the file lies in a package.</summary>
    public string? Unpacked { get; init; }
}

/// <summary>Writes the manifest of a job when it ends: the parts that its batches left are put together, nothing is written twice.</summary>
public sealed class Manifests(Blobs blobs, JobFiles files, JobTables tables, TimeProvider time)
{
    /// <summary>Writes manifest and head. May be repeated; the head comes last and decides, and with it there is nothing left to do.</summary>
    /// <param name="job">The job.</param>
    /// <param name="prepared">What it was frozen with.</param>
    /// <param name="more">The files of an export that no batch wrote: their rows, and those of the batches, are in the manifest already.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task WriteAsync(Job job, PreparedJob prepared, FileCounts more, CancellationToken cancellationToken)
    {
        if (await HeadAsync(job.Id, cancellationToken) is not null) return;
        var (counts, fileCounts) = prepared.Export is null ? await JoinAsync(job.Id, cancellationToken) : await CountAsync(job.Id, cancellationToken);
        var manifest = await ReadAsync(JobFiles.ManifestName(job.Id), cancellationToken);
        await files.DecideAsync(
            JobFiles.ManifestHeadName(job.Id),
            new ManifestHead
            {
                JobId = job.Id,
                Workspace = job.Point.Workspace,
                IntegrationPoint = job.Point.Id,
                Name = job.Point.Name,
                StartedBy = job.StartedBy,
                StartedUtc = job.StartedUtc,
                WrittenUtc = time.GetUtcNow(),
                LoadFile = await LoadFileAsync(prepared.Layout, cancellationToken),
                Source = job.Point.Source,
                Import = prepared.Export is null ? job.Point.Import : null,
                Destination = job.Point.Destination,
                Counts = counts,
                Files = fileCounts + more,
                Manifest = manifest,
            },
            cancellationToken);
    }

    /// <summary>The head of a job's manifest; null when there is none.</summary>
    public Task<ManifestHead?> HeadAsync(string job, CancellationToken cancellationToken)
        => files.ReadAsync<ManifestHead>(JobFiles.ManifestHeadName(job), cancellationToken);

    private async Task<(JobCounts Counts, FileCounts Files)> JoinAsync(string job, CancellationToken cancellationToken)
    {
        var blob = new JoinedBlob(blobs.Jobs, JobFiles.ManifestName(job));
        var known = await blob.PartsAsync(cancellationToken);
        var (counts, fileCounts, parts) = (new JobCounts(), new FileCounts(), new List<string> { ManifestPart.Head });
        await foreach (var result in tables.Batches.ListAsync(job, cancellationToken))
        {
            counts += result.Counts;
            fileCounts += result.Files;
            if (result.Files.Files == 0) continue;
            // Its attempt died before, or the job stood still for longer than storage remembers.
            if (!known.Contains(ManifestPart.Name(result.Batch))) await ManifestPart.StageAgainAsync(blobs, job, result, cancellationToken);
            parts.Add(ManifestPart.Name(result.Batch));
        }
        await blob.StageAsync(ManifestPart.Head, new MemoryStream(Encoding.UTF8.GetBytes(ManifestRow.Csv(ManifestRow.Columns))), cancellationToken);
        await blob.JoinAsync(parts, "text/csv; charset=utf-8", cancellationToken);
        return (counts, fileCounts);
    }

    private async Task<(JobCounts Counts, FileCounts Files)> CountAsync(string job, CancellationToken cancellationToken)
    {
        var (counts, fileCounts) = (new JobCounts(), new FileCounts());
        await foreach (var result in tables.Batches.ListAsync(job, cancellationToken)) (counts, fileCounts) = (counts + result.Counts, fileCounts + result.Files);
        return (counts, fileCounts);
    }

    private async Task<ManifestFile> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var digest = await BlobDigest.ReadAsync(blobs.Jobs, name, etag: null, withMd5: false, cancellationToken);
        return new ManifestFile(name, null, digest.Bytes, digest.Sha256);
    }

    // One more pass over the load file, so that its hash is the one that every other tool computes: a hash that is put together from pieces
    // would be ours alone. At storage's speed that is a small part of what transferring its records takes.
    private async Task<ManifestFile?> LoadFileAsync(SourceLayout layout, CancellationToken cancellationToken)
    {
        if (!layout.Frozen.ContainsKey(nameof(FrozenLoadFile.File))) return null;
        var frozen = FrozenLoadFile.From(layout);
        var file = new ManifestFile(frozen.File, frozen.ETag, frozen.Bytes, null) { Unpacked = frozen.Unpacked };
        try
        {
            return file with { Sha256 = (await BlobDigest.ReadAsync(frozen.Container(blobs), frozen.Blob, frozen.ETag, withMd5: false, cancellationToken)).Sha256 };
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            return file;
        }
    }
}
