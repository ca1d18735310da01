using IntegrationPoints.LocalHost.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Hosting;

/// <summary>
/// Starts everything that starts functions once the app itself has started, and ends it before the app ends: nothing new is started, what
/// runs is waited for, what waits stays in the store.
/// </summary>
internal sealed class LocalHostService(IServiceProvider services, LocalHostSettings settings, RunningWork running, ILogger<LocalHostService> logger)
    : IHostedLifecycleService
{
    private readonly OrchestrationEngine engine = services.GetRequiredService<OrchestrationEngine>();
    private List<BlobFunctions.Watch> watches = [];

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Mistakes in schedules and connections end the start, not a loop in the background.
        services.GetRequiredService<TimerFunctions>().Read();
        watches = services.GetRequiredService<BlobFunctions>().Read(services.GetRequiredService<IConfiguration>());
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        engine.Start();
        for (var i = 0; i < settings.MaxConcurrentActivities; i++)
        {
            Run(services.GetRequiredService<ActivityFunctions>().RunAsync);
        }

        Run(services.GetRequiredService<TimerFunctions>().RunAsync);
        Run(() => services.GetRequiredService<BlobFunctions>().RunAsync(watches, TimeSpan.FromSeconds(settings.BlobPollSeconds)));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!await running.StopAsync(TimeSpan.FromSeconds(settings.ShutdownSeconds)))
        {
            logger.LogWarning("Functions still ran after {Seconds} s; activities among them run again at the next start", settings.ShutdownSeconds);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        engine.Stop();
        return Task.CompletedTask;
    }

    /// <summary>Runs a loop; one that fails ends the host, since its functions would silently never start again.</summary>
    private void Run(Func<Task> loop) => _ = Task.Run(async () =>
    {
        try
        {
            await loop();
        }
#pragma warning disable CA1031 // Logged, and the host ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.LogCritical(e, "The host cannot go on");
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    });
}
