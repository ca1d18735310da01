using System.IO.Hashing;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>
/// Packages (.zip) of the staging area, read where they lie: their directories once for all batches of this process, their files by byte range.
/// </summary>
public sealed class Packages(Blobs blobs, PackageLimits limits)
{
    private const int MostRemembered = 16;
    private const long MostRememberedBytes = 128 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<PackageFile, Task<PackageIndex>> known = [];
    private readonly Queue<PackageFile> order = [];

    /// <summary>The files of the deployment.</summary>
    public Blobs Blobs { get; } = blobs;

    /// <summary>The index of a package.</summary>
    /// <exception cref="ConfigurationException"><c>archive-damaged</c>, <c>archive-encrypted</c>, <c>archive-limit</c>, <c>path-outside-root</c>.</exception>
    /// <exception cref="BlobChangedException">The package was replaced.</exception>
    /// <exception cref="BlobMissingException">The package was removed.</exception>
    public Task<PackageIndex> OpenAsync(PackageFile package, CancellationToken cancellationToken)
    {
        Task<PackageIndex>? reading;
        lock (gate)
        {
            // Everybody who asks meanwhile waits for the same; that one of them gives up does not concern the others.
            if (!known.TryGetValue(package, out reading) || reading.IsFaulted)
            {
                Forget();
                if (known.TryAdd(package, reading = PackageDirectory.ReadAsync(Blobs, package, limits, CancellationToken.None))) order.Enqueue(package);
                else known[package] = reading;
            }
        }
        return reading.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// The file of a path (levels separated by <c>/</c>) in a package, in any case of letters; null when it is not there. It goes by its path in
    /// the package, with the package's path before it.
    /// </summary>
    public static SourceFile? Find(PackageIndex index, string path, string reference)
    {
        if (index.Find(path) is not var (entry, actual)) return null;
        var package = index.Package;
        return new SourceFile(reference)
        {
            Name = actual[(actual.LastIndexOf('/') + 1)..],
            Blob = package.Blob,
            ETag = package.ETag,
            Bytes = entry.Bytes,
            Entry = new PackageEntry($"{package.Path}/{actual}", package.Offset + entry.Offset, entry.NameBytes, entry.Packed, entry.Method == 8, entry.Crc)
            {
                OfJob = package.OfJob,
            },
            Problem = entry.Method is 0 or 8 ? null : new Problem(
                "archive-method",
                $"The file {Words.Quote(actual)} of the package {Words.Quote(package.Path)} is packed by method {entry.Method}, which cannot be read. "
                + "Expected deflate, the usual one, or none; have it packed again.")
            { Level = ProblemLevel.Item },
        };
    }

    /// <summary>A package that is a file of another. One that is packed itself is first unpacked among the job's files, once.</summary>
    /// <param name="file">What <see cref="Find"/> found in <paramref name="outer"/>.</param>
    /// <param name="outer">Where it lies.</param>
    /// <param name="job">The job that reads it.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ConfigurationException"><c>archive-limit</c>: it lies too deep.</exception>
    /// <exception cref="PackageEntryException">It cannot be unpacked.</exception>
    public async Task<PackageFile> InsideAsync(SourceFile file, PackageFile outer, string job, CancellationToken cancellationToken)
    {
        var entry = file.Entry!;
        if (outer.Depth >= limits.Nesting)
            throw outer.OverLimit($"packages lie in it more than {limits.Nesting} deep ({Words.Quote(entry.Path)}).");
        if (file.Problem is { } problem) throw new PackageEntryException(problem);
        if (!entry.Deflated)
        {
            var start = await PackageEntryStream.DataOffsetAsync(Blobs, file, entry, cancellationToken);
            return new PackageFile(entry.Path, file.Blob, file.ETag, start, file.Bytes) { OfJob = entry.OfJob, Depth = outer.Depth + 1 };
        }
        var unpacked = await UnpackAsync(file, $"{job}/packages", cancellationToken);
        return new PackageFile(entry.Path, unpacked.Name, unpacked.ETag, 0, unpacked.Bytes) { OfJob = true, Depth = outer.Depth + 1 };
    }

    /// <summary>
    /// Unpacks a file into a folder of the job's files, under a name that follows from what it is: whoever comes first does it, everybody else
    /// finds it there.
    /// </summary>
    public async Task<BlobVersion> UnpackAsync(SourceFile file, string folder, CancellationToken cancellationToken)
    {
        var name = $"{folder}/{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{file.ETag} {file.Entry!.Path}")))}";
        if (await Blobs.FindAsync(Blobs.Jobs, name, cancellationToken) is { } there) return there;
        await using (var content = await Blobs.OpenAsync(file, cancellationToken))
            await Blobs.CreateAsync(Blobs.Jobs, name, content, cancellationToken);
        return await Blobs.FindAsync(Blobs.Jobs, name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone.");
    }

    // Called under the lock. The oldest go first; what is still being read stays.
    private void Forget()
    {
        var bytes = known.Values.Where(t => t.IsCompletedSuccessfully).Sum(t => t.Result.Bytes);
        for (var i = order.Count; i > 0 && (known.Count >= MostRemembered || bytes > MostRememberedBytes); i--)
        {
            var oldest = order.Dequeue();
            if (!known[oldest].IsCompleted)
            {
                order.Enqueue(oldest);
                continue;
            }
            if (known[oldest].IsCompletedSuccessfully) bytes -= known[oldest].Result.Bytes;
            known.Remove(oldest);
        }
    }
}
