using System.Diagnostics;

namespace IntegrationPoints.Tests;

/// <summary>A Cosmos DB server on a free port of the loopback interface (tests/servers/cosmos/server.cjs); it keeps everything in memory.</summary>
internal sealed class CosmosServer : IAsyncDisposable
{
    /// <summary>The published key of the emulator's only account; not a secret. This server takes any key.</summary>
    public const string Key = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

    /// <summary>What this server charges for each kind of request, in request units.</summary>
    public const double ReadCharge = 1, CreateCharge = 5.5, ReplaceCharge = 10.25, DeleteCharge = 6, QueryCharge = 2.5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process process;
    private readonly Task reading;

    private CosmosServer(Process process, Uri endpoint)
    {
        (this.process, Endpoint) = (process, endpoint);
        // Pipes that nobody reads would fill up and stop the server.
        reading = Task.WhenAll(process.StandardOutput.BaseStream.CopyToAsync(Stream.Null), process.StandardError.BaseStream.CopyToAsync(Stream.Null));
    }

    /// <summary>Its address.</summary>
    public Uri Endpoint { get; }

    /// <summary>A started server.</summary>
    public static async Task<CosmosServer> StartAsync()
    {
        var folder = Path.Combine(AzuriteServer.RepositoryRoot(), "tests", "servers", "cosmos");
        await AzuriteServer.InstallAsync(folder);
        var start = new ProcessStartInfo("node", ["server.cjs", "0"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var line = await process.StandardOutput.ReadLineAsync(limit.Token)
            ?? throw new InvalidOperationException($"The server did not start: {await process.StandardError.ReadToEndAsync(limit.Token)}");
        return new CosmosServer(process, new Uri(line));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (process)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(limit.Token);
            await reading;
        }
    }
}
