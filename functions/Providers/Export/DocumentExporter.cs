using System.Buffers;
using System.Runtime.CompilerServices;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Export;

/// <summary>
/// Exports documents: first their files, several at a time, each under the name that it was given; then their rows, one after the other, so that
/// only one document's text is in memory. A document with an error is left out of the load files whole.
/// </summary>
internal sealed class DocumentExporter(ExportSettings settings, PreparedJob prepared, Blobs blobs, ImageListing images, ExportedFiles output)
{
    private const int AtOnce = 8;

    private readonly PreparedExport export = prepared.Export!;
    private readonly DocumentFiles files = new(settings, prepared, blobs, images, output);
    private readonly DocumentRow row = new(settings, prepared, blobs);

    /// <summary>What becomes of documents that the source has read, in order.</summary>
    public async IAsyncEnumerable<ExportedDocument> ExportAsync(
        IReadOnlyList<SourceRecord> records, IReadOnlyList<LaidOutDocument> documents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var written = new WrittenFiles?[records.Count];
        var problems = new Problem?[records.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, records.Count), parallel, async (i, stop) =>
        {
            try
            {
                problems[i] = records[i].Problem;
                if (problems[i] is null) written[i] = await files.WriteAsync(records[i].Stored!, documents[i], stop);
            }
            catch (UnusableFileException e)
            {
                problems[i] = e.Problem;
            }
        });
        for (var i = 0; i < records.Count; i++)
        {
            var identifier = documents[i].Document.Identifier;
            yield return problems[i] is { } problem
                ? Rejected(records[i], identifier, [problem])
                : await RowAsync(records[i], documents[i], written[i]!, cancellationToken);
        }
    }

    private async Task<ExportedDocument> RowAsync(SourceRecord record, LaidOutDocument document, WrittenFiles written, CancellationToken cancellationToken)
    {
        var identifier = document.Document.Identifier;
        var problems = new List<Problem>(written.Warnings);
        try
        {
            var imageLines = export.ImageFile is null ? [] : await row.ImageLinesAsync(record.Stored!.Record, document, written, problems, cancellationToken);
            var data = new ArrayBufferWriter<byte>();
            await row.WriteAsync(record.Stored!.Record, document, written, data, problems, cancellationToken);
            if (problems.Any(p => p.Severity == ProblemSeverity.Error)) return Rejected(record, identifier, problems);
            return new ExportedDocument
            {
                Line = record.Line,
                Position = record.Position,
                Identifier = identifier,
                Row = data.WrittenSpan.ToArray(),
                ImageLines = imageLines,
                Files = written.Files,
                Problems = [.. problems.Select(p => Of(identifier, p))],
            };
        }
        catch (UnusableFileException e)
        {
            return Rejected(record, identifier, [e.Problem]);
        }
    }

    private static ExportedDocument Rejected(SourceRecord record, string identifier, IEnumerable<Problem> problems) => new()
    {
        Line = record.Line,
        Position = record.Position,
        Identifier = identifier,
        Problems = [.. problems.Where(p => p.Severity == ProblemSeverity.Error).Select(p => Of(identifier, p))],
    };

    // Documents of a workspace have no line in a file: they are known by their identifiers.
    private static Problem Of(string identifier, Problem problem) => problem with
    {
        Message = $"Document {Words.Quote(identifier)}{(problem.Field is { } field ? $", field {Words.Quote(field)}" : "")}: {problem.Message}",
        Level = ProblemLevel.Item,
        SourceId = identifier,
        Line = null,
    };
}
