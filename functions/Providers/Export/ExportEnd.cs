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
    private readonly ExportedFiles beside = new(blobs, job.Id, overwrite: false, hash: false);
    private readonly ExportParts parts = new(blobs, job.Id, export);

    /// <summary>
    /// Load files, unless the job fails: half of one that looks whole would be worse than none, and a later run refers to the other files. The
    /// manifest in any case. People see the data file last, so that what is beside it is there when it is.
    /// </summary>
    /// <param name="writer">What makes the data file's beginning and end.</param>
    /// <param name="isWhole">Whether the job does not fail.</param>
    /// <param name="isStopped">Whether it was stopped: then it takes the place of no load file of an earlier export.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<FileCounts> JoinAsync(DataFileWriter writer, bool isWhole, bool isStopped, CancellationToken cancellationToken)
    {
        var batches = await results.ListAsync(job.Id, cancellationToken).Where(r => r.Counts.Written > 0).ToListAsync(cancellationToken);
        // A batch without files has no part of what lists them.
        var withFiles = batches.Where(r => r.Files.Files > 0).Select(r => r.Batch).ToList();
        var loadFiles = isWhole ? await JoinLoadFilesAsync(writer, [.. batches.Select(r => r.Batch)], withFiles, cancellationToken) : [];
        await JoinManifestsAsync(withFiles, loadFiles, cancellationToken);
        if (!isWhole) return new FileCounts();
        await PutAsync(ExportPart.Manifest, export.Manifest, isStopped, cancellationToken);
        if (export.ImageFile is { } imageFile) await PutAsync(ExportPart.Images, imageFile, isStopped, cancellationToken);
        await PutAsync(ExportPart.Data, export.DataFile, isStopped, cancellationToken);
        return loadFiles.Aggregate(new FileCounts(), (sum, file) => sum + new FileCounts { Files = 1, Bytes = file.Bytes });
    }

    private async Task<List<KeptFile>> JoinLoadFilesAsync(DataFileWriter writer, List<int> batches, List<int> withFiles, CancellationToken cancellationToken)
    {
        var (head, foot) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        writer.Head(export.Columns, head);
        writer.Foot(foot);
        await parts.JoinAsync(ExportPart.Data, head.WrittenSpan.ToArray(), batches, foot.WrittenSpan.ToArray(), "application/octet-stream", cancellationToken);
        var files = new List<KeptFile> { await KeptAsync(ExportPart.Data, export.DataFile, cancellationToken) };
        if (export.ImageFile is not { } imageFile) return files;
        await parts.JoinAsync(ExportPart.Images, [], withFiles, [], "application/octet-stream", cancellationToken);
        return [.. files, await KeptAsync(ExportPart.Images, imageFile, cancellationToken)];
    }

    private async Task JoinManifestsAsync(List<int> batches, List<KeptFile> loadFiles, CancellationToken cancellationToken)
    {
        byte[] rows = [.. loadFiles.SelectMany(file => ExportManifest.Row(export.Folder, "", file))];
        byte[] custody = [.. loadFiles.SelectMany(file => ExportManifest.CustodyRow(0, "", file))];
        await parts.JoinAsync(ExportPart.Custody, Encoding.UTF8.GetBytes(ManifestRow.Csv(ManifestRow.Columns)), batches, custody, "text/csv; charset=utf-8", cancellationToken);
        if (loadFiles.Count > 0) await parts.JoinAsync(ExportPart.Manifest, ExportManifest.Head, batches, rows, "text/csv; charset=utf-8", cancellationToken);
    }

    private async Task<KeptFile> KeptAsync(ExportPart part, string name, CancellationToken cancellationToken)
    {
        var digest = await BlobDigest.ReadAsync(blobs.Jobs, parts.Name(part)!, etag: null, withMd5: false, cancellationToken);
        return new KeptFile { Kind = FileKind.LoadFile, Place = FilePlace.Staging, Path = $"{export.Folder}/{name}", Bytes = digest.Bytes, Sha256 = digest.Sha256 };
    }

    // From the job's own files to where people find it: as a whole, or not at all.
    private async Task PutAsync(ExportPart part, string name, bool isStopped, CancellationToken cancellationToken)
    {
        var put = await (isStopped ? beside : output).CopyAsync(blobs.Jobs, parts.Name(part)!, $"{export.Folder}/{name}", cancellationToken);
        if (put.WasThere && !isStopped) throw Taken(name);
    }

    private ConfigurationException Taken(string name) => new(
        "load-file-exists",
        string.Create(CultureInfo.InvariantCulture, $"While the job ran, a file {Words.Quote(name)} came into the export folder {Words.Quote(export.Folder)}, and the export is not to overwrite files. ")
        + "Switch on Create export folder or Overwrite files, or choose another folder, and run the integration point again.");
}
