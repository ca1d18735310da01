using Azure;
using Azure.Identity;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App;

/// <summary>
/// Makes containers, tables and the record store when the app starts, and waits for a storage account that is starting, too, and on Azure for roles that
/// the app was given a moment ago. Functions may be called meanwhile: the worker takes calls before this begins.
/// </summary>
public sealed class StoreSetup(Blobs blobs, JobTables tables, IRecords records, TimeProvider time, ILogger<StoreSetup> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(60);

    // Role assignments take up to 10 minutes to count (learn.microsoft.com, Troubleshoot Azure RBAC).
    private static readonly TimeSpan RolePause = TimeSpan.FromSeconds(10), RolePatience = TimeSpan.FromMinutes(12);

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
            catch (Exception e) when (!blobs.Staging.Uri.IsLoopback && IsRefused(e) && time.GetElapsedTime(begun) < RolePatience)
            {
                logger.LogWarning("The app's identity may not use the stores. Roles that were given to it a moment ago count after some minutes: {Reason}", e.Message.Split('\n')[0]);
                await Task.Delay(RolePause, time, cancellationToken);
            }
        }
    }

    /// <summary>Whether a store knows of no role that lets the app in, or its identity is not known yet.</summary>
    internal static bool IsRefused(Exception exception) => exception switch
    {
        RequestFailedException e => e.Status is 401 or 403,
        CosmosException e => (int)e.StatusCode is 401 or 403,
        AuthenticationFailedException => true,
        AggregateException e => e.InnerExceptions.Count > 0 && e.InnerExceptions.All(IsRefused),
        _ => false,
    };

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
