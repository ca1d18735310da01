using System.Reflection;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App.Tests;

/// <summary>Program.cs provides what functions ask for.</summary>
public sealed class WiringTests
{
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
        Assert.NotNull(ActivatorUtilities.CreateInstance<AccessMiddleware>(services));
        Assert.NotNull(services.GetRequiredService<SignInSettings>());
    }

    private static ServiceProvider Services()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(SettingsSampleTests.Sample.Select(v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value))).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging();
        Program.AddServices(services, configuration);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }
}
