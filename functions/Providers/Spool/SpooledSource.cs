using System.Globalization;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Spool;

/// <summary>
/// A source that lies outside and is read once. A job copies it into its own files before it looks at it, and from then on it is a file like a load
/// file: what happens outside changes nothing any more.
/// </summary>
/// <param name="point">The integration point.</param>
/// <param name="job">The job; empty: none, somebody only looks, and nothing is copied or recorded.</param>
/// <param name="copies">The copies of jobs.</param>
/// <param name="blobs">Where they lie.</param>
/// <param name="size">How the copy is cut into batches.</param>
internal sealed class SpooledSource(IntegrationPoint point, string job, SpooledCopy copies, Blobs blobs, BatchSize size) : ISpooledSource, IFileSource
{
    /// <inheritdoc/>
    public async Task<SourceLayout> CheckAsync(CancellationToken cancellationToken)
    {
        if (job.Length == 0) return await copies.LookAsync(cancellationToken);
        var copy = await copies.MakeAsync(job, cancellationToken);
        var layout = await new LoadFileCheck(AsLoadFile(copy.Notes.Name), CultureInfo.GetCultureInfo(point.Import.Culture), blobs)
            .RunAsync(new StagedLoadFile(copy.Notes.Name, copy.Version, IsUnpacked: true), package: null, cancellationToken);
        var known = Sources.KnownFieldsOf(point.Source);
        return layout with
        {
            Fields = [.. layout.Fields.Select(f => f with { IsIdentifier = IsSame(f.Name, copy.Notes.Identifier), WasFirst = known.Count > 0 && IsSame(f.Name, known[0].Trim()) })],
            LinkField = copy.Notes.LinkField,
            KnownFields = known,
            Warnings = [.. layout.Warnings, .. copy.Notes.Warnings],
        };
    }

    /// <inheritdoc/>
    public Task SpoolAsync(SourceLayout layout, CancellationToken cancellationToken) => copies.FinishAsync(job, layout, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
        => Copied(layout).PlanAsync(layout, identifier, cursor, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRecord> ReadAsync(SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, CancellationToken cancellationToken)
        => Copied(layout).ReadAsync(layout, batch, fileFields, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken)
        => Copied(layout).LacksFilesAsync(layout, import, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken)
        => Copied(layout).OpenBytesAsync(layout, offset, length, cancellationToken);

    private LoadFileSource Copied(SourceLayout layout) => new(AsLoadFile(FrozenLoadFile.From(layout).File), blobs, job, size)
    {
        PathRules = point.Import.PathRules,
        Culture = point.Import.Culture,
    };

    private static bool IsSame(string name, string? other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    // Natives and texts that a row names lie in the workspace's own folder of the staging area: nothing else is its to read.
    private LoadFileSettings AsLoadFile(string name) => new()
    {
        File = name,
        BaseFolder = StagingPaths.FolderOf(point.Workspace),
        Column = ',',
        Quote = '"',
        BlanksBeforeQuotes = true,
        MayBeEmpty = true,
    };
}
