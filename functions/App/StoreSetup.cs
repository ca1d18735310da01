using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App;

/// <summary>Makes containers, tables and the record store when the app starts, and waits for a storage account that is starting, too.</summary>
public sealed class StoreSetup(Blobs blobs, JobTables tables, IRecords records, TimeProvider time, ILogger<StoreSetup> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                await blobs.EnsureAsync(cancellationToken);
                await tables.EnsureAsync(cancellationToken);
                await records.EnsureAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (StoreFailure.IsUnavailable(e) && time.GetElapsedTime(begun) < Patience)
            {
                logger.LogWarning("The stores cannot be reached yet: {Reason}", e.Message.Split('\n')[0]);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
