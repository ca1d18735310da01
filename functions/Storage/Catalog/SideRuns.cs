using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>Something that runs beside the jobs of a workspace: a check, a verification, or the trial of a source.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedUtc">When it took its place.</param>
public sealed record SideRun(string Id, DateTimeOffset StartedUtc);

/// <summary>
/// What runs beside the jobs of a workspace, of which there are so many places for each purpose. Nobody has to give a place back: whoever wants one
/// looks which of them are in use still, so that none is lost with a process that ended. What leaves no other trace of its end gives it back.
/// </summary>
public sealed class SideRuns(Catalog catalog, TimeProvider time)
{
    private const string Kind = "side-runs";

    /// <summary>Takes a place.</summary>
    /// <param name="workspace">The workspace's id.</param>
    /// <param name="purpose">What the places are for.</param>
    /// <param name="id">Who takes it; whoever has one already keeps it.</param>
    /// <param name="places">How many there are.</param>
    /// <param name="isOver">Whether another one does not run any more.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null, or those that have all the places.</returns>
    public async Task<IReadOnlyList<SideRun>?> TryTakeAsync(
        string workspace, string purpose, string id, int places, Func<SideRun, Task<bool>> isOver, CancellationToken cancellationToken)
    {
        var (partition, name) = (Catalog.Config(workspace), Identifier.Escape(purpose));
        while (true)
        {
            var kept = await catalog.ReadAsync<Taken>(partition, Kind, name, cancellationToken);
            var running = new List<SideRun>();
            foreach (var run in kept?.Value.Runs ?? []) if (run.Id == id || !await isOver(run)) running.Add(run);
            if (running.Any(run => run.Id == id)) return null;
            if (running.Count >= places) return running;
            var taken = new Taken([.. running, new SideRun(id, time.GetUtcNow())]);
            var isDone = kept is null
                ? await catalog.CreateAsync(partition, Kind, name, taken, cancellationToken)
                : await catalog.ReplaceAsync(partition, Kind, name, taken, kept.ETag, cancellationToken) is not null;
            // Somebody else was quicker, and may have had the last one.
            if (isDone) return null;
        }
    }

    /// <summary>Gives a place back; one that is not taken is free already.</summary>
    /// <param name="workspace">The workspace's id.</param>
    /// <param name="purpose">What the places are for.</param>
    /// <param name="id">Who has it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task GiveBackAsync(string workspace, string purpose, string id, CancellationToken cancellationToken)
    {
        var (partition, name) = (Catalog.Config(workspace), Identifier.Escape(purpose));
        while (await catalog.ReadAsync<Taken>(partition, Kind, name, cancellationToken) is { } kept && kept.Value.Runs.Any(run => run.Id == id))
        {
            var left = new Taken([.. kept.Value.Runs.Where(run => run.Id != id)]);
            if (await catalog.ReplaceAsync(partition, Kind, name, left, kept.ETag, cancellationToken) is not null) return;
        }
    }

    private sealed record Taken(IReadOnlyList<SideRun> Runs);
}
