using System.Buffers;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// Writes documents into load files with their natives, texts and images (guide, 5.1 to 5.4). Where files go is laid out in the order of the
/// documents; batches then write their parts in any order, at once or twice; the end puts the parts together. Whatever happens on the way, the bytes
/// are the same.
/// </summary>
public sealed class LoadFileDestination(JobFiles files, JobTables tables, WorkspaceCatalog workspaces, ImageListing images, TimeProvider time) : IDestination
{
    private const int GroupSize = 32;

    private readonly Blobs blobs = files.Blobs;

    /// <inheritdoc/>
    public async Task<PreparedJob> PrepareAsync(Job job, SourceLayout layout, CancellationToken cancellationToken)
    {
        var settings = Settings(job);
        var workspace = (await workspaces.FindAsync(job.Point.Workspace, cancellationToken))?.Value ?? throw new ConfigurationException(
            "workspace-not-found", "The workspace of the integration point is not there any more. Make the integration point in another workspace.");
        var type = (await workspaces.TypeAsync(workspace.Id, ObjectType.Document, cancellationToken))!.Value;
        var fields = await workspaces.FieldsAsync(workspace.Id, type.Name, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
        var export = ExportFolder.Prepare(job, settings, layout, fields);
        if (!settings.Overwrite) export = await BesideOthersAsync(export, cancellationToken);
        var losses = ExportFormat.Writer(settings, layout.Name).Head(export.Columns, new ArrayBufferWriter<byte>());
        layout = layout with { Warnings = [.. layout.Warnings, .. losses.Select(l => new Problem(l.Code, $"The name of the column {Words.Quote(export.Columns[l.Cell])}: {l.Reason}") { Severity = ProblemSeverity.Warning })] };
        return new PreparedJob { Workspace = workspace, ObjectType = type, Fields = fields, Layout = layout, Export = export };
    }

    // Source and destination are one workspace: the source has said everything.
    /// <inheritdoc/>
    public Task<IReadOnlyList<Problem>> ProblemsAsync(Job job, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Problem>>([]);

    /// <inheritdoc/>
    public async Task<BatchPage> PlanAsync(Job job, PreparedJob prepared, ISource source, PlanCursor cursor, CancellationToken cancellationToken)
    {
        var page = await source.PlanAsync(prepared.Layout, identifier: null, cursor, cancellationToken);
        var settings = Settings(job);
        var state = cursor.Page == 0 ? LayoutState.First(settings)
            : await files.ReadAsync<LayoutState>(JobFiles.LayoutStateName(job.Id, cursor.Page - 1), cancellationToken)
                ?? throw new InvalidOperationException($"Page {cursor.Page - 1} of job {job.Id} was never laid out.");
        var list = new DocumentList(blobs, job.Id);
        var layout = new ExportLayout(settings, state);
        foreach (var batch in page.Batches)
        {
            var documents = new List<LaidOutDocument>(batch.Records);
            await foreach (var line in list.ReadAsync(batch.Offset, batch.Length, batch.FirstLine, cancellationToken)) documents.Add(layout.Next(line.Document));
            await files.DecideAsync(JobFiles.LayoutName(job.Id, batch.Index), documents, cancellationToken);
        }
        await files.DecideAsync(JobFiles.LayoutStateName(job.Id, cursor.Page), layout.State, cancellationToken);
        return cursor.Page > 0 ? page : page with { Warnings = [.. page.Warnings, .. ExportRules.Warnings(settings, await ExpectedAsync(settings, list, cancellationToken))] };
    }

    // What is known before the first file is written.
    private static async Task<ExpectedFiles> ExpectedAsync(ExportSettings settings, DocumentList list, CancellationToken cancellationToken)
    {
        var files = new ExpectedFiles(0, 0, 0, 0);
        await foreach (var (document, _, _, _) in list.ReadAsync(0, null, 1, cancellationToken))
        {
            files = new ExpectedFiles(
                files.Images + (document.Images is not { } images ? 0 : settings.ImageOutput == ImageOutput.SinglePage ? images.Files : 1), files.Natives + (document.Native is null ? 0 : 1), files.Texts + (document.Text is null ? 0 : 1),
                files.Bytes + (document.Images?.Bytes ?? 0) + (document.Native?.Bytes ?? 0) + (document.Text?.Bytes ?? 0));
        }
        return files;
    }

    /// <inheritdoc/>
    public async Task<BatchResult> WriteAsync(Job job, PreparedJob prepared, ISource source, BatchPlan batch, CancellationToken cancellationToken)
    {
        var result = await tables.Batches.GetAsync(job.Id, batch.Index, cancellationToken);
        if (result is { Complete: true }) return result;

        var charged = RequestUnits.Measure();
        var watch = new BatchWatch(tables.History, tables.Batches, time, job.Id, batch.Index);
        await using var decision = await ExportDecision.OpenAsync(blobs, job.Id, batch.Index, cancellationToken)
            ?? await DecideAsync(job, prepared, source, batch, watch, cancellationToken);
        if (result is null)
        {
            if (await watch.IsOverAsync(cancellationToken) && await tables.Batches.GetAsync(job.Id, batch.Index, cancellationToken) is null)
                return new BatchResult { Batch = batch.Index, Counts = new JobCounts() };
            await new ExportParts(blobs, job.Id, prepared.Export!).StageAsync(batch.Index, decision, cancellationToken);
            result = new BatchResult { Batch = batch.Index, Counts = decision.Head.Counts, Files = decision.Head.Files, RequestUnits = charged.Total };
            if (!await tables.Batches.TryCreateAsync(job.Id, result, cancellationToken))
                result = (await tables.Batches.GetAsync(job.Id, batch.Index, cancellationToken))!;
        }
        await new BatchReport(files, tables, watch).WriteAsync(
            job, batch.Index, decision.Head.Rejected, decision.Head.Warnings, time.GetUtcNow(), cancellationToken);
        await tables.Batches.CompleteAsync(job.Id, batch.Index, cancellationToken);
        return result;
    }

    /// <inheritdoc/>
    public async Task<FileCounts> JoinAsync(Job job, PreparedJob prepared, bool isWhole, CancellationToken cancellationToken)
    {
        var settings = Settings(job);
        var isStopped = await tables.History.GetAsync(job.Id, cancellationToken) is { StopRequested: true };
        return await new ExportEnd(blobs, tables.Batches, Output(job, settings), job, prepared.Export!)
            .JoinAsync(ExportFormat.Writer(settings, prepared.Layout.Name), isWhole, isStopped, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(Job job, PreparedJob prepared, JobHistory ended, CancellationToken cancellationToken)
    {
        // Only what is stored is final; and a job that failed wrote no load file that could be summed up.
        if (await tables.History.GetAsync(job.Id, cancellationToken) is not { } row || !row.Status.IsFinal() || row.Status is JobStatus.Failed or JobStatus.ValidationFailed) return;
        var files = new FileCounts();
        await foreach (var result in tables.Batches.ListAsync(job.Id, cancellationToken)) files += result.Files;
        var summary = new MemoryStream(ExportSummary.Of(job, prepared, row, files));
        await Output(job, Settings(job)).WriteAsync($"{prepared.Export!.Folder}/{prepared.Export.Summary}", summary, cancellationToken);
    }

    private async Task<ExportDecision> DecideAsync(
        Job job, PreparedJob prepared, ISource source, BatchPlan batch, BatchWatch watch, CancellationToken cancellationToken)
    {
        var documents = await files.ReadAsync<List<LaidOutDocument>>(JobFiles.LayoutName(job.Id, batch.Index), cancellationToken)
            ?? throw new InvalidOperationException($"Batch {batch.Index} of job {job.Id} was never laid out.");
        var settings = Settings(job);
        await using var draft = new ExportDraft(prepared.Export!.Folder);
        var exporter = new DocumentExporter(settings, prepared, blobs, images, Output(job, settings));
        await foreach (var group in source.ReadAsync(prepared.Layout, batch, [], cancellationToken).Chunked(GroupSize, cancellationToken))
        {
            if (await watch.IsStoppingAsync(cancellationToken)) break;
            var from = (int)(group[0].Line - batch.FirstLine);
            await foreach (var exported in exporter.ExportAsync(group, documents.GetRange(from, group.Count), cancellationToken)) draft.Add(exported);
        }
        return await draft.DecideAsync(blobs, job.Id, batch.Index, cancellationToken);
    }

    // A load file is not written over; a list of files and a summary of another export only make way.
    private async Task<PreparedExport> BesideOthersAsync(PreparedExport export, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { export.DataFile, export.ImageFile }.OfType<string>())
        {
            if (!await IsThereAsync(name)) continue;
            throw new ConfigurationException(
                "load-file-exists",
                $"The export folder {Words.QuotePath(export.Folder)} has a load file {Words.Quote(name)} already, and the export is not to overwrite files. "
                + "Switch on Create export folder or Overwrite files, or choose another folder. Nothing was written.");
        }
        return await IsThereAsync(export.Manifest) || await IsThereAsync(export.Summary)
            ? export with { Manifest = $"{export.DataFile}.{export.Manifest}", Summary = $"{export.DataFile}.{export.Summary}" }
            : export;

        async Task<bool> IsThereAsync(string name) => await Blobs.FindAsync(blobs.Staging, $"{export.Folder}/{name}", cancellationToken) is not null;
    }

    private ExportedFiles Output(Job job, ExportSettings settings) => new(blobs, job.Id, settings.Overwrite, settings.HashFiles);

    private static ExportSettings Settings(Job job) => Sources.Read<ExportSettings>(job.Point.Destination!);
}
