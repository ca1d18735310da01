using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App.Tests;

/// <summary>Program.cs provides what functions ask for, and the sample of settings holds what the app reads.</summary>
public sealed partial class WiringTests
{
    // Read by the host, not by us.
    private static readonly string[] OfTheHost = ["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"];

    // Set by Azure, and by nobody else.
    private static readonly string[] OfAzure = ["WEBSITE_SITE_NAME"];

    private static Dictionary<string, string> Sample { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "local.settings.sample.json")))
        .RootElement.GetProperty("Values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);

    public static TheoryData<string> Classes => new(typeof(RunJob).Assembly.GetTypes()
        .Where(t => t.GetMethods().Any(m => m.IsDefined(typeof(FunctionAttribute)) && !m.IsStatic)).Select(t => t.FullName!));

    [Theory, MemberData(nameof(Classes))]
    public async Task Every_function_gets_what_it_asks_for(string function)
    {
        await using var services = Services();
        Assert.NotNull(ActivatorUtilities.CreateInstance(services, typeof(RunJob).Assembly.GetType(function)!));
    }

    [Fact]
    public async Task Everything_else_is_wired_as_well()
    {
        await using var services = Services();
        Assert.NotEmpty(services.GetServices<IHostedService>());
        Assert.NotNull(ActivatorUtilities.CreateInstance<ProblemMiddleware>(services));
        Assert.NotNull(services.GetRequiredService<SignInSettings>());
    }

    [Fact]
    public void Every_setting_that_is_read_is_in_the_sample()
    {
        var read = Repository.Sources("functions").SelectMany(f => Setting().Matches(f.Text)).Select(m => m.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal));
        Assert.All(read.Except(OfAzure), name => Assert.Contains(Sample.Keys, known => known == name || known.StartsWith(name + "__", StringComparison.Ordinal)));
        Assert.Empty(OfLocalHost().Except(Sample.Keys));
    }

    [Fact]
    public void Every_setting_of_the_sample_is_read()
    {
        var read = Repository.Sources("functions").SelectMany(f => Setting().Matches(f.Text)).Select(m => m.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal)).ToList();
        var unread = Sample.Keys.Except(OfTheHost).Except(OfLocalHost()).Where(name => !read.Contains(name) && !read.Any(r => name.StartsWith(r + "__", StringComparison.Ordinal)));
        Assert.Empty(unread);
    }

    /// <summary>The values work on a developer's machine and reach nothing beyond it.</summary>
    [Fact]
    public void The_values_of_the_sample_are_local()
    {
        Assert.All(Sample.Where(v => v.Key.Contains("Storage", StringComparison.Ordinal)), v => Assert.Contains(v.Value, (string[])["", "UseDevelopmentStorage=true"]));
        Assert.Equal("", Sample["Records__Cosmos__Endpoint"]);
        Assert.All(Sample.Where(v => v.Key is "Chaos__DuplicateActivities" or "Chaos__DuplicateTriggers" or "Chaos__FailActivities"), v => Assert.Equal("0", v.Value));
    }

    private static ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Sample.Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging();
        Program.AddServices(services, configuration);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static IEnumerable<string> OfLocalHost()
    {
        var host = typeof(FunctionAttribute).Assembly;
        return Names("LocalHostSettings", "LocalHost").Where(name => name is not ("LocalHost__Chaos" or "LocalHost__MaxConcurrentActivities")).Concat(Names("ChaosSettings", "Chaos"));

        IEnumerable<string> Names(string type, string section)
            => host.GetType($"IntegrationPoints.LocalHost.Hosting.{type}", throwOnError: true)!
                .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => $"{section}__{p.Name}");
    }

    [GeneratedRegex("""(?:onfiguration\[|GetValue(?:<\w+>)?\(|GetSection\(|GetEnvironmentVariable\(|Connection = )"([^"]+)["]""")]
    private static partial Regex Setting();
}
