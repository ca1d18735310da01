using Azure.Storage.Blobs;
using IntegrationPoints.App.Jobs;

namespace IntegrationPoints.App.Triggers;

/// <summary>A file has landed in the staging area.</summary>
public sealed class StagingUpload(WaitingUploads queue)
{
    /// <summary>Queues load files of import folders, and looks again at load files that wait for this one.</summary>
    [Function(nameof(StagingUpload))]
    public async Task RunAsync(
        [BlobTrigger("staging/{name}", Source = BlobTriggerSource.EventGrid, Connection = "DataStorage")] BlobClient blob,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        await queue.AddAsync(client, name, cancellationToken);
    }
}
