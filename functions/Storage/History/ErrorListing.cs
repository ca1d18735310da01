using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>An error with what its state hangs on.</summary>
/// <param name="Error">The error.</param>
/// <param name="PointId">Its integration point.</param>
/// <param name="Job">Its job's row of the history; null: no job carries it.</param>
public sealed record ListedError(JobErrorRow Error, string PointId, JobHistory? Job);

/// <summary>A part of a list of errors.</summary>
/// <param name="Items">At most as many as asked for.</param>
/// <param name="ContinuationToken">Where the next part begins; null: there is no more.</param>
/// <param name="Scanned">How many errors were looked at; a job whose errors are not there any more counts as one.</param>
public sealed record ErrorPage(IReadOnlyList<ListedError> Items, string? ContinuationToken, int Scanned);

/// <summary>Which part of a list of errors to read.</summary>
/// <param name="PageSize">1 to 1,000.</param>
/// <param name="ContinuationToken">What the part before gave; null: from the beginning.</param>
public sealed record ErrorQuery(int PageSize, string? ContinuationToken)
{
    /// <summary>Which errors are wanted; null: all.</summary>
    public Func<ListedError, bool>? Where { get; init; }

    /// <summary>How many errors are looked at, at most, to fill a part of a filtered list.</summary>
    public int MostScanned { get; init; } = 10_000;
}

/// <summary>
/// Lists the errors of a job, of an integration point, of a workspace: the newest job first, within a job in its order. What an unfiltered page
/// costs depends on the page, not on how many jobs and errors there are; a filtered one looks at errors one by one, up to a bound.
/// </summary>
public sealed class ErrorListing(JobTables tables)
{
    // Jobs are read a few at a time: first one, then more, since one job may fill the page.
    private const int MostJobsAtOnce = 16;

    private const int EntriesAtOnce = 100;

    /// <summary>The errors of one job, or its warnings.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public static Task<ErrorPage> OfJobAsync(JobErrorsTable table, JobHistory job, ErrorQuery query, CancellationToken cancellationToken)
    {
        var entry = new ErrorEntry("", job.PointId, job.JobId, null);
        return ListAsync(query, _ => new[] { entry }.ToAsyncEnumerable(), (_, behind, count) => ReadAsync(table, job, behind, count, cancellationToken), cancellationToken);
    }

    /// <summary>The errors of an integration point, or of all of a workspace: those of its jobs and those that no job carries.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public Task<ErrorPage> OfPointsAsync(string workspace, string? pointId, ErrorQuery query, CancellationToken cancellationToken)
        => ListAsync(
            query,
            from => tables.Errors.Entries!.ListAsync(workspace, pointId, from, EntriesAtOnce, cancellationToken),
            (entry, behind, count) => ReadAsync(workspace, entry, behind, count, cancellationToken),
            cancellationToken);

    private static async Task<ErrorPage> ListAsync(
        ErrorQuery query, Func<string?, IAsyncEnumerable<ErrorEntry>> entries, Func<ErrorEntry, string?, int, Task<Part>> read, CancellationToken cancellationToken)
    {
        var start = Place.Of(query.ContinuationToken);
        var page = new Filling(query);
        await using var more = entries(start?.Entry).GetAsyncEnumerator(cancellationToken);
        for (var atOnce = 1; ; atOnce = page.IsFull ? 1 : Math.Min(atOnce * 2, MostJobsAtOnce))
        {
            var group = new List<ErrorEntry>(atOnce);
            while (group.Count < atOnce && await more.MoveNextAsync())
            {
                // An entry of one error is behind it when it was given; a job's goes on within the job.
                if (more.Current.Row != start?.Entry || start.Error is not null) group.Add(more.Current);
            }
            if (group.Count == 0) return page.End(null);
            var count = page.Wanted;
            var parts = await Task.WhenAll(group.Select(entry => read(entry, entry.Row == start?.Entry ? start.Error : null, count)));
            foreach (var (entry, first) in group.Zip(parts))
            {
                for (Part? part = first; part is not null; part = part.Next is null ? null : await read(entry, part.Next, page.Wanted))
                {
                    if (!page.Add(entry.Row, part)) return page.End(page.Last);
                }
            }
        }
    }

    private async Task<Part> ReadAsync(string workspace, ErrorEntry entry, string? behind, int count, CancellationToken cancellationToken)
    {
        if (entry.JobId is null) return new Part([(null, new ListedError(entry.Error!, entry.PointId, null))], null);
        var reading = tables.Errors.ReadAsync(entry.JobId, count, behind, cancellationToken);
        var job = await tables.History.AtAsync(workspace, entry.Row, cancellationToken);
        var errors = await reading;
        // A job without a row is one that is being entered, and an entry without errors is all that a death left: both are passed over.
        return job is null || errors.Items.Count == 0 ? new Part([(null, null)], null) : Listed(errors, job);
    }

    private static async Task<Part> ReadAsync(JobErrorsTable table, JobHistory job, string? behind, int count, CancellationToken cancellationToken)
        => Listed(await table.ReadAsync(job.JobId, count, behind, cancellationToken), job);

    private static Part Listed(Page<(string Row, JobErrorRow Error)> page, JobHistory job) => new(
        [.. page.Items.Select(item => ((string?)item.Row, (ListedError?)new ListedError(item.Error, job.PointId, job)))],
        page.ContinuationToken is null ? null : page.Items[^1].Row);

    // Some errors of an entry with their places in the job, and behind which place there are more of it.
    private sealed record Part(IReadOnlyList<(string? Row, ListedError? Error)> Errors, string? Next);

    // Where a list goes on: behind an error of a job, or behind a whole entry.
    private sealed record Place(string Entry, string? Error)
    {
        public static Place? Of(string? token)
        {
            if (new PageRequest(1, token).After is not { } text) return null;
            return text.Split('|') is [var entry, var error] ? new Place(entry, error.Length == 0 ? null : error) : throw PageRequest.Strange();
        }

        public override string ToString() => PageRequest.Token($"{Entry}|{Error}");
    }

    // The page as it fills.
    private sealed class Filling(ErrorQuery query)
    {
        private readonly List<ListedError> _items = [];
        private int _scanned;

        public Place? Last { get; private set; }

        public bool IsFull => _items.Count == query.PageSize || (query.Where is not null && _scanned >= query.MostScanned);

        // One more than can be needed tells whether there is more.
        public int Wanted => Math.Clamp(query.Where is null ? query.PageSize - _items.Count + 1 : query.MostScanned - _scanned + 1, 1, 1000);

        // False: it was full before all of the part was in.
        public bool Add(string entry, Part part)
        {
            foreach (var (row, error) in part.Errors)
            {
                if (IsFull) return false;
                _scanned++;
                // Behind the last error of a job its entry is behind, too.
                Last = new Place(entry, part.Next is null && row == part.Errors[^1].Row ? null : row);
                if (error is not null && query.Where?.Invoke(error) != false) _items.Add(error);
            }
            return true;
        }

        public ErrorPage End(Place? last) => new(_items, last?.ToString(), _scanned);
    }
}
