using System.Collections.Concurrent;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Jobs;

/// <summary>Tells whether an uploaded load file can be imported: everything it refers to is there, or nothing lands any more.</summary>
public sealed class UploadedFiles(Blobs blobs, Sources sources, InstanceSettings instance, JobSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string Workspace, string PointId), byte> coming = new();

    /// <summary>
    /// Thousands of files may land at once; one look after the last of them is enough. True for who is to look, a second later; whoever finds a
    /// look coming leaves it at that.
    /// </summary>
    public async Task<bool> IsOursToLookAsync(string workspace, string pointId, CancellationToken cancellationToken)
    {
        if (!coming.TryAdd((workspace, pointId), 0)) return false;
        try
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
        finally
        {
            coming.TryRemove((workspace, pointId), out _);
        }
        return true;
    }

    /// <summary>The version of a blob of the staging area that is there now, or null.</summary>
    public Task<BlobVersion?> FindAsync(string name, CancellationToken cancellationToken) => Blobs.FindAsync(blobs.Staging, name, cancellationToken);

    /// <summary>Whether to start. A load file that cannot be read is started too: the job says what is wrong with it.</summary>
    public async Task<bool> AreCompleteAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        if (Sources.FileOf(point.Source) is not { } file || await IsQuietAsync(file[..(file.LastIndexOf('/') + 1)], cancellationToken)) return true;
        try
        {
            return sources.Open(point, job: "", await instance.ForImportAsync(cancellationToken)) is not IFileSource source
                || !await source.LacksFilesAsync(await source.CheckAsync(cancellationToken), point.Import, cancellationToken);
        }
        catch (ConfigurationException)
        {
            return true;
        }
    }

    private async Task<bool> IsQuietAsync(string folder, CancellationToken cancellationToken)
    {
        var newest = DateTimeOffset.MinValue;
        await foreach (var blob in Blobs.ListAsync(blobs.Staging, folder, cancellationToken))
            if (blob.LastModifiedUtc > newest) newest = blob.LastModifiedUtc;
        return time.GetUtcNow() - newest > TimeSpan.FromSeconds(settings.UploadQuietSeconds);
    }
}
