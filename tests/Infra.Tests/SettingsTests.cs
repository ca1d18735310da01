using System.Text.Json;
using IntegrationPoints.App;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.Infra.Tests;

/// <summary>The app settings of a deployment against what reads them. That the sample lists what the code reads is for the app's own tests to say.</summary>
public sealed class SettingsTests(Deployment deployment)
{
    // Settings of the sample that exist on a developer's machine only.
    private static readonly string[] LocalOnly =
    [
        "FUNCTIONS_WORKER_RUNTIME", // Flex Consumption has it from functionAppConfig.
        "AzureWebJobsStorage", "DataStorage", // Connection strings; on Azure the settings below them stand for an identity.
        "App__Instance", "Records__Sqlite", "Auth__LocalKeyFile", "Secrets__Folder",
        "Records__Cosmos__Key", // for the emulator, which knows no identities
    ];

    private static readonly string[] LocalGroups = ["LocalHost__", "Chaos__"];

    // What reads settings of a deployment beside the app's own code.
    private static readonly string[] ReadByOthers =
    [
        "AZURE_CLIENT_ID", // Azure.Identity: which user-assigned identity DefaultAzureCredential means
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AzureWebJobsDisableHomepage", // the Functions host
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", // its telemetry
    ];

    // learn.microsoft.com, App settings reference for Azure Functions, Flex Consumption plan deprecations
    private static readonly string[] RefusedByFlex =
    [
        "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "FUNCTIONS_MAX_HTTP_CONCURRENCY", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
        "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE",
        "WEBSITE_DNS_SERVER", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_NODE_DEFAULT_VERSION", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION", "WEBSITE_VNET_ROUTE_ALL", "WEBSITE_TIME_ZONE", "TZ", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED",
    ];

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("prod-vnet")]
    public void Every_setting_that_the_code_reads_on_Azure_is_set_and_none_that_nobody_reads(string variant)
    {
        var read = Sample().Keys.Where(name => !LocalOnly.Contains(name) && !LocalGroups.Any(g => name.StartsWith(g, StringComparison.Ordinal)));
        Assert.Equal(read.Union(ReadByOthers).Order(StringComparer.Ordinal), Deployed(variant).Keys.Order(StringComparer.Ordinal));
    }

    [Fact] // What is set by hand is undone by the next deployment.
    public void What_an_operator_sets_stands_in_place_of_what_the_template_says()
    {
        var (plain, overridden) = (Deployed("dev"), Deployed(Deployment.InZones));
        Assert.Equal(["AzureFunctionsJobHost__logging__logLevel__Function", "AzureWebJobsStorage__blobServiceUri"], overridden.Keys.Except(plain.Keys).Order(StringComparer.Ordinal));
        // The name of the account would be looked for in the public cloud.
        Assert.Equal(["AzureWebJobsStorage__accountName"], plain.Keys.Except(overridden.Keys));
        Assert.Equal("None", overridden["AzureFunctionsJobHost__logging__logLevel__Function"]);
        Assert.Equal("https://restored.example.com:443/?a=b", overridden["Records__Cosmos__Endpoint"]);
        Assert.Equal(["Records__Cosmos__Endpoint"], plain.Keys.Intersect(overridden.Keys).Where(name => overridden[name] != plain[name]));
    }

    [Theory] // Without it / shows anybody a page (learn.microsoft.com, App settings reference for Azure Functions, AzureWebJobsDisableHomepage).
    [InlineData("dev")]
    [InlineData("prod-vnet")]
    public void Nobody_is_shown_a_page_of_the_host(string variant) => Assert.Equal("true", Deployed(variant)["AzureWebJobsDisableHomepage"]);

    [Fact]
    public void The_app_complains_of_none_when_it_starts()
        => Assert.Empty(UnreadSettings.Find(new ConfigurationBuilder()
            .AddInMemoryCollection(Deployed("dev").Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build()));

    [Fact]
    public void No_setting_is_one_that_Flex_Consumption_refuses() => Assert.Empty(Deployed("dev").Keys.Intersect(RefusedByFlex, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Language_and_version_are_said_where_Flex_Consumption_reads_them()
    {
        var app = deployment["dev"].Single(r => r.Type == "Microsoft.Web/sites");
        Assert.Equal(("dotnet-isolated", "10.0"),
            (app["properties.functionAppConfig.runtime.name"], app["properties.functionAppConfig.runtime.version"]));
        Assert.Contains("<TargetFramework>net10.0</TargetFramework>", Repository.Text("Directory.Build.props"));
        Assert.Contains("\"durable\"", app["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]);
    }

    [Theory]
    [InlineData("Jobs__")]
    [InlineData("Limits__")]
    [InlineData("Records__Cosmos__Database")]
    [InlineData("Smtp__CheckRevocation")]
    public void What_was_measured_or_chosen_is_the_same_in_both_places(string group)
    {
        var sample = Sample();
        foreach (var (name, value) in Deployed("dev").Where(s => s.Key.StartsWith(group, StringComparison.Ordinal)))
            Assert.Equal((name, sample.GetValueOrDefault(name, value)), (name, value));
    }

    [Fact]
    public void The_only_secret_is_a_reference_to_the_vault()
        => Assert.Contains("@Microsoft.KeyVault(SecretUri=https://", Deployed("prod")["Smtp__Password"]);

    [Fact] // What refers to a secret that does not exist would be sent to a mail server as it stands.
    public void Without_a_mail_server_nothing_refers_to_its_password() => Assert.Equal(("", ""), (Deployed("dev")["Smtp__Host"], Deployed("dev")["Smtp__Password"]));

    [Theory] // Others than these and the deployment is refused: ARM 51021, properties of sites that Flex Consumption does not know
    [InlineData("dev")]
    [InlineData("prod-vnet")]
    public void The_site_has_only_properties_that_Flex_Consumption_takes(string variant)
        => Assert.Equal(
            ["http20Enabled", "minTlsVersion", "scmMinTlsVersion"],
            deployment[variant].Single(r => r.Type == "Microsoft.Web/sites").Json.GetProperty("properties").GetProperty("siteConfig").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Connections_of_host_json_and_triggers_are_set_by_identity()
    {
        using var host = JsonDocument.Parse(Repository.Text("host.json"));
        var storage = host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider");
        Assert.Equal("AzureWebJobsStorage", storage.GetProperty("connectionName").GetString());
        Assert.Contains("Connection = \"DataStorage\"", Repository.Text("functions/App/Triggers/StagingUpload.cs"));
        var settings = Deployed("dev");
        foreach (var connection in (string[])["AzureWebJobsStorage", "DataStorage"])
        {
            Assert.False(settings.ContainsKey(connection), connection);
            Assert.Equal("managedidentity", settings[$"{connection}__credential"]);
            Assert.Contains("/userAssignedIdentities/", settings[$"{connection}__clientId"]);
        }
        // The trigger asks for both (learn.microsoft.com, Azure Blob storage trigger, identity-based connections).
        Assert.All(["DataStorage__blobServiceUri", "DataStorage__queueServiceUri"], name => Assert.True(settings.ContainsKey(name), name));
    }

    [Theory] // issue: the app as Azure sees it; design, Rules of orchestration
    [InlineData("functionTimeout", "00:30:00")]
    [InlineData("telemetryMode", "OpenTelemetry")]
    [InlineData("extensions.durableTask.hubName", "IntegrationPoints")]
    [InlineData("extensions.durableTask.storageProvider.type", "AzureStorage")]
    [InlineData("extensions.durableTask.storageProvider.maxQueuePollingInterval", "00:00:05")] // Flex Consumption: at most 10 s
    [InlineData("extensions.durableTask.extendedSessionsEnabled", "False")]
    [InlineData("extensions.durableTask.tracing.traceInputsAndOutputs", "False")]
    public void The_host_is_set(string path, string value)
    {
        using var host = JsonDocument.Parse(Repository.Text("host.json"));
        Assert.Equal(value, new Resource(host.RootElement)[path]);
    }

    private static Dictionary<string, string> Sample()
    {
        using var sample = JsonDocument.Parse(Repository.Text("local.settings.sample.json"), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.ToString());
    }

    private Dictionary<string, string> Deployed(string variant)
        => deployment[variant].Single(r => r.Type == "Microsoft.Web/sites/config").Json.GetProperty("properties").EnumerateObject()
            .ToDictionary(v => v.Name, v => v.Value.ToString());
}
