using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace IntegrationPoints.Storage.Tests;

public sealed class AzuriteTests(AzuriteServer azurite)
{
    [Fact]
    public async Task The_emulator_answers_for_blobs_and_tables()
    {
        var stop = TestContext.Current.CancellationToken;
        await new BlobServiceClient(azurite.ConnectionString).GetBlobContainerClient("alive").CreateAsync(cancellationToken: stop);
        await new TableServiceClient(azurite.ConnectionString).CreateTableAsync("alive", stop);
    }

    [Fact]
    public async Task Data_in_a_folder_outlives_the_server()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("azurite-");
        try
        {
            await using (var first = await AzuriteServer.StartAsync(folder.FullName))
                await new BlobServiceClient(first.ConnectionString).GetBlobContainerClient("kept").CreateAsync(cancellationToken: stop);
            await using var second = await AzuriteServer.StartAsync(folder.FullName);
            Assert.True(await new BlobServiceClient(second.ConnectionString).GetBlobContainerClient("kept").ExistsAsync(stop));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
