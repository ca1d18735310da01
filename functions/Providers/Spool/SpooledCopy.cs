using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Spool;

/// <summary>The copy that a job made of its source.</summary>
/// <param name="Notes">What is known of it.</param>
/// <param name="Version">The copy.</param>
internal sealed record JobCopy(CopyNotes Notes, BlobVersion Version);

/// <summary>
/// Copies what lies outside into a job's own files, once: whoever has all of it first decides, and everybody reads that. A copy that is cut off leaves
/// nothing. What stands in its way for a moment is tried again; after that the user has to know. A wish to stop is seen on the way, whatever a server
/// is waited for.
/// </summary>
internal sealed class SpooledCopy(IOrigin origin, Blobs blobs, Outside outside, JobHistoryTable history)
{
    // Storage takes 8 KiB of metadata, in base 64.
    private const int MostNotes = 5_800;

    private const string NotesKey = "notes";

    // Whoever waits for an answer over HTTP waits no longer than the platform does (230 seconds).
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(120);

    /// <summary>Makes a job's copy, unless it has one.</summary>
    /// <exception cref="ConfigurationException">The server cannot be reached, lets nobody in, or has nothing of the kind.</exception>
    /// <exception cref="JobStoppedException">The job was asked to stop before the copy was whole.</exception>
    public async Task<JobCopy> MakeAsync(string job, CancellationToken cancellationToken)
    {
        if (await FindAsync(job, cancellationToken) is { } done) return done;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stopped = StopAskedAsync(job, end.Token);
        var copied = CopyAsync(job, end.Token);
        var late = Task.Delay(origin.TooLong is null ? Timeout.InfiniteTimeSpan : outside.LongestCopy, outside.Time, end.Token);
        await Task.WhenAny(copied, stopped, late);
        await end.CancelAsync();
        // The copy lets go of its connection, however it ends.
        await Task.WhenAll(copied, stopped, late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (copied.IsCompletedSuccessfully) return await copied;
        if (stopped.IsCompletedSuccessfully) throw new JobStoppedException(job);
        if (late.IsCompletedSuccessfully) throw new ConfigurationException(origin.TooLong!);
        if (stopped.IsFaulted) await stopped;
        return await copied;
    }

    /// <summary>Sees that the copy is there, and that what later jobs are to know of what lies outside is recorded.</summary>
    /// <exception cref="ConfigurationException">As <see cref="MakeAsync"/>.</exception>
    /// <exception cref="JobStoppedException">As <see cref="MakeAsync"/>.</exception>
    public async Task FinishAsync(string job, SourceLayout layout, CancellationToken cancellationToken)
    {
        await MakeAsync(job, cancellationToken);
        await origin.LearnAsync(layout, cancellationToken);
    }

    // Ends when the job is to copy no more. One without a row is nobody's to stop.
    private async Task StopAskedAsync(string job, CancellationToken cancellationToken)
    {
        while (await history.GetAsync(job, cancellationToken) is not { } row || !(row.StopRequested || row.Status.IsFinal()))
            await Task.Delay(BatchWatch.Interval, outside.Time, cancellationToken);
    }

    private async Task<JobCopy> CopyAsync(string job, CancellationToken cancellationToken)
    {
        for (var (attempt, wait) = (1, outside.FirstWait); ; attempt++, wait *= 4)
        {
            try
            {
                await using var copy = new BlobWriteStream(blobs.Jobs, JobFiles.CopyName(job));
                var notes = await origin.CopyAsync(copy, cancellationToken);
                await copy.CommitAsync(replaces: null, new Dictionary<string, string> { [NotesKey] = Convert.ToBase64String(Short(notes)) }, cancellationToken);
                return await FindAsync(job, cancellationToken) ?? throw new InvalidOperationException($"The copy of job {job} was there and is gone.");
            }
            catch (ServerException e) when (!e.MayPass || attempt >= outside.Attempts)
            {
                throw new ConfigurationException(e.Problem);
            }
            catch (ServerException)
            {
                await Task.Delay(wait, outside.Time, cancellationToken);
            }
        }
    }

    /// <summary>Looks at what lies outside; nothing is copied, and nothing is tried twice, for somebody waits.</summary>
    /// <exception cref="ConfigurationException">As <see cref="MakeAsync"/>.</exception>
    public async Task<SourceLayout> LookAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestLook);
        try
        {
            return await origin.LookAsync(limit.Token);
        }
        catch (ServerException e)
        {
            throw new ConfigurationException(e.Problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConfigurationException(origin.Slow);
        }
    }

    private async Task<JobCopy?> FindAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blobs.Jobs.GetBlobClient(JobFiles.CopyName(job)).GetPropertiesAsync(cancellationToken: cancellationToken);
            var notes = JsonSerializer.Deserialize<CopyNotes>(Convert.FromBase64String(found.Metadata[NotesKey]), JsonSerializerOptions.Web)!;
            return new JobCopy(notes, new BlobVersion(JobFiles.CopyName(job), found.ContentLength, found.ETag.ToString().Trim('"')));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    // The last warnings give way when they are too many to be kept.
    private static byte[] Short(CopyNotes notes)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(notes, JsonSerializerOptions.Web);
        return bytes.Length <= MostNotes || notes.Warnings.Count == 0 ? bytes : Short(notes with { Warnings = [.. notes.Warnings.SkipLast(1)] });
    }
}
