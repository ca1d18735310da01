using System.Buffers;
using System.Globalization;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>Puts the load files of an export together and lists its files. May be repeated: it writes the same again.</summary>
internal sealed class ExportEnd(Blobs blobs, BatchResultsTable results, ExportedFiles output, Job job, PreparedExport export)
{
    private readonly ExportParts parts = new(blobs, job.Id, export);

    /// <summary>
    /// Load files, unless the job fails: half of one that looks whole would be worse than none, and a later run refers to the other files. The
    /// manifest in any case.
    /// </summary>
    public async Task<FileCounts> JoinAsync(DataFileWriter writer, bool isWhole, CancellationToken cancellationToken)
    {
        var batches = await results.ListAsync(job.Id, cancellationToken).Where(r => r.Counts.Written > 0).ToListAsync(cancellationToken);
        // A batch without files has no part of what lists them.
        var withFiles = batches.Where(r => r.Files.Files > 0).Select(r => r.Batch).ToList();
        var loadFiles = isWhole ? await LoadFilesAsync(writer, [.. batches.Select(r => r.Batch)], withFiles, cancellationToken) : [];
        await JoinManifestAsync(withFiles, loadFiles, cancellationToken);
        return loadFiles.Aggregate(new FileCounts(), (sum, file) => sum + new FileCounts { Files = 1, Bytes = file.Bytes });
    }

    private async Task<List<KeptFile>> LoadFilesAsync(DataFileWriter writer, List<int> batches, List<int> withFiles, CancellationToken cancellationToken)
    {
        var (head, foot) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        writer.Head(export.Columns, head);
        writer.Foot(foot);
        await parts.JoinAsync(ExportPart.Data, head.WrittenSpan.ToArray(), batches, foot.WrittenSpan.ToArray(), "application/octet-stream", cancellationToken);
        var files = new List<KeptFile> { await PutAsync(ExportPart.Data, export.DataFile, cancellationToken) };
        if (export.ImageFile is not { } imageFile) return files;
        await parts.JoinAsync(ExportPart.Images, [], withFiles, [], "application/octet-stream", cancellationToken);
        return [.. files, await PutAsync(ExportPart.Images, imageFile, cancellationToken)];
    }

    private async Task JoinManifestAsync(List<int> batches, List<KeptFile> loadFiles, CancellationToken cancellationToken)
    {
        byte[] rows = [.. loadFiles.SelectMany(file => ExportManifest.Row(export.Folder, "", file))];
        byte[] custody = [.. loadFiles.SelectMany(file => ExportManifest.CustodyRow(0, "", file))];
        await parts.JoinAsync(ExportPart.Custody, Encoding.UTF8.GetBytes(ManifestRow.Csv(ManifestRow.Columns)), batches, custody, "text/csv; charset=utf-8", cancellationToken);
        if (loadFiles.Count == 0) return;
        await parts.JoinAsync(ExportPart.Manifest, ExportManifest.Head, batches, rows, "text/csv; charset=utf-8", cancellationToken);
        await PutAsync(ExportPart.Manifest, export.Manifest, cancellationToken);
    }

    // From the job's own files to where people find it: as a whole, or not at all.
    private async Task<KeptFile> PutAsync(ExportPart part, string name, CancellationToken cancellationToken)
    {
        var from = parts.Name(part)!;
        var digest = await BlobDigest.ReadAsync(blobs.Jobs, from, etag: null, withMd5: false, cancellationToken);
        var put = await output.CopyAsync(blobs.Jobs, from, $"{export.Folder}/{name}", cancellationToken);
        if (put.WasThere) throw Taken(name);
        return new KeptFile { Kind = FileKind.LoadFile, Place = FilePlace.Staging, Path = $"{export.Folder}/{name}", Bytes = digest.Bytes, Sha256 = digest.Sha256 };
    }

    private ConfigurationException Taken(string name) => new(
        "load-file-exists",
        string.Create(CultureInfo.InvariantCulture, $"While the job ran, a file {Words.Quote(name)} came into the export folder {Words.Quote(export.Folder)}, and the export is not to overwrite files. ")
        + "Switch on Create export folder or Overwrite files, or choose another folder, and run the integration point again.");
}
