using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>Tells whether an uploaded load file can be imported: everything it refers to is there, or nothing lands any more.</summary>
public sealed class UploadedFiles(Blobs blobs, JobSettings settings, TimeProvider time)
{
    /// <summary>Whether to start. A load file that cannot be read is started too: the job says what is wrong with it.</summary>
    public async Task<bool> AreCompleteAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        var file = Sources.Read<LoadFileSettings>(point.Source);
        if (await IsQuietAsync(file.File[..(file.File.LastIndexOf('/') + 1)], cancellationToken)) return true;
        var source = new LoadFileSource(file, blobs, job: "", new BatchSize());
        try
        {
            var layout = await source.CheckAsync(cancellationToken);
            int[] columns = [.. Enumerable.Range(0, layout.Fields.Count).Where(i => IsFileColumn(point.Import, layout.Fields[i]))];
            return columns.Length == 0 || (await source.MissingFilesAsync(layout, columns, most: 1, cancellationToken)).Count == 0;
        }
        catch (ConfigurationException)
        {
            return true;
        }
    }

    private static bool IsFileColumn(ImportSettings import, SourceField field)
    {
        return Is(import.NativeColumn) || (import.TextIsPath && Is(import.TextColumn));
        bool Is(string? column) => string.Equals(column?.Trim(), field.Name, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<bool> IsQuietAsync(string folder, CancellationToken cancellationToken)
    {
        var newest = DateTimeOffset.MinValue;
        await foreach (var blob in Blobs.ListAsync(blobs.Staging, folder, cancellationToken))
            if (blob.LastModifiedUtc > newest) newest = blob.LastModifiedUtc;
        return time.GetUtcNow() - newest > TimeSpan.FromSeconds(settings.UploadQuietSeconds);
    }
}
