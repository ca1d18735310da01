using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Finds files in packages, and in packages that lie in them. What is wrong with a package is said once and remembered.</summary>
internal sealed class PackagedFiles(Blobs blobs)
{
    private readonly Dictionary<string, (PackageIndex? Index, Problem? Problem)> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PackageFile> inside = new(StringComparer.Ordinal);

    /// <summary>The file that a path means in a package; with a problem when the package cannot be read; null when it is not there.</summary>
    public async Task<SourceFile?> FindAsync(
        PackageFile package, IReadOnlyList<string> path, string reference, CancellationToken cancellationToken)
    {
        var (index, problem) = await OpenAsync(package, cancellationToken);
        if (index is null) return new SourceFile(reference) { Problem = problem };
        if (Packages.Find(index, string.Join('/', path), reference) is { } file) return file;
        for (var level = 1; level < path.Count; level++)
        {
            var folder = string.Join('/', path.Take(level));
            var inner = (PackageFile.IsName(folder) ? Packages.Find(index, folder, reference) : null) ?? Packages.Find(index, folder + ".zip", reference);
            if (inner is null) continue;
            var (nested, wrong) = await InsideAsync(inner, package, cancellationToken);
            if (nested is null) return new SourceFile(reference) { Problem = wrong };
            var found = await FindAsync(nested, [.. path.Skip(level)], reference, cancellationToken)
                ?? await FindAsync(nested, [.. path.Skip(level - 1)], reference, cancellationToken);
            if (found is not null) return found;
        }
        return null;
    }

    private async Task<(PackageIndex? Index, Problem? Problem)> OpenAsync(PackageFile package, CancellationToken cancellationToken)
    {
        if (opened.TryGetValue(package.Path, out var known)) return known;
        var (index, problem) = await TryAsync(package.Path, () => blobs.Packages.OpenAsync(package, cancellationToken));
        return opened[package.Path] = (index, problem);
    }

    private async Task<(PackageFile? Package, Problem? Problem)> InsideAsync(SourceFile inner, PackageFile outer, CancellationToken cancellationToken)
    {
        if (inside.TryGetValue(inner.Path, out var known)) return (known, null);
        if (opened.TryGetValue(inner.Path, out var failed)) return (null, failed.Problem);
        var (package, problem) = await TryAsync(inner.Path, () => blobs.Packages.InsideAsync(inner, outer, cancellationToken));
        if (package is null) opened[inner.Path] = (null, problem);
        else inside[inner.Path] = package;
        return (package, problem);
    }

    // A package that a row leads to is the row's problem; others go on.
    private static async Task<(T? Value, Problem? Problem)> TryAsync<T>(string package, Func<Task<T>> open) where T : class
    {
        try
        {
            return (await open(), null);
        }
        catch (ConfigurationException e)
        {
            return (null, e.Problem with { Level = ProblemLevel.Item });
        }
        catch (PackageEntryException e)
        {
            return (null, e.Problem);
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            return (null, Changed.Package(package).Problem with { Level = ProblemLevel.Item });
        }
    }
}
