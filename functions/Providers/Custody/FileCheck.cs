using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>Reads files again and compares them with what the manifest says of them.</summary>
internal sealed class FileCheck(Blobs blobs, IRecords records)
{
    private const int AtOnce = 8;

    /// <summary>Reads the files of some rows.</summary>
    public async Task<VerifiedPart> RunAsync(PreparedJob prepared, IReadOnlyList<ManifestRow> rows, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<(int Index, VerificationCounts Counts, FileDifference? Difference)>();
        var inRecords = rows.Index().Where(r => r.Item.File.Place == FilePlace.Record).ToList();
        var keys = inRecords.Select(r => Key(prepared, r.Item.Identifier)).ToList();
        var items = keys.Count == 0 ? [] : await records.ReadManyAsync(keys, cancellationToken);
        foreach (var ((index, row), item) in inRecords.Zip(items)) found.Add(In(index, TextIn(item, row.File), row));
        await Parallel.ForEachAsync(
            rows.Index().Where(r => r.Item.File.Place != FilePlace.Record),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (row, token) => found.Add(In(row.Index, await FileAsync(row.Item, token), row.Item)));
        var all = found.OrderBy(f => f.Index).ToList();
        return new VerifiedPart(all.Aggregate(new VerificationCounts(), (sum, f) => sum + f.Counts), [.. all.Select(f => f.Difference).OfType<FileDifference>()]);
    }

    /// <summary>Reads one file that is no row of the manifest.</summary>
    public static async Task<VerifiedPart> RunAsync(BlobContainerClient container, string kind, ManifestFile file, CancellationToken cancellationToken)
    {
        var (counts, difference) = await CompareAsync(container, new Expected(kind, file.Name, file.Bytes, file.Sha256, null), cancellationToken);
        return new VerifiedPart(counts, difference is null ? [] : [difference]);
    }

    private static ItemKey Key(PreparedJob prepared, string identifier)
        => Identifier.Key(prepared.Workspace.Id, prepared.Workspace.Buckets, prepared.ObjectType.Name, identifier);

    private static (int, VerificationCounts, FileDifference?) In(int index, (VerificationCounts Counts, FileDifference? Difference) result, ManifestRow row)
        => (index, result.Counts, result.Difference is null ? null : result.Difference with { Line = row.Line, Identifier = row.Identifier });

    private Task<(VerificationCounts, FileDifference?)> FileAsync(ManifestRow row, CancellationToken cancellationToken)
    {
        var file = row.File;
        var expected = new Expected(ManifestRow.Word(file.Kind), file.Path, file.Bytes, file.Sha256, file.Md5);
        return CompareAsync(file.Place == FilePlace.Staging ? blobs.Staging : blobs.Files, expected, cancellationToken);
    }

    private static async Task<(VerificationCounts, FileDifference?)> CompareAsync(BlobContainerClient container, Expected file, CancellationToken cancellationToken)
    {
        BlobDigest digest;
        try
        {
            digest = await BlobDigest.ReadAsync(container, file.Path, etag: null, withMd5: file is { Sha256: null, Md5: not null }, cancellationToken);
        }
        catch (BlobMissingException)
        {
            return Missing(file, "file-missing", "The file is not there any more.");
        }
        if (digest.Bytes != file.Bytes) return Differs(file, "size-differs", digest, $"The file had {Bytes(file.Bytes)} when the job ran and has {Bytes(digest.Bytes)} now.");
        if (file.Sha256 is not null && digest.Sha256 != file.Sha256)
            return Differs(file, "hash-differs", digest, "The file has the same size as when the job ran, but its SHA-256 is another: bytes of it were changed.");
        if (file.Sha256 is null && digest.Md5 != file.Md5)
            return Differs(file, "hash-differs", digest, "The file has the same size as when the job ran, but its MD5 is not the one that storage kept then: bytes of it were changed.");
        return (new VerificationCounts { Files = 1, Equal = 1, WithoutHash = file.Sha256 is null ? 1 : 0, Bytes = digest.Bytes }, null);
    }

    private static (VerificationCounts, FileDifference?) TextIn(StoredItem? item, KeptFile file)
    {
        var expected = new Expected(ManifestRow.Word(file.Kind), file.Path, file.Bytes, file.Sha256, null);
        if (item is null) return Missing(expected, "record-missing", "The record that held the text is not there any more.");
        var value = RecordJson.Read(item.Body.Span).ValueOf(file.Path);
        if (value is TextReference other)
            return Differs(expected, "text-differs", null, $"The record holds another text now, of {Bytes(other.Bytes)}: somebody changed it, or another job overlaid it.");
        var bytes = Encoding.UTF8.GetBytes(value as string ?? "");
        var digest = new BlobDigest(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return digest.Sha256 == file.Sha256
            ? (new VerificationCounts { Files = 1, Equal = 1, Bytes = digest.Bytes }, null)
            : Differs(expected, "text-differs", digest, "The record holds another text now than the one that was imported: somebody changed it, or another job overlaid it.");
    }

    private static (VerificationCounts, FileDifference?) Missing(Expected file, string code, string error)
        => (new VerificationCounts { Files = 1, Missing = 1 }, Difference(file, code, error));

    private static (VerificationCounts, FileDifference?) Differs(Expected file, string code, BlobDigest? found, string error)
        => (new VerificationCounts { Files = 1, Differing = 1, Bytes = found?.Bytes ?? 0 },
            Difference(file, code, error) with { FoundBytes = found?.Bytes, FoundSha256 = found?.Sha256 });

    private static FileDifference Difference(Expected file, string code, string error) => new()
    {
        Kind = file.Kind,
        Path = file.Path,
        Code = code,
        Error = error,
        ExpectedBytes = file.Bytes,
        ExpectedSha256 = file.Sha256,
    };

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");

    private sealed record Expected(string Kind, string Path, long Bytes, string? Sha256, string? Md5);
}
