using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>
/// The errors of jobs, or their warnings. Keys follow from what is written (job, batch, line, which of the line's problems), so that a batch
/// that runs twice writes the same rows.
/// </summary>
public sealed class JobErrorsTable
{
    private const int RowsPerTransaction = 100;

    // A transaction ends at 4 MiB of request; JSON may take six bytes for a character.
    private const int CharactersPerTransaction = 500_000;

    private readonly TableClient _table;
    private readonly string _prefix;

    private JobErrorsTable(TableClient table, string prefix, ErrorEntries? entries) => (_table, _prefix, Entries) = (table, prefix, entries);

    /// <summary>The table <c>JobErrors</c>, and <c>ErrorEntries</c>, by which points and workspaces list them.</summary>
    public static JobErrorsTable Errors(TableServiceClient service) => new(service.GetTableClient("JobErrors"), "ERR", new ErrorEntries(service));

    /// <summary>The table <c>Warnings</c>.</summary>
    public static JobErrorsTable Warnings(TableServiceClient service) => new(service.GetTableClient("Warnings"), "WRN", null);

    /// <summary>Which jobs have errors; null: nobody lists these by point or workspace.</summary>
    internal ErrorEntries? Entries { get; }

    /// <summary>Makes the tables.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        if (Entries is not null) await Entries.EnsureAsync(cancellationToken);
    }

    /// <summary>
    /// Writes the problems of one batch. Called again with the same problems it writes the same rows; with others of the same lines it
    /// replaces them, so all problems of a line go into one call. Job-level problems are told apart by their codes instead of lines.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="batch">The batch's number, from 0; -1 for what no batch found.</param>
    /// <param name="problems">In the order in which they are to be listed within a line.</param>
    /// <param name="timestamp">When they were found.</param>
    /// <param name="cancellationToken">Stops between transactions; what is written stays.</param>
    public async Task AddAsync(
        Job job, int batch, IReadOnlyList<Problem> problems, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, -1);
        // First: errors that no list knows would stay unseen, while an entry without errors does no harm.
        if (Entries is not null && problems.Count > 0) await Entries.EnterAsync(job, cancellationToken);
        var partition = TableText.Key(job.Id);
        var transaction = new List<TableTransactionAction>();
        var ordinals = new Dictionary<string, int>();
        var characters = 0;
        foreach (var problem in problems)
        {
            var place = Place(batch, problem);
            var ordinal = ordinals[place] = ordinals.GetValueOrDefault(place, -1) + 1;
            var row = ErrorColumns.Row(partition, $"{place}-{ordinal:d6}", problem, timestamp);
            var length = Length(row);
            if (transaction.Count == RowsPerTransaction || characters + length > CharactersPerTransaction)
            {
                await SubmitAsync(transaction, cancellationToken);
                characters = 0;
            }
            transaction.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
            characters += length;
        }
        await SubmitAsync(transaction, cancellationToken);
    }

    /// <summary>
    /// Writes a problem of an integration point that no job carries, such as a run that was due and not started. Called again for the same
    /// instant and code it writes nothing.
    /// </summary>
    /// <param name="workspace">The point's workspace.</param>
    /// <param name="pointId">The point.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="timestamp">The instant that it is about.</param>
    /// <param name="createdUtc">Now.</param>
    /// <param name="cancellationToken">Stops; calling again completes what was begun.</param>
    public Task AddForPointAsync(
        string workspace, string pointId, Problem problem, DateTimeOffset timestamp, DateTimeOffset createdUtc, CancellationToken cancellationToken)
        => Entries!.AddAsync(workspace, pointId, problem, timestamp, createdUtc, cancellationToken);

    /// <summary>A job's problems: those of the job first, then by batch and line; 1 to 1,000 a page.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public Task<Page<JobErrorRow>> ListAsync(string jobId, int pageSize, string? continuationToken, CancellationToken cancellationToken)
        => Page<JobErrorRow>.ReadAsync(
            _table, new RowList(TableText.Key(jobId)), new PageRequest(pageSize, continuationToken), Error, cancellationToken);

    /// <summary>A job's problems with their places, behind one of them.</summary>
    internal Task<Page<(string Row, JobErrorRow Error)>> ReadAsync(string jobId, int count, string? after, CancellationToken cancellationToken)
        => Page<(string, JobErrorRow)>.ReadAsync(
            _table, new RowList(TableText.Key(jobId)), PageRequest.Behind(after, count), row => (row.RowKey, Error(row)), cancellationToken);

    private async Task SubmitAsync(List<TableTransactionAction> transaction, CancellationToken cancellationToken)
    {
        if (transaction.Count == 0) return;
        await _table.SubmitTransactionAsync(transaction, cancellationToken);
        transaction.Clear();
    }

    // 00000000 for the job's own, batch + 1 for those of records: the order of the keys is the order of the listing.
    private static string Place(int batch, Problem problem)
        => problem.Level == ProblemLevel.Job
            ? string.Create(CultureInfo.InvariantCulture, $"{0:d8}-{batch + 1:d12}-{XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(problem.Code)):x8}")
            : string.Create(CultureInfo.InvariantCulture, $"{batch + 1:d8}-{problem.Line ?? 0:d12}");

    private static int Length(TableEntity row) => 1000 + ((IDictionary<string, object>)row).Values.OfType<string>().Sum(text => text.Length);

    private JobErrorRow Error(TableEntity row) => ErrorColumns.Error(row, _prefix, row.PartitionKey) with
    {
        // As Place has it.
        Batch = int.Parse(row.RowKey.AsSpan(0, 8), NumberStyles.None, CultureInfo.InvariantCulture) is > 0 and var number ? number - 1 : null,
    };
}
