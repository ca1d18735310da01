using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>A load file where it lies: in the staging area, or unpacked from a package there.</summary>
/// <param name="Path">What people call it: its path in the staging area, through its package where it lies in one.</param>
/// <param name="Version">The blob that is read.</param>
/// <param name="IsUnpacked">Whether the blob was unpacked from a package.</param>
internal sealed record StagedLoadFile(string Path, BlobVersion Version, bool IsUnpacked)
{
    /// <summary>Endings of document load files, the most telling first.</summary>
    public static readonly IReadOnlyList<string> DocumentEndings = [".dat", ".csv", ".txt"];

    /// <summary>Endings of image load files.</summary>
    public static readonly IReadOnlyList<string> ImageEndings = [".opt", ".lfp"];

    /// <summary>
    /// Finds a load file. A path may lead through packages (<c>in/VOL001.zip/DATA/docs.dat</c>), or name a package with one load file in it: of the
    /// first of <paramref name="endings"/> that is there, the one that lies least deep, for natives and texts may have such endings too.
    /// </summary>
    /// <exception cref="ConfigurationException"><c>file-not-found</c>, <c>load-file-ambiguous</c>, or what is wrong with the package.</exception>
    public static async Task<StagedLoadFile> FindAsync(Blobs blobs, string path, IReadOnlyList<string> endings, CancellationToken cancellationToken)
    {
        if (await Blobs.FindAsync(blobs.Staging, path, cancellationToken) is { } blob)
        {
            if (!PackageFile.IsName(path)) return new StagedLoadFile(path, blob, IsUnpacked: false);
            var index = await OpenAsync(blobs, PackageFile.Of(blob), cancellationToken);
            return await UnpackAsync(blobs, Packages.Find(index, Only(index, endings), path)!, cancellationToken);
        }
        var file = await blobs.Packages.OnTheWayAsync(path, cancellationToken) is var (package, inside)
            ? await new PackagedFiles(blobs).FindAsync(package, inside, path, cancellationToken)
            : null;
        if (file is null)
            throw new ConfigurationException("file-not-found", $"The load file {Words.QuotePath(path)} is not in the staging area. Upload it, or correct the path.");
        return await UnpackAsync(blobs, file, cancellationToken);
    }

    /// <summary>Bytes of the file.</summary>
    public Task<Stream> OpenAsync(Blobs blobs, long offset, CancellationToken cancellationToken) => Changed.GuardAsync(
        Path, () => Blobs.OpenRangeAsync(IsUnpacked ? blobs.Jobs : blobs.Staging, Version.Name, offset, null, Version.ETag, cancellationToken));

    private static async Task<StagedLoadFile> UnpackAsync(Blobs blobs, SourceFile file, CancellationToken cancellationToken)
    {
        if (file.Problem is { } problem) throw new ConfigurationException(problem with { Level = ProblemLevel.Job });
        try
        {
            return new StagedLoadFile(file.Path, await blobs.Packages.UnpackAsync(file, cancellationToken), IsUnpacked: true);
        }
        catch (PackageEntryException e)
        {
            throw new ConfigurationException(e.Problem with { Level = ProblemLevel.Job });
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            throw Changed.Package(file.Path);
        }
    }

    private static Task<PackageIndex> OpenAsync(Blobs blobs, PackageFile package, CancellationToken cancellationToken)
        => Changed.GuardAsync(() => blobs.Packages.OpenAsync(package, cancellationToken), () => Changed.Package(package.Path));

    private static string Only(PackageIndex index, IReadOnlyList<string> endings)
    {
        var files = index.Paths().Where(p => !p.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToLookup(p => System.IO.Path.GetExtension(p).ToLowerInvariant());
        var candidates = endings.Select(e => files[e]).FirstOrDefault(f => f.Any())?.GroupBy(p => p.Count(c => c == '/')).MinBy(g => g.Key)!.Order(StringComparer.Ordinal).ToList() ?? [];
        return candidates switch
        {
            [var only] => only,
            [] => throw new ConfigurationException(
                "file-not-found", $"The package {Words.QuotePath(index.Package.Path)} holds no load file ({string.Join(", ", endings)}). Choose another, or name the load file itself."),
            _ => throw new ConfigurationException(
                "load-file-ambiguous",
                $"The package {Words.QuotePath(index.Package.Path)} holds {candidates.Count} load files: {Words.List(candidates)}. "
                + $"Say which one, with its path behind that of the package, such as {Words.Quote($"{index.Package.Path.Split('/')[^1]}/{candidates[0]}")}."),
        };
    }
}
