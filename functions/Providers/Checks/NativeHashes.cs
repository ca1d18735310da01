using System.Buffers;
using System.Security.Cryptography;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>A native and the hash that the load file gives it.</summary>
internal readonly record struct HashedNative(long Line, string Id, string Column, string Hash, SourceFile File);

/// <summary>Compares the hashes of a load file with the natives' bytes.</summary>
internal sealed class NativeHashes(Blobs blobs, Findings findings)
{
    // What a batch may read, so that it never takes longer than an activity may.
    private const long MostBytes = 8L * 1024 * 1024 * 1024;
    private const int PieceBytes = 256 * 1024;

    private long left = MostBytes;

    /// <summary>What the comparison came to.</summary>
    public HashCounts Counts { get; private set; } = new();

    /// <summary>The hash as it is compared: upper case, without blanks and dashes; null when it is none.</summary>
    public static string? Clean(string cell)
    {
        var hash = cell.Trim();
        if (hash.Contains('-', StringComparison.Ordinal) || hash.Contains(' ', StringComparison.Ordinal))
            hash = string.Concat(hash.Where(c => c is not ('-' or ' ')));
        return hash.Length is 32 or 40 or 64 && hash.All(char.IsAsciiHexDigit) ? hash.ToUpperInvariant() : null;
    }

    /// <summary>Reads the natives of a group and compares them.</summary>
    public async Task CompareAsync(IReadOnlyList<HashedNative> natives, CancellationToken cancellationToken)
    {
        var hashes = new string?[natives.Count];
        var wanted = new List<int>();
        for (var i = 0; i < natives.Count; i++)
        {
            if (natives[i].File.Bytes > left) TooLarge(natives[i]);
            else wanted.Add(i);
            left -= natives[i].File.Bytes > left ? 0 : natives[i].File.Bytes;
        }
        await Parallel.ForEachAsync(
            wanted, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (i, token) => hashes[i] = await HashAsync(natives[i], token));
        foreach (var i in wanted.Where(i => hashes[i] is not null)) Compare(natives[i], hashes[i]!);
    }

    private void Compare(HashedNative native, string hash)
    {
        var isSame = hash == native.Hash;
        Counts = Counts with
        {
            Compared = Counts.Compared + 1,
            Same = Counts.Same + (isSame ? 1 : 0),
            Different = Counts.Different + (isSame ? 0 : 1),
        };
        if (isSame) return;
        findings.Add(CheckSection.Hashes, FindingSeverity.Error, FindingWords.HashMismatch, native.Column, () => new FindingExample(
            native.Line, Words.Shorten(native.Id), native.Hash, $"The file {Words.Quote(native.File.Reference)} has {hash}."));
    }

    private void TooLarge(HashedNative native) => findings.Add(
        CheckSection.Hashes, FindingSeverity.Note, FindingWords.HashNotCompared, null,
        () => new FindingExample(native.Line, Words.Shorten(native.Id), Words.Shorten(native.File.Reference)));

    // Null when the file was replaced or removed meanwhile: what is there now is another file. One that cannot be unpacked is an error of its row.
    private async Task<string?> HashAsync(HashedNative native, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(native.Hash.Length switch
            {
                32 => HashAlgorithmName.MD5,
                40 => HashAlgorithmName.SHA1,
                _ => HashAlgorithmName.SHA256,
            });
            await using var content = await blobs.OpenAsync(native.File, cancellationToken);
            while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read) hash.AppendData(buffer, 0, read);
            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException or PackageEntryException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
