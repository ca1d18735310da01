using IntegrationPoints.LocalHost.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>What the host checks, reads and refuses before it runs anything.</summary>
public sealed class StartTests
{
    public static class SameName
    {
        [Function("One")]
        public static void A([ActivityTrigger] object input)
        {
        }

        [Function("ONE")]
        public static void B([ActivityTrigger] object input)
        {
        }
    }

    public static class TwoTriggers
    {
        [Function("One")]
        public static void A([ActivityTrigger] object input, [TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
        {
        }
    }

    public static class NoTrigger
    {
        [Function("One")]
        public static void A(CancellationToken cancellationToken)
        {
        }
    }

    public sealed class CalledMain
    {
        [Function("One")]
        public void Main([ActivityTrigger] object input)
        {
        }
    }

    public static class NotPublic
    {
        [Function("One")]
        internal static void A([ActivityTrigger] object input)
        {
        }
    }

    public static class WrongTriggerType
    {
        [Function("One")]
        public static void A([OrchestrationTrigger] string context)
        {
        }
    }

    public static class Unbound
    {
        [Function("One")]
        public static IActionResult A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "one/{id}")] HttpRequest request, string name) => new OkResult();
    }

    public static class BadRoute
    {
        [Function("One")]
        public static IActionResult A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "one/{id")] HttpRequest request) => new OkResult();
    }

    public static class ReservedRoute
    {
        [Function("One")]
        public static IActionResult A([HttpTrigger(AuthorizationLevel.Anonymous, Route = "Admin/one")] HttpRequest request) => new OkResult();
    }

    public static class WrongResult
    {
        [Function("One")]
        public static string A([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => "";
    }

    public static class BadBlobPath
    {
        [Function("One")]
        public static void A([BlobTrigger("staging")] Azure.Storage.Blobs.BlobClient blob)
        {
        }
    }

    [Theory]
    [InlineData(typeof(SameName), "another function has this name; names are unique without regard to case")]
    [InlineData(typeof(TwoTriggers), "it has 2 triggers; a function has one")]
    [InlineData(typeof(NoTrigger), "it has 0 triggers; a function has one")]
    [InlineData(typeof(CalledMain), "its method may not be called Main")]
    [InlineData(typeof(NotPublic), "it must be a public method of a public class, and not generic")]
    [InlineData(typeof(WrongTriggerType), "its trigger parameter must be of type TaskOrchestrationContext")]
    [InlineData(typeof(Unbound), "nothing binds its parameter 'name'")]
    [InlineData(typeof(BadRoute), "There is an incomplete parameter in the route template. Check that each '{' character has a matching '}' character.")]
    [InlineData(typeof(ReservedRoute), "its route may not start with 'admin' or 'runtime'")]
    [InlineData(typeof(WrongResult), "an HTTP function returns IActionResult or Task<IActionResult>")]
    [InlineData(typeof(BadBlobPath), "the blob path 'staging' is not of the form container/pattern")]
    public void Functions_that_the_real_host_would_refuse_are_refused(Type functions, string rule)
    {
        var e = Assert.Throws<InvalidOperationException>(() => new FunctionCatalog([functions]));
        Assert.Equal($"Function '{(functions == typeof(SameName) ? "ONE" : "One")}': {rule.TrimEnd('.')}.", e.Message.Replace("..", ".", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("--LocalHost:Port=0 other", "", null)]
    [InlineData("", "my-site", "on Azure (WEBSITE_SITE_NAME is set)")]
    [InlineData("--host 127.0.0.1 --functions-uri http://127.0.0.1:1", null, "by the Functions host (--functions-uri)")]
    [InlineData("--functions-uri=http://127.0.0.1:1", null, "by the Functions host (--functions-uri)")]
    public void It_does_not_start_where_the_real_host_would_have_started_it(string args, string? siteName, string? reason)
    {
        var e = Record.Exception(() => FunctionsApplication.RefuseRealHost(args.Split(' '), siteName));
        Assert.Equal(reason is null, e is null);
        Assert.Contains(reason ?? "", e?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_functions_are_those_of_the_assembly_that_creates_the_builder() =>
        Assert.Equal(typeof(StartTests).Assembly.GetTypes(), FunctionsApplication.CreateBuilder([]).Types);

    [Fact]
    public void Http_functions_need_the_web_application()
    {
        using var folder = new TempFolder();
        var builder = new FunctionsApplicationBuilder([$"--LocalHost:Database={folder.Database}"], [typeof(HttpTests.Functions)]);
        var e = Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Contains("ConfigureFunctionsWebApplication", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hosts_do_not_share_a_database()
    {
        using var folder = new TempFolder();
        await using var first = await TestHost.StartAsync([], _ => { }, folder);
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync([], _ => { }, folder));
        Assert.Contains("is in use by another process", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_come_from_the_file_then_the_environment_then_the_command_line()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "local.settings.json");
        Assert.Empty(Builder.LocalSettings.Read(folder.Path));
        await File.WriteAllTextAsync(
            path, """{ "IsEncrypted": false, /* as func has it */ "Values": { "AzureWebJobsStorage": "x", "LocalHost__Port": 8080, "On": true, }, }""",
            TestContext.Current.CancellationToken);
        Assert.Equal(
            [new("AzureWebJobsStorage", "x"), new("LocalHost:Port", "8080"), new("On", "True")], Builder.LocalSettings.Read(folder.Path));

        await File.WriteAllTextAsync(path, "{ no json", TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => Builder.LocalSettings.Read(folder.Path));
    }

    [Fact]
    public void Configuration_sets_the_host_and_its_faults()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LocalHost:Port"] = "1",
            ["LocalHost:Database"] = "d",
            ["LocalHost:BlobPollSeconds"] = "0.5",
            ["LocalHost:ShutdownSeconds"] = "3",
            ["Chaos:DuplicateActivities"] = "0.1",
            ["Chaos:DuplicateTriggers"] = "0.2",
            ["Chaos:FailActivities"] = "0.3",
            ["Chaos:CrashAfterActivities"] = "4",
            ["Chaos:DelayMs"] = "5",
            ["Chaos:LateMs"] = "6",
            ["Chaos:Seed"] = "7",
        }).Build();
        var chaos = new ChaosSettings
        {
            DuplicateActivities = 0.1,
            DuplicateTriggers = 0.2,
            FailActivities = 0.3,
            CrashAfterActivities = 4,
            DelayMs = 5,
            LateMs = 6,
            Seed = 7,
        };
        Assert.Equal(
            new LocalHostSettings { Port = 1, Database = "d", BlobPollSeconds = 0.5, ShutdownSeconds = 3, Chaos = chaos },
            LocalHostSettings.Read(configuration));
        var defaults = LocalHostSettings.Read(new ConfigurationBuilder().Build());
        Assert.Equal((7071, 2d, 30d), (defaults.Port, defaults.BlobPollSeconds, defaults.ShutdownSeconds));
    }

    [Theory]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { "maxConcurrentActivityFunctions": 3 } } }""", 3)]
    [InlineData("""{ "version": "2.0", "extensions": { "durableTask": { } } }""", null)]
    [InlineData("""{ "version": "2.0" }""", null)]
    [InlineData(null, null)]
    public async Task Host_json_says_how_many_activities_run_at_once(string? hostJson, int? activities)
    {
        using var folder = new TempFolder();
        using var none = new TempFolder();
        if (hostJson is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "host.json"), hostJson, TestContext.Current.CancellationToken);
        }

        var settings = LocalHostSettings.Read(new ConfigurationBuilder().Build(), none.Path, folder.Path);
        Assert.Equal(activities ?? 2 * Environment.ProcessorCount, settings.MaxConcurrentActivities);
    }
}
