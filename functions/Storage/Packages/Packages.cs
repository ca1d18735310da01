using System.IO.Hashing;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Storage;

/// <summary>
/// Packages (.zip) of the staging area, read where they lie: their directories once for all batches of this process, their files by byte range.
/// </summary>
public sealed class Packages
{
    private const int MostRemembered = 16;
    private const long MostRememberedBytes = 128 * 1024 * 1024;

    private readonly Lock gate;
    private readonly Dictionary<(PackageFile Package, PackageLimits Limits), Task<PackageIndex>> known;
    private readonly Queue<(PackageFile Package, PackageLimits Limits)> order;
    private readonly Blobs blobs;
    private readonly PackageLimits limits;

    internal Packages(Blobs blobs) => (this.blobs, limits, gate, known, order) = (blobs, new PackageLimits(), new Lock(), [], []);

    /// <summary>Under other limits; what was read is remembered for all together.</summary>
    internal Packages(Blobs blobs, Packages other, PackageLimits limits)
        => (this.blobs, this.limits, gate, known, order) = (blobs, limits, other.gate, other.known, other.order);

    /// <summary>The index of a package.</summary>
    /// <exception cref="ConfigurationException"><c>archive-damaged</c>, <c>archive-encrypted</c>, <c>archive-limit</c>, <c>path-outside-root</c>.</exception>
    /// <exception cref="BlobChangedException">The package was replaced.</exception>
    /// <exception cref="BlobMissingException">The package was removed.</exception>
    public Task<PackageIndex> OpenAsync(PackageFile package, CancellationToken cancellationToken)
    {
        Task<PackageIndex>? reading;
        var key = (package, limits);
        lock (gate)
        {
            // Everybody who asks meanwhile waits for the same; that one of them gives up does not concern the others.
            if (!known.TryGetValue(key, out reading) || reading.IsFaulted)
            {
                Forget();
                if (known.TryAdd(key, reading = PackageDirectory.ReadAsync(blobs, package, limits, CancellationToken.None))) order.Enqueue(key);
                else known[key] = reading;
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
                IsUnpacked = package.IsUnpacked,
            },
            Problem = entry.Method is 0 or 8 ? null : new Problem(
                "archive-method",
                $"The file {Words.Quote(actual)} of the package {Words.QuotePath(package.Path)} is packed by method {entry.Method}, which cannot be read. "
                + "Expected deflate, the usual one, or none; have it packed again.")
            { Level = ProblemLevel.Item },
        };
    }

    /// <summary>
    /// The package through which a path of the staging area leads, and the rest of the path; null when it leads through none. A package stands for
    /// a folder of its name: <c>in/VOL001.zip/DATA</c>.
    /// </summary>
    public async Task<(PackageFile Package, IReadOnlyList<string> Inside)?> OnTheWayAsync(string path, CancellationToken cancellationToken)
    {
        var levels = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < levels.Length; i++)
        {
            if (PackageFile.IsName(levels[i]) && await Blobs.FindAsync(blobs.Staging, string.Join('/', levels[..(i + 1)]), cancellationToken) is { } blob)
                return (PackageFile.Of(blob), levels[(i + 1)..]);
        }
        return null;
    }

    /// <summary>A package that is a file of another. One that is packed itself is unpacked in storage first.</summary>
    /// <param name="file">What <see cref="Find"/> found in <paramref name="outer"/>.</param>
    /// <param name="outer">Where it lies.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="ConfigurationException"><c>archive-limit</c>: it lies too deep.</exception>
    /// <exception cref="PackageEntryException">It cannot be unpacked.</exception>
    public async Task<PackageFile> InsideAsync(SourceFile file, PackageFile outer, CancellationToken cancellationToken)
    {
        var entry = file.Entry!;
        if (outer.Depth >= limits.Nesting)
            throw outer.OverLimit($"packages lie in it more than {limits.Nesting} deep ({Words.QuotePath(entry.Path)}).", InstanceSetting.MaxPackageNesting);
        if (file.Problem is { } problem) throw new PackageEntryException(problem);
        if (!entry.Deflated)
        {
            var start = await PackageEntryStream.DataOffsetAsync(blobs, file, entry, cancellationToken);
            return new PackageFile(entry.Path, file.Blob, file.ETag, start, file.Bytes) { IsUnpacked = entry.IsUnpacked, Depth = outer.Depth + 1 };
        }
        var unpacked = await UnpackAsync(file, cancellationToken);
        return new PackageFile(entry.Path, unpacked.Name, unpacked.ETag, 0, unpacked.Bytes) { IsUnpacked = true, Depth = outer.Depth + 1 };
    }

    /// <summary>
    /// Unpacks a file inside of storage, for what has to be read in any order: a load file, a package in a package. Its name in the container of
    /// jobs follows from the version of its package and its path: whoever comes first does it, everybody else finds it there.
    /// </summary>
    /// <exception cref="PackageEntryException">It cannot be unpacked.</exception>
    public async Task<BlobVersion> UnpackAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var version = Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{file.ETag} {file.Path}")));
        var name = $"{UnpackedFolder(string.Join('/', file.Path.Split('/').Take(2)))}/{version}";
        if (await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) is { } there) return there;
        await using (var content = await blobs.OpenAsync(file, cancellationToken))
            await Blobs.CreateAsync(blobs.Jobs, name, content, cancellationToken);
        return await Blobs.FindAsync(blobs.Jobs, name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone.");
    }

    /// <summary>Where files of packages are unpacked that lie below one of the staging area's top folders, such as <c>StructuredData/{workspace}</c>.</summary>
    public static string UnpackedFolder(string top) => $"packages/{top}";

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
