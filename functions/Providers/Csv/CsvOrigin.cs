using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Spool;

namespace IntegrationPoints.Providers.Csv;

/// <summary>A CSV file on a server of FTP, FTPS or SFTP (guide 4.2).</summary>
/// <param name="point">The integration point.</param>
/// <param name="now">When the job started: what dates in the name mean.</param>
/// <param name="outside">The way out.</param>
/// <param name="learned">What jobs record of it.</param>
internal sealed class CsvOrigin(IntegrationPoint point, DateTimeOffset now, Outside outside, Learned learned) : IOrigin
{
    /// <summary>The most that is copied, so that a server that never ends fills no storage.</summary>
    private const long MostBytes = 64L << 30;

    private readonly CsvSettings settings = Sources.Read<CsvSettings>(point.Source);

    /// <inheritdoc/>
    public Problem Slow => new ServerWords(settings).Slow().Problem;

    /// <inheritdoc/>
    public Problem? TooLong => new ServerWords(settings).TooLong(outside.LongestCopy);

    /// <inheritdoc/>
    public async Task<SourceLayout> LookAsync(CancellationToken cancellationToken)
    {
        await using var server = await SignInAsync(await learned.WithHostKeyAsync(settings, cancellationToken), cancellationToken);
        using var start = new MemoryStream();
        var (path, _) = await FindAsync(server, start, CsvHeader.MostBytes, cancellationToken);
        var names = await CsvHeader.ReadAsync(start.ToArray(), path, cancellationToken);
        return new SourceLayout
        {
            Name = path[(path.LastIndexOf('/') + 1)..],
            Fields = [.. names.Select(name => new SourceField(name))],
            Found = server.HostKey is not { } key ? new Dictionary<string, string> { ["path"] = path } : new() { ["path"] = path, ["hostKey"] = key },
            Warnings = [.. CsvRules.Notes(settings), .. Changes(names, path)],
        };
    }

    /// <inheritdoc/>
    public async Task<CopyNotes> CopyAsync(Stream copy, CancellationToken cancellationToken)
    {
        var known = await learned.WithHostKeyAsync(settings, cancellationToken);
        await using var server = await SignInAsync(known, cancellationToken);
        if (known.HostKey is null && server.HostKey is { } seen && !await learned.HostKeyAsync(settings, seen, cancellationToken))
            throw new ServerWords(settings).Busy("its host key differs from the one that another job has just been shown");
        await using var start = new StartStream(copy, CsvHeader.MostBytes);
        var (path, copied) = await FindAsync(server, start, MostBytes, cancellationToken);
        if (copied == MostBytes) throw new ServerWords(settings).TooLarge(path, MostBytes);
        // Whether it can be read at all; what it lacks, the mapping tells.
        await CsvHeader.ReadAsync(start.Start, path, cancellationToken);
        return new CopyNotes(path);
    }

    /// <inheritdoc/>
    public Task LearnAsync(SourceLayout layout, CancellationToken cancellationToken)
        => CsvRules.KnownColumns(settings).Count > 0 ? Task.CompletedTask : learned.ColumnsAsync(settings, [.. layout.Fields.Select(f => f.Name)], cancellationToken);

    private Task<IFileServer> SignInAsync(CsvSettings known, CancellationToken cancellationToken)
        => new FileServers(outside, point.Workspace).SignInAsync(known, cancellationToken);

    // Copies the file that the path means now, or its first bytes; answers its path, and how many they were.
    private async Task<(string Path, long Copied)> FindAsync(IFileServer server, Stream to, long most, CancellationToken cancellationToken)
    {
        var path = DatedPath.Parse(settings.Path, out var wrong) ?? throw new ConfigurationException(wrong!);
        var id = settings.TimeZone ?? point.Schedule?.TimeZone;
        if (id is null || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) (id, zone) = (null, TimeZoneInfo.Utc);
        var meant = new NamedMoment(TimeZoneInfo.ConvertTime(now, zone), id);
        var found = await FindAsync(server, path, zone, meant, cancellationToken);
        try
        {
            return (found, await server.CopyAsync(found, to, most, cancellationToken));
        }
        catch (ServerException e) when (path.HasDate && e.Problem.Code == ServerWords.FileNotFound)
        {
            throw ServerWords.NotFoundThen(e, meant);
        }
    }

    private async Task<string> FindAsync(IFileServer server, DatedPath path, TimeZoneInfo zone, NamedMoment meant, CancellationToken cancellationToken)
    {
        if (!path.HasTime) return path.Folder + path.NameAt(meant.Local);
        var candidates = path.NamesOfLastHour(now, zone);
        (string Name, DateTimeOffset At)? newest = null;
        await foreach (var name in server.NamesAsync(path.Folder, cancellationToken))
            if (candidates.TryGetValue(name, out var at) && (newest is null || at > newest.Value.At)) newest = (name, at);
        return newest is { } found ? path.Folder + found.Name : throw new ServerWords(settings).NoneOfLastHour(settings.Path, meant);
    }

    // Which of them matter, only the mapping knows.
    private IEnumerable<Problem> Changes(IReadOnlyList<string> names, string path)
    {
        var known = CsvRules.KnownColumns(settings);
        List<string> gone = [.. known.Except(names, StringComparer.OrdinalIgnoreCase)], added = [.. names.Except(known, StringComparer.OrdinalIgnoreCase)];
        if (known.Count == 0) yield break;
        if (added.Count > 0) yield return Note("column-new", $"The file {Words.QuotePath(path)} has columns that it had not when the integration point was saved, or first ran: {Words.List(added)}.");
        if (gone.Count > 0) yield return Note("column-gone", $"The file {Words.QuotePath(path)} has no column {Words.List(gone)} any more.");
    }

    private static Problem Note(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };
}
