using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// The files that the batches of an export write together: each batch hands over its parts, and the end puts them together in order, without
/// reading or writing one again.
/// </summary>
internal sealed class ExportParts(Blobs blobs, string job, PreparedExport export)
{
    // The part that comes after those of the batches.
    private const string Foot = "999999999";

    /// <summary>One of the files; null when the export has none.</summary>
    public JoinedBlob? Open(ExportPart part) => Name(part) is { } name ? new JoinedBlob(blobs.Jobs, name) : null;

    /// <summary>Where it is put together; null when the export has none.</summary>
    public string? Name(ExportPart part) => part switch
    {
        ExportPart.Data => JobFiles.OutputName(job, export.DataFile),
        ExportPart.Images => export.ImageFile is null ? null : JobFiles.OutputName(job, export.ImageFile),
        ExportPart.Manifest => JobFiles.OutputName(job, export.Manifest),
        _ => JobFiles.ManifestName(job),
    };

    /// <summary>Hands over the parts of a batch. May be repeated.</summary>
    public async Task StageAsync(int batch, ExportDecision decision, CancellationToken cancellationToken)
    {
        foreach (var part in Enum.GetValues<ExportPart>())
        {
            if (decision.Head.Lengths[(int)part] > 0 && Open(part) is { } blob)
                await blob.StageAsync(ManifestPart.Name(batch), decision.Open(part), cancellationToken);
        }
    }

    // Storage forgets parts that nobody puts together for a week. False: the batch had nothing for this file.
    private async Task<bool> StageAgainAsync(ExportPart part, int batch, CancellationToken cancellationToken)
    {
        if ((await ExportDecision.HeadAsync(blobs, job, batch, cancellationToken))?.Lengths[(int)part] == 0) return false;
        await using var decision = await ExportDecision.OpenAsync(blobs, job, batch, cancellationToken)
            ?? throw new InvalidOperationException($"Batch {batch} of job {job} has a result and no decision.");
        await StageAsync(batch, decision, cancellationToken);
        return true;
    }

    /// <summary>Puts one of the files together from its head, the parts of the batches in order, and its foot.</summary>
    /// <param name="part">Which.</param>
    /// <param name="head">What it begins with; may be empty.</param>
    /// <param name="batches">The batches that transferred something, in order.</param>
    /// <param name="foot">What it ends with; may be empty.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task JoinAsync(
        ExportPart part, byte[] head, IReadOnlyList<int> batches, byte[] foot, string contentType, CancellationToken cancellationToken)
    {
        var blob = Open(part)!;
        var known = await blob.PartsAsync(cancellationToken);
        var names = new List<string>(batches.Count + 2);
        if (head.Length > 0) names.Add(await StageAsync(blob, ManifestPart.Head, head, cancellationToken));
        foreach (var batch in batches)
        {
            var name = ManifestPart.Name(batch);
            if (known.Contains(name) || await StageAgainAsync(part, batch, cancellationToken)) names.Add(name);
        }
        if (foot.Length > 0) names.Add(await StageAsync(blob, Foot, foot, cancellationToken));
        await blob.JoinAsync(names, contentType, cancellationToken);
    }

    private static async Task<string> StageAsync(JoinedBlob blob, string name, byte[] content, CancellationToken cancellationToken)
    {
        await blob.StageAsync(name, new MemoryStream(content), cancellationToken);
        return name;
    }
}
