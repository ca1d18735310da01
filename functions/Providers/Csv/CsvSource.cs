using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Csv;

/// <summary>Which run a source is read for.</summary>
/// <param name="Job">The job; empty: none, somebody only looks, and nothing is copied or recorded.</param>
/// <param name="StartedUtc">What "now" is for it.</param>
public sealed record SourceRun(string Job, DateTimeOffset StartedUtc);

/// <summary>
/// A CSV file on a server of FTP, FTPS or SFTP (guide 4.2). A job copies it into its own files before it looks at it, and from then on it is a file
/// like a load file: what happens to the server or the file on it changes nothing any more.
/// </summary>
public sealed class CsvSource(IntegrationPoint point, SourceRun run, Blobs blobs, Outside outside, BatchSize size) : ISpooledSource, IFileSource
{
    private readonly CsvSettings settings = Sources.Read<CsvSettings>(point.Source);

    private CsvCopy Copies => new(point, settings, blobs, outside);

    /// <inheritdoc/>
    public async Task<SourceLayout> CheckAsync(CancellationToken cancellationToken)
    {
        if (run.Job.Length == 0) return await LookAsync(cancellationToken);
        var copy = await Copies.MakeAsync(run.Job, run.StartedUtc, cancellationToken);
        var names = await CsvHeader.ReadAsync(await StartAsync(copy, cancellationToken), copy.Path, cancellationToken);
        var layout = await new LoadFileCheck(AsLoadFile(copy.Path), System.Globalization.CultureInfo.GetCultureInfo(point.Import.Culture), blobs)
            .RunAsync(new StagedLoadFile(copy.Path, copy.Version, IsUnpacked: true), package: null, cancellationToken);
        return layout with { Warnings = [.. layout.Warnings, .. Changes(names, copy.Path)] };
    }

    /// <inheritdoc/>
    public Task SpoolAsync(SourceLayout layout, CancellationToken cancellationToken) => Copies.MakeAsync(run.Job, run.StartedUtc, cancellationToken);

    /// <inheritdoc/>
    public Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken)
        => Copied(layout).PlanAsync(layout, identifier, cursor, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceRecord> ReadAsync(SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, CancellationToken cancellationToken)
        => Copied(layout).ReadAsync(layout, batch, fileFields, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken)
        => Copied(layout).LacksFilesAsync(layout, import, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken)
        => Copied(layout).OpenBytesAsync(layout, offset, length, cancellationToken);

    private async Task<SourceLayout> LookAsync(CancellationToken cancellationToken)
    {
        var (path, start, hostKey) = await Copies.LookAsync(run.StartedUtc, cancellationToken);
        var names = await CsvHeader.ReadAsync(start, path, cancellationToken);
        return new SourceLayout
        {
            Name = NameOf(path),
            Fields = [.. names.Select(name => new SourceField(name))],
            Found = hostKey is null ? new Dictionary<string, string> { ["path"] = path } : new() { ["path"] = path, ["hostKey"] = hostKey },
            Warnings = [.. Changes(names, path)],
        };
    }

    private LoadFileSource Copied(SourceLayout layout) => new(AsLoadFile(FrozenLoadFile.From(layout).File), blobs, run.Job, size)
    {
        PathRules = point.Import.PathRules,
        Culture = point.Import.Culture,
    };

    // Natives and texts that a CSV file names lie in the workspace's own folder of the staging area: nothing else is its to read.
    private LoadFileSettings AsLoadFile(string path) => new()
    {
        File = path,
        BaseFolder = StagingPaths.FolderOf(point.Workspace),
        Column = ',',
        Quote = '"',
        BlanksBeforeQuotes = true,
        MayBeEmpty = true,
    };

    private async Task<byte[]> StartAsync(CopiedCsv copy, CancellationToken cancellationToken)
    {
        var start = new byte[Math.Min(copy.Version.Bytes, CsvHeader.MostBytes)];
        if (start.Length == 0) return start;
        await using var stream = await Blobs.OpenRangeAsync(blobs.Jobs, copy.Version.Name, 0, start.Length, copy.Version.ETag, cancellationToken);
        await stream.ReadExactlyAsync(start, cancellationToken);
        return start;
    }

    // What is mapped by hand and missing is said by the mapping. With all fields mapped by name nobody would notice.
    private IEnumerable<Problem> Changes(IReadOnlyList<string> names, string path)
    {
        if (settings.Columns.Count == 0) return [];
        var gone = settings.Columns.Except(names, StringComparer.OrdinalIgnoreCase).ToList();
        var added = names.Except(settings.Columns, StringComparer.OrdinalIgnoreCase).ToList();
        if (gone.Count > 0 && point.MapAllFields)
        {
            throw new ConfigurationException(new Problem("column-missing",
                $"The file {Words.QuotePath(path)} has no column {Words.List(gone)} any more, which it had when the integration point was saved and all fields are mapped by name. "
                + $"Have it exported again with {(gone.Count == 1 ? "it" : "them")}, or save the integration point with the columns that there are now. There are {Words.List([.. names])}.")
            { Field = gone[0] });
        }
        var unmapped = gone.Where(name => !point.Mapping.Any(pair => string.Equals(pair.Source.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase))).ToList();
        List<Problem> notes = [];
        if (added.Count > 0) notes.Add(Note("column-new", $"The file {Words.QuotePath(path)} has columns that it had not when the integration point was saved: {Words.List(added)}. Map them if their values are wanted."));
        if (unmapped.Count > 0) notes.Add(Note("column-gone", $"The file {Words.QuotePath(path)} has no column {Words.List(unmapped)} any more; nothing was mapped to {(unmapped.Count == 1 ? "it" : "them")}."));
        return notes;
    }

    private static Problem Note(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
