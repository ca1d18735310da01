using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>
/// Reads the files that nobody reads otherwise, because storage copies them by itself or they are linked, for their SHA-256: the version that was
/// found, which is also the one that is copied.
/// </summary>
internal sealed class FileHashes(Blobs blobs, string loadFile)
{
    private const int AtOnce = 8;

    /// <summary>The same decisions with the hashes of their files; a record whose file is not what it was is rejected.</summary>
    public async Task<IReadOnlyList<Decision>> AddAsync(IReadOnlyList<Decision> group, CancellationToken cancellationToken)
    {
        var hashed = group.ToArray();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, hashed.Length).Where(i => hashed[i].Outcome != Outcome.Reject && hashed[i].Files.Any(IsUnread)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => hashed[i] = await AddAsync(hashed[i], token));
        return hashed;
    }

    private static bool IsUnread(KeptFile file) => file is { Sha256: null, From: not null };

    private async Task<Decision> AddAsync(Decision decision, CancellationToken cancellationToken)
    {
        var files = new List<KeptFile>(decision.Files.Count);
        foreach (var file in decision.Files)
        {
            try
            {
                files.Add(IsUnread(file)
                    ? file with { Sha256 = (await BlobDigest.ReadAsync(blobs.Staging, file.From!.Name, file.From.ETag, withMd5: false, cancellationToken)).Sha256 }
                    : file);
            }
            catch (Exception e) when (e is BlobChangedException or BlobMissingException)
            {
                return new Decision
                {
                    Line = decision.Line,
                    Offset = decision.Offset,
                    Length = decision.Length,
                    Outcome = Outcome.Reject,
                    SourceId = decision.SourceId,
                    Problems = [Problem.Item(
                        loadFile, "file-changed", decision.Line, decision.SourceId, null,
                        $"The file {Words.Quote(file.From!.Name)} was replaced or removed while the job ran. Import the error file to load the record with the file that is there now.")],
                };
            }
        }
        return decision with { Files = files };
    }
}
