using Azure.Storage.Blobs;
using IntegrationPoints.LocalHost.Hosting;
using IntegrationPoints.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Blob functions: at least once for every name and etag, up to five attempts, remembered over restarts.</summary>
public sealed class BlobTests(AzuriteServer azurite)
{
    private const string Container = "staging";

    public sealed class Functions(Recorder recorder)
    {
        [Function("Arrived")]
        public async Task Arrived(
            [BlobTrigger(Container + "/in/{name}.dat", Source = BlobTriggerSource.EventGrid, Connection = "Account")] BlobClient blob,
            string name,
            CancellationToken cancellationToken)
        {
            var content = await blob.DownloadContentAsync(cancellationToken);
            recorder.Note($"{name}: {content.Value.Content}");
            if (name == "poison")
            {
                throw new FormatException();
            }
        }
    }

    public sealed class DefaultConnection
    {
        [Function("Arrived")]
        public static void Arrived([BlobTrigger("any/{name}")] BlobClient blob, string name)
        {
        }
    }

    [Fact]
    public async Task Every_version_of_a_blob_is_delivered_once_and_not_again_after_a_restart()
    {
        using var folder = new TempFolder();
        var container = new BlobContainerClient(azurite.ConnectionString, Container);
        await container.DeleteIfExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using (var host = await StartAsync(folder))
        {
            var recorder = host.Services.GetRequiredService<Recorder>();
            // The container comes later than the host.
            await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
            await PutAsync(container, "in/a.dat", "1");
            await PutAsync(container, "in/deep/er/b c.dat", "2");
            await PutAsync(container, "in/a.txt", "other ending");
            await PutAsync(container, "out/a.dat", "other folder");
            Assert.Equal(["a: 1", "deep/er/b c: 2"], (await recorder.UntilAsync(l => l.Count >= 2)).Order());
            await PutAsync(container, "in/a.dat", "1, new version");
            await recorder.UntilAsync(l => l.Contains("a: 1, new version"));
        }

        await using var again = await StartAsync(folder);
        await PutAsync(container, "in/last.dat", "3");
        Assert.Equal(["last: 3"], await again.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count > 0));
    }

    [Fact]
    public async Task A_blob_whose_function_fails_is_delivered_five_times_over_restarts_and_then_reported()
    {
        using var folder = new TempFolder();
        var container = new BlobContainerClient(azurite.ConnectionString, Container);
        await container.DeleteIfExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await PutAsync(container, "in/poison.dat", "x");
        var attempts = 0;
        await using (var host = await StartAsync(folder))
        {
            await host.Services.GetRequiredService<Recorder>().UntilAsync(l => l.Count >= 2);
            await host.StopAsync();
            attempts = host.Services.GetRequiredService<Recorder>().Lines.Count;
        }

        await using var again = await StartAsync(folder);
        var recorder = again.Services.GetRequiredService<Recorder>();
        await recorder.UntilAsync(l => l.Any(x => x.StartsWith("Error: Arrived failed 5 times for the blob version ", StringComparison.Ordinal)));
        await PutAsync(container, "in/fine.dat", "y");
        var lines = await recorder.UntilAsync(l => l.Contains("fine: y"));
        Assert.Equal(5, attempts + lines.Count(l => l == "poison: x"));
    }

    [Theory]
    [InlineData("staging/{name}", "a/b.dat", "name=a/b.dat")]
    [InlineData("staging/in/{folder}/{name}.dat", "in/x/y/z.dat", "folder=x/y name=z")]
    [InlineData("staging/in/{name}", "in/", null)]
    [InlineData("staging/a.b/{name}", "aXb/c", null)]
    [InlineData("staging/fixed.dat", "fixed.dat", "")]
    [InlineData("staging/{name}", "a\nb", "name=a\nb")]
    public void Tokens_match_anything_slashes_included(string path, string blob, string? tokens)
    {
        var match = new BlobPattern(path).Match(blob);
        Assert.Equal(tokens, match is null ? null : string.Join(' ', match.Select(t => $"{t.Key}={t.Value}")));
    }

    [Fact]
    public async Task A_missing_connection_string_ends_the_start()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(typeof(DefaultConnection)));
        Assert.Contains("Function 'Arrived': the setting 'AzureWebJobsStorage'", e.Message, StringComparison.Ordinal);
    }

    private static async Task PutAsync(BlobContainerClient container, string name, string content) =>
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true);

    private Task<TestHost> StartAsync(TempFolder folder) => TestHost.StartAsync(
        [typeof(Functions)],
        b => b.Services.AddSingleton<ILoggerProvider>(s => new RecorderLog(s.GetRequiredService<Recorder>(), "Error", typeof(BlobFunctions))),
        folder,
        $"Account={azurite.ConnectionString}",
        "LocalHost:BlobPollSeconds=0.05");
}
