using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Custody;

/// <summary>
/// The rows that one batch adds to the manifest of its job. They follow from the batch's decision and result alone, so that whoever writes them
/// writes the same.
/// </summary>
internal sealed class ManifestPart : IAsyncDisposable
{
    /// <summary>The part with the names of the columns.</summary>
    public const string Head = "000000000";

    private readonly FileStream spool = TempFile.Create();
    private readonly StreamWriter rows;

    public ManifestPart() => rows = new StreamWriter(spool, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 4096, leaveOpen: true);

    /// <summary>What was added.</summary>
    public FileCounts Counts { get; private set; } = new();

    /// <summary>The name of a batch's part.</summary>
    public static string Name(int batch) => (batch + 1).ToString("d9", CultureInfo.InvariantCulture);

    /// <summary>Adds the files of a record that was written.</summary>
    public void Add(Decision written)
    {
        foreach (var file in written.Files)
        {
            rows.Write(ManifestRow.Csv(new ManifestRow { Line = written.Line, Identifier = written.Identifier, File = file }.Cells()));
            Counts += new FileCounts { Files = 1, Bytes = file.Bytes, WithoutHash = file.Sha256 is null ? 1 : 0 };
        }
    }

    /// <summary>Hands the rows to storage, which keeps them for the end of the job. May be repeated.</summary>
    public async Task StageAsync(Blobs blobs, string job, int batch, CancellationToken cancellationToken)
    {
        if (Counts.Files == 0) return;
        await rows.FlushAsync(cancellationToken);
        spool.Position = 0;
        await new JoinedBlob(blobs.Jobs, JobFiles.ManifestName(job)).StageAsync(Name(batch), spool, cancellationToken);
    }

    /// <summary>Makes a batch's rows again, from what it decided and came to.</summary>
    public static async Task StageAgainAsync(Blobs blobs, string job, BatchResult result, CancellationToken cancellationToken)
    {
        if (result.Files.Files == 0) return;
        var decisions = await DecisionFile.OpenAsync(blobs, JobFiles.DecisionName(job, result.Batch), cancellationToken)
            ?? throw new InvalidOperationException($"Batch {result.Batch} of job {job} has a result and no decision.");
        var conflicts = result.Conflicts.Select(c => c.Line).ToHashSet();
        await using var part = new ManifestPart();
        await foreach (var decision in decisions.WithCancellation(cancellationToken))
        {
            if (decision.Outcome != Outcome.Reject && !conflicts.Contains(decision.Line)) part.Add(decision);
        }
        await part.StageAsync(blobs, job, result.Batch, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await rows.DisposeAsync();
        await spool.DisposeAsync();
    }
}
