using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>What became of one document: its rows of the load files and of the manifest, or why it is left out of all of them.</summary>
internal sealed record ExportedDocument
{
    /// <summary>Its number in the job's list, from 1.</summary>
    public required long Line { get; init; }

    /// <summary>Where its line stands in that list, by which a retry finds it again.</summary>
    public required (long Offset, long Length) Position { get; init; }

    /// <summary>Its identifier.</summary>
    public required string Identifier { get; init; }

    /// <summary>Its row of the data file; empty when it is left out.</summary>
    public byte[] Row { get; init; } = [];

    /// <summary>Its lines of the load file of the images.</summary>
    public byte[] ImageLines { get; init; } = [];

    /// <summary>Its files.</summary>
    public IReadOnlyList<KeptFile> Files { get; init; } = [];

    /// <summary>Errors, which leave it out, and warnings.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>Whether it is left out.</summary>
    public bool IsRejected => Problems.Any(p => p.Severity == ProblemSeverity.Error);
}

/// <summary>
/// What a batch is about to decide: gathered in files of this machine, stored as one blob when it is whole. The first to store it decides.
/// </summary>
/// <param name="folder">The export folder in the staging area.</param>
internal sealed class ExportDraft(string folder) : IAsyncDisposable
{
    private FileStream[] parts = [.. Enum.GetValues<ExportPart>().Select(_ => TempFile.Create())];
    private readonly List<RejectedRow> rejected = [];
    private readonly List<Problem> warnings = [];
    private long read;
    private FileCounts files = new();

    /// <summary>Adds the next document.</summary>
    public void Add(ExportedDocument document)
    {
        read++;
        if (document.IsRejected)
        {
            rejected.Add(new RejectedRow(document.Position.Offset, document.Position.Length, [.. document.Problems.Where(p => p.Severity == ProblemSeverity.Error)]) { Line = document.Line });
            return;
        }
        warnings.AddRange(document.Problems);
        parts[(int)ExportPart.Data].Write(document.Row);
        parts[(int)ExportPart.Images].Write(document.ImageLines);
        foreach (var file in document.Files)
        {
            parts[(int)ExportPart.Manifest].Write(ExportManifest.Row(folder, document.Identifier, file));
            parts[(int)ExportPart.Custody].Write(ExportManifest.CustodyRow(document.Line, document.Identifier, file));
            files += new FileCounts { Files = 1, Bytes = file.Bytes, WithoutHash = file.Sha256 is null ? 1 : 0 };
        }
    }

    /// <summary>Stores it, unless another attempt stored its own first: then that one's is opened. Called once, when all is added.</summary>
    public async Task<ExportDecision> DecideAsync(Blobs blobs, string job, int batch, CancellationToken cancellationToken)
    {
        var head = new ExportHead
        {
            Counts = new JobCounts { Read = read, Written = read - rejected.Count, Rejected = rejected.Count, Warnings = warnings.Count },
            Files = files,
            Rejected = rejected,
            Warnings = warnings,
            Lengths = [.. parts.Select(p => p.Length)],
        };
        await using var whole = TempFile.Create();
        await ExportDecision.WriteAsync(head, parts, whole, cancellationToken);
        if (await Blobs.CreateAsync(blobs.Jobs, JobFiles.DecisionName(job, batch), whole, cancellationToken))
        {
            // The parts are the decision's now.
            var decision = new ExportDecision(head, parts);
            parts = [];
            return decision;
        }
        return await ExportDecision.OpenAsync(blobs, job, batch, cancellationToken)
            ?? throw new InvalidOperationException($"The decision about batch {batch} of job {job} was there and is gone.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts) await part.DisposeAsync();
    }
}
