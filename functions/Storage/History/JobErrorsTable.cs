using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>One error or warning of a job as it is listed.</summary>
/// <param name="Name">The name by which people speak of it: <c>ERR-…</c> or <c>WRN-…</c>, the same in every attempt.</param>
/// <param name="Problem">What is wrong; very long texts are shortened.</param>
/// <param name="Timestamp">When it was found.</param>
public sealed record JobErrorRow(string Name, Problem Problem, DateTimeOffset Timestamp);

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

    private JobErrorsTable(TableClient table, string prefix) => (_table, _prefix) = (table, prefix);

    /// <summary>The table <c>JobErrors</c>.</summary>
    public static JobErrorsTable Errors(TableServiceClient service) => new(service.GetTableClient("JobErrors"), "ERR");

    /// <summary>The table <c>Warnings</c>.</summary>
    public static JobErrorsTable Warnings(TableServiceClient service) => new(service.GetTableClient("Warnings"), "WRN");

    /// <summary>Makes the table.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => _table.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>
    /// Writes the problems of one batch. Called again with the same problems it writes the same rows; with others of the same lines it
    /// replaces them, so all problems of a line go into one call. Job-level problems are told apart by their codes instead of lines.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="batch">The batch's number, from 0; -1 for what no batch found.</param>
    /// <param name="problems">In the order in which they are to be listed within a line.</param>
    /// <param name="timestamp">When they were found.</param>
    /// <param name="cancellationToken">Stops between transactions; what is written stays.</param>
    public async Task AddAsync(
        string jobId, int batch, IReadOnlyList<Problem> problems, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, -1);
        var partition = TableText.Key(jobId);
        var transaction = new List<TableTransactionAction>();
        var ordinals = new Dictionary<string, int>();
        var characters = 0;
        foreach (var problem in problems)
        {
            var place = Place(batch, problem);
            var ordinal = ordinals[place] = ordinals.GetValueOrDefault(place, -1) + 1;
            var row = Row(partition, $"{place}-{ordinal:d6}", problem, timestamp);
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
    /// instant and code it writes the same row.
    /// </summary>
    public Task AddForPointAsync(string workspace, string pointId, Problem problem, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        var newestFirst = string.Create(CultureInfo.InvariantCulture, $"{DateTime.MaxValue.Ticks - timestamp.UtcTicks:d19}");
        var code = XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(problem.Code));
        return _table.UpsertEntityAsync(Row(TableText.Key(workspace, pointId), $"{newestFirst}-{code:x8}", problem, timestamp), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>The problems of an integration point that no job carries, newest first; 1 to 1,000 a page.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public Task<Page<JobErrorRow>> ListForPointAsync(
        string workspace, string pointId, int pageSize, string? continuationToken, CancellationToken cancellationToken)
        => Page<JobErrorRow>.ReadAsync(
            _table, TableText.Key(workspace, pointId), null, new PageRequest(pageSize, continuationToken), Error, cancellationToken);

    /// <summary>A job's problems: those of the job first, then by batch and line; 1 to 1,000 a page.</summary>
    /// <exception cref="ConfigurationException"><c>invalid-continuation-token</c>.</exception>
    public Task<Page<JobErrorRow>> ListAsync(string jobId, int pageSize, string? continuationToken, CancellationToken cancellationToken)
        => Page<JobErrorRow>.ReadAsync(
            _table, TableText.Key(jobId), null, new PageRequest(pageSize, continuationToken), Error, cancellationToken);

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

    private static TableEntity Row(string partition, string row, Problem problem, DateTimeOffset timestamp) => new(partition, row)
    {
        ["Code"] = TableText.Column(problem.Code),
        ["Error"] = TableText.Column(problem.Message),
        ["Level"] = problem.Level.ToString(),
        ["Severity"] = problem.Severity.ToString(),
        ["Line"] = problem.Line,
        ["SourceId"] = TableText.Column(problem.SourceId),
        ["Field"] = TableText.Column(problem.Field),
        ["FoundUtc"] = timestamp,
    };

    private static int Length(TableEntity row) => 1000 + ((IDictionary<string, object>)row).Values.OfType<string>().Sum(text => text.Length);

    private JobErrorRow Error(TableEntity row) => new(
        $"{_prefix}-{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{row.PartitionKey}/{row.RowKey}")):X16}",
        new Problem(row.GetString("Code"), row.GetString("Error"))
        {
            Level = Enum.Parse<ProblemLevel>(row.GetString("Level")),
            Severity = Enum.Parse<ProblemSeverity>(row.GetString("Severity")),
            Line = row.GetInt64("Line"),
            SourceId = row.GetString("SourceId"),
            Field = row.GetString("Field"),
        },
        row.GetDateTimeOffset("FoundUtc")!.Value);
}
