using System.Net;
using IntegrationPoints.LocalHost.Engine;
using IntegrationPoints.LocalHost.Hosting;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IntegrationPoints.LocalHost.Builder;

/// <summary>
/// Builds a function app and the host it runs in. Settings come, later ones first, from the command line, the environment, and the
/// <c>Values</c> of <c>local.settings.json</c> in the current directory.
/// </summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    /// <summary>What the Functions host lets through, whatever the worker's Kestrel would take.</summary>
    private const long MaxRequestBodyOfHost = 104_857_600;

    private readonly WebApplicationBuilder builder;

    internal FunctionsApplicationBuilder(string[] args, IEnumerable<Type> types)
    {
        Types = types;
        builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            EnvironmentName = System.Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT") ?? Environments.Development,
            ContentRootPath = Directory.GetCurrentDirectory(),
        });
        builder.Configuration.AddInMemoryCollection(LocalSettings.Read(Directory.GetCurrentDirectory())).AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddConfiguration(builder.Configuration.GetSection("Logging"))
            .AddSimpleConsole(o => o.SingleLine = true);
    }

    /// <inheritdoc/>
    public IConfigurationManager Configuration => builder.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => builder.Environment;

    /// <inheritdoc/>
    public ILoggingBuilder Logging => builder.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => builder.Metrics;

    /// <inheritdoc/>
    public IServiceCollection Services => builder.Services;

    /// <inheritdoc/>
    IDictionary<object, object> IHostApplicationBuilder.Properties => ((IHostApplicationBuilder)builder).Properties;

    internal bool HasWeb { get; set; }

    internal IEnumerable<Type> Types { get; }

    internal List<Type> Middleware { get; } = [];

    /// <inheritdoc/>
    void IHostApplicationBuilder.ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure) =>
        ((IHostApplicationBuilder)builder).ConfigureContainer(factory, configure);

    /// <summary>Builds the app.</summary>
    /// <returns>The app; run it.</returns>
    /// <exception cref="InvalidOperationException">A function breaks a rule of the real host; the message names both.</exception>
    public IHost Build()
    {
        var catalog = new FunctionCatalog(Types);
        if (!HasWeb && catalog.With<HttpTriggerAttribute>().Any())
        {
            throw new InvalidOperationException("There are HTTP functions: call ConfigureFunctionsWebApplication() on the builder.");
        }

        var settings = LocalHostSettings.Read(builder.Configuration, AppContext.BaseDirectory, Directory.GetCurrentDirectory());
        AddHost(catalog, settings);
        AddWeb(settings);
        var app = builder.Build();
        app.UseHostFiltering();
        app.UseRouting();
        app.Services.GetRequiredService<HttpFunctions>().Map(app);
        return app;
    }

    private void AddHost(FunctionCatalog catalog, LocalHostSettings settings)
    {
        Services.AddSingleton(settings).AddSingleton(catalog)
            .AddSingleton(s => new FunctionPipeline(s, Middleware))
            .AddSingleton(_ => new Database(settings.Database))
            .AddSingleton<InstanceStore>().AddSingleton<TriggerStore>()
            .AddSingleton<OrchestrationEngine>().AddSingleton<LocalDurableTaskClient>()
            .AddSingleton<RunningWork>().AddSingleton<Chaos>().AddSingleton<Invoker>()
            .AddSingleton<ActivityFunctions>().AddSingleton<TimerFunctions>().AddSingleton<BlobFunctions>().AddSingleton<HttpFunctions>()
            .AddHostedService<LocalHostService>();
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds + 10));
    }

    private void AddWeb(LocalHostSettings settings)
    {
        builder.WebHost.UseKestrelCore();
        Services.AddRouting();
        Services.AddMvcCore();
        Services.Configure<KestrelServerOptions>(o => o.Listen(IPAddress.Loopback, settings.Port));
        Services.PostConfigure<KestrelServerOptions>(o =>
            o.Limits.MaxRequestBodySize = Math.Min(o.Limits.MaxRequestBodySize ?? long.MaxValue, MaxRequestBodyOfHost));
        // A page of another site whose name was made to point here (DNS rebinding) still sends that name.
        Services.Configure<HostFilteringOptions>(o =>
        {
            o.AllowedHosts = ["127.0.0.1", "localhost", "[::1]"];
            o.AllowEmptyHosts = false;
            o.IncludeFailureMessage = false;
        });
    }
}
