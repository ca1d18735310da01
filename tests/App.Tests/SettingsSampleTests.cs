using System.Reflection;
using System.Text.Json;
using IntegrationPoints.App.Tests.CodeRules;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests;

/// <summary>local.settings.sample.json lists every setting with a safe local value and a word on what it is.</summary>
public sealed class SettingsSampleTests
{
    // Read by the Functions host and its extensions, not by us.
    private static readonly string[] OfTheHost =
    [
        "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "AzureFunctionsJobHost__extensions__durableTask__hubName", "DataStorage__queueServiceUri", "DataStorage__credential", "DataStorage__clientId",
    ];

    // What Azure itself sets, and nobody else may.
    private static readonly string[] OfAzure = ["WEBSITE_SITE_NAME"];

    private static readonly string[] Projects = ["LoadFiles", "Engine", "Storage", "Providers", "App"];

    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "local.settings.sample.json"))).RootElement;

    private static readonly Lazy<IReadOnlyList<(string? Name, string Where)>> Read = new(() =>
        [.. ReadSettings.Of(Projects.SelectMany(p => Assembly.Load($"IntegrationPoints.{p}").GetTypes())).Where(s => !OfAzure.Contains(s.Name))]);

    /// <summary>The settings with their values.</summary>
    internal static Dictionary<string, string> Sample { get; } = Texts("Values");

    [Fact]
    public void Every_setting_that_is_read_is_in_the_sample()
    {
        Assert.All(Read.Value, setting => Assert.True(
            setting.Name is { } name && Sample.Keys.Any(known => IsOrIsIn(known, name)),
            setting.Name is null
                ? $"{setting.Where} reads a setting whose name is no constant there: name it where it is read."
                : $"{setting.Where} reads {setting.Name}: add it to Values and _Values of local.settings.sample.json."));
        Assert.Empty(OfLocalHost().Except(Sample.Keys));
    }

    [Fact]
    public void Every_setting_of_the_sample_is_read()
        => Assert.All(Sample.Keys.Except(OfTheHost).Except(OfLocalHost()), known => Assert.Contains(Read.Value, read => IsOrIsIn(known, read.Name!)));

    [Fact]
    public void Every_setting_of_the_sample_has_a_word_on_what_it_is()
    {
        var words = Texts("_Values");
        Assert.Equal(Sample.Keys, words.Keys);
        Assert.All(words, w => Assert.Matches(@"^[A-Z].{15,}\.$", w.Value));
    }

    /// <summary>func reads an object of texts under Values and leaves what it does not know alone (its AppSettingsFile); it takes no name that is not one of an environment variable.</summary>
    [Fact]
    public void The_tools_of_the_platform_can_read_the_sample()
    {
        Assert.False(Root.GetProperty("IsEncrypted").GetBoolean());
        Assert.All(Root.GetProperty("Values").EnumerateObject(), v => Assert.Equal(JsonValueKind.String, v.Value.ValueKind));
        Assert.All(Sample.Keys, name => Assert.Matches("^[A-Za-z][A-Za-z0-9_]*$", name));
        Assert.DoesNotContain(Root.EnumerateObject(), p => p.Name is "ConnectionStrings" or "Host");
    }

    /// <summary>The values work on a developer's machine and reach nothing beyond it.</summary>
    [Fact]
    public void The_values_of_the_sample_are_local()
    {
        Assert.All(Sample.Where(v => v.Key.Contains("Storage", StringComparison.Ordinal)), v => Assert.Contains(v.Value, (string[])["", "UseDevelopmentStorage=true"]));
        Assert.Equal("", Sample["Records__Cosmos__Endpoint"]);
        Assert.All(Sample.Where(v => v.Key is "Chaos__DuplicateActivities" or "Chaos__DuplicateTriggers" or "Chaos__FailActivities"), v => Assert.Equal("0", v.Value));
    }

    [Theory]
    [InlineData("Files:RestrictedTypes", "Files__RestrictedTypes")]
    [InlineData("Packages:MaxEntries", "Packages__MaxEntries")]
    [InlineData("Jobs:FirstRetrySecond", "Jobs__FirstRetrySecond")]
    [InlineData("Records:Cosmos:EndPoints", "Records__Cosmos__EndPoints")]
    [InlineData("Chaos:Nothing", "Chaos__Nothing")]
    [InlineData("Staging:Readable:Elsewhere", "Staging__Readable__Elsewhere")]
    public void A_setting_of_ours_that_nobody_reads_is_named(string key, string name) => Assert.Equal([name], Unread(key));

    [Theory]
    [InlineData("Jobs:FirstRetrySeconds")]
    [InlineData("jobs:firstretryseconds")]
    [InlineData("Staging:Readable:ARM")]
    [InlineData("PATH")]
    [InlineData("ConnectionStrings:Other")]
    public void What_is_read_or_is_not_ours_is_not_named(string key) => Assert.Empty(Unread(key));

    [Theory]
    [InlineData(nameof(Reading.Indexed), "A__One")]
    [InlineData(nameof(Reading.Typed), "A__Two")]
    [InlineData(nameof(Reading.Default), "A__Six")]
    [InlineData(nameof(Reading.Section), "A__Three")]
    [InlineData(nameof(Reading.Variable), "FOUR")]
    [InlineData(nameof(Reading.InAClosure), "A__Five")]
    [InlineData(nameof(Reading.Computed), null)]
    public void Every_way_of_reading_a_setting_is_found(string method, string? name)
        => Assert.Contains(ReadSettings.Of([typeof(Reading), .. typeof(Reading).GetNestedTypes(BindingFlags.NonPublic)]), s => s.Where.Contains(method, StringComparison.Ordinal) && s.Name == name);

    private static IReadOnlyList<string> Unread(string key)
        => UnreadSettings.Find(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)"secret")]).Build());

    private static bool IsOrIsIn(string known, string read) => known == read || known.StartsWith(read + "__", StringComparison.Ordinal);

    private static Dictionary<string, string> Texts(string part) => Root.GetProperty(part).EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);

    private static IEnumerable<string> OfLocalHost()
    {
        var host = typeof(FunctionAttribute).Assembly;
        return Names("LocalHostSettings", "LocalHost").Where(name => name is not ("LocalHost__Chaos" or "LocalHost__MaxConcurrentActivities")).Concat(Names("ChaosSettings", "Chaos"));

        IEnumerable<string> Names(string type, string section)
            => host.GetType($"IntegrationPoints.LocalHost.Hosting.{type}", throwOnError: true)!
                .GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => $"{section}__{p.Name}");
    }

    private static class Reading
    {
        public static string? Indexed(IConfiguration configuration) => configuration["A:One"] ?? "default";

        public static int Typed(IConfiguration configuration) => configuration.GetValue("A:Two", 7);

        public static string? Default(IConfiguration configuration) => configuration.GetValue("A:Six", "text");

        public static bool Section(IConfiguration configuration) => configuration.GetSection("A:Three").Exists();

        public static string? Variable() => Environment.GetEnvironmentVariable("FOUR");

        public static Func<string?> InAClosure(IConfiguration configuration) => () => configuration["A:Five"];

        public static string? Computed(IConfiguration configuration, string name) => configuration["A:" + name];
    }
}
