using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>A file of an export.</summary>
/// <param name="Path">Its path from the export folder, levels separated by <c>\</c> as in the load files.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256; null: nobody has read its bytes.</param>
/// <param name="Document">The document that it belongs to; null for load files and lists.</param>
/// <param name="Kind">native, text, image, load-file or list.</param>
/// <param name="Address">Where it can be read for an hour without further rights.</param>
public sealed record OutputFile(string Path, long Bytes, string? Sha256, string? Document, string Kind, Uri Address);

/// <summary>Some files of an export.</summary>
/// <param name="Files">The files.</param>
/// <param name="Next">Where in the manifest the next begins; null: these are the last.</param>
public sealed record OutputPage(IReadOnlyList<OutputFile> Files, long? Next);

/// <summary>Lists what an export wrote, from its manifest.</summary>
public sealed class ExportOutput(Blobs blobs, JobFiles files)
{
    private static readonly TimeSpan Valid = TimeSpan.FromHours(1);

    /// <summary>Some of the files, from a place of the manifest on; null when the job exported nothing, or has not come to its end.</summary>
    public async Task<OutputPage?> ListAsync(string job, long offset, int size, CancellationToken cancellationToken)
    {
        if ((await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job), cancellationToken))?.Export is not { } export) return null;
        if (await Blobs.FindAsync(blobs.Jobs, JobFiles.ManifestName(job), cancellationToken) is not { } version) return null;
        var page = new List<OutputFile>(size + 2);
        if (offset < version.Bytes)
        {
            await using var manifest = await Blobs.OpenRangeAsync(blobs.Jobs, version.Name, offset, null, version.ETag, cancellationToken);
            await foreach (var row in ManifestRow.ReadAsync(manifest, offset, cancellationToken))
            {
                if (page.Count == size) return new OutputPage(page, row.Position.Offset);
                page.Add(await FileAsync(export.Folder, row, cancellationToken));
            }
        }
        foreach (var list in new[] { export.Manifest, export.Summary })
        {
            if (await Blobs.FindAsync(blobs.Staging, $"{export.Folder}/{list}", cancellationToken) is { } found)
                page.Add(new OutputFile(list, found.Bytes, null, null, "list", await blobs.DownloadAddressAsync(found.Name, Valid, cancellationToken)));
        }
        return new OutputPage(page, null);
    }

    private async Task<OutputFile> FileAsync(string folder, ManifestRow row, CancellationToken cancellationToken) => new(
        row.File.Path[(folder.Length + 1)..].Replace('/', '\\'),
        row.File.Bytes,
        row.File.Sha256,
        row.Identifier.Length == 0 ? null : row.Identifier,
        ManifestRow.Word(row.File.Kind),
        await blobs.DownloadAddressAsync(row.File.Path, Valid, cancellationToken));
}
