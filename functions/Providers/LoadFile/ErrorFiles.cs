using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>A row that a batch rejected: where it lies in the source, and why.</summary>
public sealed record RejectedRow(long Offset, long Length, IReadOnlyList<Problem> Problems)
{
    /// <summary>The line on which it begins; a problem may be that of a later line of it.</summary>
    public long Line { get; init; }
}

/// <summary>
/// Writes the error file of a job, the rejected rows byte for byte as they stood in the source below its header, and beside it a CSV file that
/// says why, row by row. Both are spooled to disk on the way, so that their size does not matter.
/// </summary>
public sealed partial class ErrorFiles(Blobs blobs, JobFiles files, Sources sources)
{
    private const string Heading = "Line in the load file,Line in the error file,Identifier,Field,Code,Error";

    /// <summary>Writes both from what the batches left; writes nothing when no row was rejected. Repeating it writes the same.</summary>
    public async Task WriteAsync(Job job, IReadOnlyList<int> batches, CancellationToken cancellationToken)
    {
        if (batches.Count == 0) return;
        var prepared = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job.Id), cancellationToken))!;
        var source = sources.Open(job) as IFileSource;
        var complete = source is not null;
        await using var rows = TempFile.Create();
        await using var report = TempFile.Create();
        await using (var words = new StreamWriter(report, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" })
        {
            try
            {
                // The records of a workspace are no rows of a file: only why they were left out is written down.
                if (source is null) await ReasonsAsync(job, batches, words, cancellationToken);
                else await WriteRowsAsync(job, new ErrorRows(source, prepared.Layout, rows), batches, words, cancellationToken);
            }
            catch (ConfigurationException)
            {
                // The load file was replaced: its rows are gone, and a file with other rows would be worse than none. Why they were rejected stays.
                complete = false;
                await words.FlushAsync(cancellationToken);
                report.SetLength(0);
                await ReasonsAsync(job, batches, words, cancellationToken);
            }
        }
        if (complete) await StoreAsync(JobFiles.ErrorFileName(job.Id), rows, cancellationToken);
        await StoreAsync(JobFiles.ErrorReportName(job.Id), report, cancellationToken);
    }

    private async Task WriteRowsAsync(
        Job job, ErrorRows output, IReadOnlyList<int> batches, TextWriter report, CancellationToken cancellationToken)
    {
        await report.WriteLineAsync(Heading);
        await output.HeaderAsync(cancellationToken);
        foreach (var batch in batches)
        {
            if (await files.ReadAsync<List<RejectedRow>>(JobFiles.RejectedName(job.Id, batch), cancellationToken) is not { Count: > 0 } rejected) continue;
            var lines = await output.RowsAsync(rejected, cancellationToken);
            for (var i = 0; i < lines.Count; i++) await ReasonAsync(rejected[i], lines[i], report);
        }
    }

    private async Task ReasonsAsync(Job job, IReadOnlyList<int> batches, TextWriter report, CancellationToken cancellationToken)
    {
        await report.WriteLineAsync(Heading);
        foreach (var batch in batches)
        {
            var rejected = await files.ReadAsync<List<RejectedRow>>(JobFiles.RejectedName(job.Id, batch), cancellationToken) ?? [];
            foreach (var row in rejected) await ReasonAsync(row, line: null, report);
        }
    }

    private static async Task ReasonAsync(RejectedRow row, long? line, TextWriter report)
    {
        foreach (var problem in row.Problems)
        {
            string?[] cells = [Number(problem.Line), Number(line + (problem.Line - row.Line)), problem.SourceId, problem.Field, problem.Code, problem.Message];
            await report.WriteLineAsync(string.Join(',', cells.Select(Cell)));
        }
    }

    private async Task StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        await Blobs.CreateAsync(blobs.Jobs, name, content, cancellationToken);
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    // Where the list separator is a semicolon, a spreadsheet takes what follows one for a cell of its own.
    [GeneratedRegex(@"([;\t]\s*)([=+\-@＝＋－＠])")]
    private static partial Regex AfterSeparator();

    /// <summary>A value in a list for people: a spreadsheet must show what a cell says, not compute it (design, Security); some take wide letters for the usual ones.</summary>
    internal static string Shown(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        text = AfterSeparator().Replace(text, "$1'$2");
        return text.TrimStart() is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '\t', ..] || text[0] is '\t' or '\r' or '\n' ? "'" + text : text;
    }

    private static string Cell(string? text)
    {
        var safe = Shown(text);
        return safe.AsSpan().IndexOfAny("\",\r\n'") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
