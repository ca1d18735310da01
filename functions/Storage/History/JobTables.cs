using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;

namespace IntegrationPoints.Storage;

/// <summary>The tables of a deployment (design, Data). A store that is throttled or unreachable throws after the client's own retries.</summary>
public sealed class JobTables(TableServiceClient service)
{
    /// <summary>The job history.</summary>
    public JobHistoryTable History { get; } = new(service);

    /// <summary>The errors of jobs.</summary>
    public JobErrorsTable Errors { get; } = JobErrorsTable.Errors(service);

    /// <summary>The warnings of jobs.</summary>
    public JobErrorsTable Warnings { get; } = JobErrorsTable.Warnings(service);

    /// <summary>What became of the batches of jobs.</summary>
    public BatchResultsTable Batches { get; } = new(service);

    /// <summary>Which job an integration point is running.</summary>
    public PointLeases Leases { get; } = new(service);

    /// <summary>When integration points run next.</summary>
    public SchedulesTable Schedules { get; } = new(service);

    /// <summary>Which load files wait for a job.</summary>
    public UploadsTable Uploads { get; } = new(service);

    /// <summary>The API keys of systems.</summary>
    public ApiKeysTable ApiKeys { get; } = new(service);

    /// <summary>Who did what.</summary>
    public AuditTable Audit { get; } = new(service);

    /// <summary>Connects with a connection string, or else to an address with the identity that the process runs under.</summary>
    /// <exception cref="ArgumentException">Neither is given.</exception>
    public static JobTables Connect(string? connectionString, Uri? serviceUri) => (connectionString, serviceUri) switch
    {
        ({ Length: > 0 }, _) => new JobTables(new TableServiceClient(connectionString, Options())),
        (_, not null) => new JobTables(new TableServiceClient(serviceUri, new DefaultAzureCredential(), Options())),
        _ => throw new ArgumentException("The table store needs a connection string or an address."),
    };

    /// <summary>Makes the tables; may be called any number of times.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await History.EnsureAsync(cancellationToken);
        await Errors.EnsureAsync(cancellationToken);
        await Warnings.EnsureAsync(cancellationToken);
        await Batches.EnsureAsync(cancellationToken);
        await Leases.EnsureAsync(cancellationToken);
        await Schedules.EnsureAsync(cancellationToken);
        await Uploads.EnsureAsync(cancellationToken);
        await ApiKeys.EnsureAsync(cancellationToken);
        await Audit.EnsureAsync(cancellationToken);
    }

    private static TableClientOptions Options() => new() { Retry = { MaxRetries = 5, Mode = RetryMode.Exponential } };
}
