using IntegrationPoints.LocalHost.Engine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>A function app in this process: the functions of some classes, a folder and a port of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly IHost host;
    private readonly TempFolder? folder;

    private TestHost(IHost host, TempFolder? folder)
    {
        this.host = host;
        this.folder = folder;
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
    }

    public HttpClient Http { get; }

    public DurableTaskClient Client => host.Services.GetRequiredService<LocalDurableTaskClient>();

    public IServiceProvider Services => host.Services;

    public static Task<TestHost> StartAsync(params Type[] functions) => StartAsync(functions, _ => { });

    /// <summary>Starts a host over a folder that the caller keeps, or over one that goes with the host.</summary>
    public static async Task<TestHost> StartAsync(
        Type[] functions, Action<FunctionsApplicationBuilder> configure, TempFolder? keep = null, params string[] settings)
    {
        var own = keep is null ? new TempFolder() : null;
        try
        {
            var builder = Create(functions, (keep ?? own)!, settings);
            configure(builder);
            var host = builder.Build();
            await host.StartAsync();
            return new TestHost(host, own);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    public static FunctionsApplicationBuilder Create(Type[] functions, TempFolder folder, params string[] settings)
    {
        string[] args = [$"--LocalHost:Database={folder.Database}", "--LocalHost:Port=0", .. settings.Select(s => "--" + s)];
        var builder = new FunctionsApplicationBuilder(args, functions);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Recorder>();
        return builder.ConfigureFunctionsWebApplication();
    }

    /// <summary>Starts an orchestration and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
    {
        return await EndOfAsync(await ScheduleAsync(orchestrator, input));
    }

    public Task<string> ScheduleAsync(string orchestrator, object? input = null, StartOrchestrationOptions? options = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options);

    public Task RaiseAsync(string id, string name, object? payload = null) => Client.RaiseEventAsync(id, name, payload);

    public Task TerminateAsync(string id, object? output = null) => Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(output));

    public Task<OrchestrationMetadata?> FindAsync(string id) => Client.GetInstanceAsync(id, getInputsAndOutputs: true);

    public async Task<OrchestrationMetadata> StartOfAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, patience.Token);
    }

    public async Task<OrchestrationMetadata> EndOfAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        folder?.Dispose();
    }
}

/// <summary>A folder that is deleted with the object.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("localhost-tests-").FullName;

    public string Database => System.IO.Path.Combine(Path, "localhost.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>What functions did, in order.</summary>
public sealed class Recorder
{
    private readonly List<string> lines = [];

    /// <summary>What was noted so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Notes a line.</summary>
    public void Note(string line)
    {
        lock (lines)
        {
            lines.Add(line);
        }
    }

    /// <summary>Waits until the lines are as wanted.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(Predicate<IReadOnlyList<string>> wanted)
    {
        IReadOnlyList<string> now = [];
        await Until.TrueAsync(() => wanted(now = Lines));
        return now;
    }
}
