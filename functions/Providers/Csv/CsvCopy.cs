using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Csv;

/// <summary>The copy of a file that a job made for itself.</summary>
/// <param name="Path">The file's path on the server, dates filled in.</param>
/// <param name="Version">The copy.</param>
internal sealed record CopiedCsv(string Path, BlobVersion Version);

/// <summary>
/// Copies a file of a server into a job's own files, once: whoever has all of it first decides, and everybody reads that. A copy that is cut off leaves
/// nothing. What stands in its way for a moment is tried again; after that the user has to know.
/// </summary>
internal sealed class CsvCopy(IntegrationPoint point, CsvSettings settings, Blobs blobs, Outside outside)
{
    /// <summary>The most that is copied, so that a server that never ends fills no storage.</summary>
    private const long MostBytes = 64L << 30;

    // Whoever waits for an answer over HTTP waits no longer than the platform does (230 seconds).
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(120);

    private const string PathNote = "path";

    private readonly HostKeys keys = new(outside.Points);

    /// <summary>The copy that a job has, or null.</summary>
    public async Task<CopiedCsv?> FindAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blobs.Jobs.GetBlobClient(JobFiles.CopyName(job)).GetPropertiesAsync(cancellationToken: cancellationToken);
            var path = Encoding.UTF8.GetString(Convert.FromBase64String(found.Metadata[PathNote]));
            return new CopiedCsv(path, new BlobVersion(JobFiles.CopyName(job), found.ContentLength, found.ETag.ToString().Trim('"')));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Makes a job's copy, unless it has one.</summary>
    /// <param name="job">The job.</param>
    /// <param name="now">When it started: what dates in the name mean.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ConfigurationException">The server cannot be reached, lets nobody in, or has no such file.</exception>
    public async Task<CopiedCsv> MakeAsync(string job, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(job, cancellationToken) is { } done) return done;
        await WithServerAsync(now, async (server, path) =>
        {
            await using var copy = new BlobWriteStream(blobs.Jobs, JobFiles.CopyName(job));
            if (await server.CopyAsync(path, copy, MostBytes, cancellationToken) == MostBytes) throw new ServerWords(settings).TooLarge(path, MostBytes);
            var notes = new Dictionary<string, string> { [PathNote] = Convert.ToBase64String(Encoding.UTF8.GetBytes(path)) };
            return await copy.CommitAsync(replaces: null, notes, cancellationToken);
        }, outside.Attempts, isJob: true, cancellationToken);
        return await FindAsync(job, cancellationToken) ?? throw new InvalidOperationException($"The copy of job {job} was there and is gone.");
    }

    /// <summary>The first bytes of the file, without copying it; and the host key of its server, null when that has none.</summary>
    /// <exception cref="ConfigurationException">As <see cref="MakeAsync"/>; nothing is tried twice, for somebody waits.</exception>
    public async Task<(string Path, byte[] Start, string? HostKey)> LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            return await WithServerAsync(now, async (server, path) =>
            {
                using var start = new MemoryStream();
                await server.CopyAsync(path, start, CsvHeader.MostBytes, limit.Token);
                return (path, start.ToArray(), server.HostKey);
            }, attempts: 1, isJob: false, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConfigurationException(new ServerWords(settings).Slow().Problem);
        }
    }

    private async Task<T> WithServerAsync<T>(DateTimeOffset now, Func<IFileServer, string, Task<T>> work, int attempts, bool isJob, CancellationToken cancellationToken)
    {
        for (var (attempt, wait) = (1, outside.FirstWait); ; attempt++, wait *= 4)
        {
            try
            {
                return await AttemptAsync(now, work, isJob, cancellationToken);
            }
            catch (ServerException e) when (!e.MayPass || attempt >= attempts)
            {
                throw new ConfigurationException(e.Problem);
            }
            catch (ServerException)
            {
                await Task.Delay(wait, outside.Time, cancellationToken);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(DateTimeOffset now, Func<IFileServer, string, Task<T>> work, bool isJob, CancellationToken cancellationToken)
    {
        var known = await keys.WithKnownAsync(point, settings, cancellationToken);
        await using var server = await new FileServers(outside, point.Workspace).SignInAsync(known, cancellationToken);
        if (isJob && known.HostKey is null && server.HostKey is { } seen && !await keys.RecordAsync(point, settings, seen, cancellationToken))
            throw new ServerWords(settings).Busy("its host key differs from the one that another job has just been shown");
        return await work(server, await FindPathAsync(server, now, cancellationToken));
    }

    private async Task<string> FindPathAsync(IFileServer server, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var path = DatedPath.Parse(settings.Path, out var wrong) ?? throw new ConfigurationException(wrong!);
        var id = settings.TimeZone ?? point.Schedule?.TimeZone;
        if (id is null || !TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) zone = TimeZoneInfo.Utc;
        if (!path.HasTime) return path.Folder + path.NameAt(TimeZoneInfo.ConvertTime(now, zone));
        var candidates = path.NamesOfLastHour(now, zone);
        (string Name, DateTimeOffset At)? newest = null;
        await foreach (var name in server.NamesAsync(path.Folder, cancellationToken))
            if (candidates.TryGetValue(name, out var at) && (newest is null || at > newest.Value.At)) newest = (name, at);
        return newest is { } found ? path.Folder + found.Name : throw new ServerWords(settings).NoneOfLastHour(settings.Path, TimeZoneInfo.ConvertTime(now, zone));
    }
}
