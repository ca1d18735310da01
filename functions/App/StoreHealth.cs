using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App;

/// <summary>Whether the app can do its work: a cheap read of each store.</summary>
public sealed class StoreHealth(IRecords records, Blobs blobs, JobTables tables, SecretHealth secrets, ILogger<StoreHealth> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The stores that cannot be reached, in words.</summary>
    public async Task<IReadOnlyList<string>> AwayAsync(CancellationToken cancellationToken)
    {
        (string Store, Task<bool> Works)[] checks =
        [
            ("the record store", WorksAsync(stop => records.ReadAsync(new ItemKey(Catalog.Tenant, "health"), stop), cancellationToken)),
            ("the file store", WorksAsync(stop => blobs.Staging.GetPropertiesAsync(cancellationToken: stop), cancellationToken)),
            ("the job history", WorksAsync(stop => tables.History.GetAsync("health", stop), cancellationToken)),
            ("the secrets", WorksAsync(secrets.ReadAsync, cancellationToken)),
        ];
        await Task.WhenAll(checks.Select(c => c.Works));
        return [.. checks.Where(c => !c.Works.Result).Select(c => c.Store)];
    }

    private async Task<bool> WorksAsync(Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await read(patience.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever it is: the store does not work, and the answer says which.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogWarning("Health check failed: {Reason}", e.GetType().Name);
            return false;
        }
    }
}

/// <summary>Whether secrets can be reached. Anybody may ask the app how it is, and a vault takes few requests: one answer stands for a while.</summary>
public sealed class SecretHealth(ISecrets secrets, TimeProvider time)
{
    /// <summary>For how long an answer stands.</summary>
    public static readonly TimeSpan Stands = TimeSpan.FromSeconds(30);

    private readonly Lock turn = new();
    private DateTimeOffset askedUtc;
    private Task? answer;

    /// <summary>Looks for a secret that is not there; throws what the store throws when it is away, or does not let the app in.</summary>
    public Task ReadAsync(CancellationToken cancellationToken)
    {
        lock (turn)
        {
            if (answer is null || time.GetUtcNow() - askedUtc >= Stands)
            {
                askedUtc = time.GetUtcNow();
                // For everybody who asks meanwhile: whoever asked first may go away.
                answer = secrets.GetAsync("health", CancellationToken.None);
            }
            return answer.WaitAsync(cancellationToken);
        }
    }
}
