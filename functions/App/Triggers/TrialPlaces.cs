using System.Globalization;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>
/// Lets a workspace try few sources at a time, over all instances of the app: each trial holds a connection to a server for as long as that takes to
/// answer. A place is given back when its trial has ended; one whose process died becomes free when no trial could last that long.
/// </summary>
public sealed class TrialPlaces(SideRuns runs, TimeProvider time, ILogger<TrialPlaces> logger)
{
    /// <summary>How many there are.</summary>
    internal const int MostAtOnce = 4;

    private const string Purpose = "trials";

    // Most have ended by then.
    private const int RetryAfterSeconds = 10;

    // Twice as long as anybody waits for a source (SpooledCopy.LongestLook).
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    // A store that is away longer is asked no more: the place becomes free by itself.
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(10);

    /// <summary>Tries a source when there is a place.</summary>
    /// <exception cref="RefusedException">429: as many are tried in the workspace already as there may be at a time.</exception>
    internal async Task<T> InOneAsync<T>(string workspace, Func<Task<T>> trial, CancellationToken cancellationToken)
    {
        var id = JobIds.New();
        if (await runs.TryTakeAsync(workspace, Purpose, id, MostAtOnce, run => Task.FromResult(time.GetUtcNow() - run.StartedUtc >= Longest), cancellationToken) is not null)
        {
            throw RefusedException.TooMany("too-many-trials", string.Create(CultureInfo.InvariantCulture,
                $"{MostAtOnce} sources are being tried in the workspace already, as many as there may be at a time. Try this one when one of them has answered, in {RetryAfterSeconds} seconds or so."),
                RetryAfterSeconds);
        }
        try
        {
            return await trial();
        }
        finally
        {
            await GiveBackAsync(workspace, id);
        }
    }

    // Also when the caller has gone.
    private async Task GiveBackAsync(string workspace, string id)
    {
        using var limit = new CancellationTokenSource(LongestReturn, time);
        try
        {
            await runs.GiveBackAsync(workspace, Purpose, id, limit.Token);
        }
        catch (Exception e) when (StoreFailure.IsUnavailable(e) || limit.IsCancellationRequested)
        {
            logger.LogWarning(e, "The place of a trial in {Workspace} was not given back, and is free in a few minutes", workspace);
        }
    }
}
