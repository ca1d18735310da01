using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Infra.Tests;

/// <summary>The stores of a deployment against the code that uses them.</summary>
public sealed partial class StoreTests(Deployment deployment)
{
    private const string Containers = "Microsoft.Storage/storageAccounts/blobServices/containers";

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("prod-vnet")]
    public void The_container_of_records_is_the_one_that_the_app_would_make(string variant)
    {
        var made = Assert.Single(deployment[variant], r => r.Type == "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers");
        var expected = CosmosRecords.Properties("records");
        var resource = made.Json.GetProperty("properties").GetProperty("resource");
        Assert.Equal(expected.Id, resource.GetProperty("id").GetString());
        Assert.Equal([expected.PartitionKeyPath], resource.GetProperty("partitionKey").GetProperty("paths").EnumerateArray().Select(p => p.GetString()));
        var index = resource.GetProperty("indexingPolicy");
        Assert.Equal(expected.IndexingPolicy.IncludedPaths.Select(p => p.Path), Paths(index, "includedPaths"));
        Assert.Equal(expected.IndexingPolicy.ExcludedPaths.Select(p => p.Path), Paths(index, "excludedPaths"));
        Assert.Equal(expected.IndexingPolicy.IndexingMode, Enum.Parse<IndexingMode>(index.GetProperty("indexingMode").GetString()!, ignoreCase: true));
        Assert.Equal(expected.IndexingPolicy.Automatic, index.GetProperty("automatic").GetBoolean());
    }

    [Fact]
    public void Cosmos_DB_is_serverless_unless_told_otherwise()
    {
        var account = deployment["prod"].Single(r => r.Type == "Microsoft.DocumentDB/databaseAccounts");
        Assert.Contains("EnableServerless", account["properties.capabilities"]);
        Assert.Equal("Continuous", account["properties.backupPolicy.type"]);
    }

    /// <summary>A deployment of the size prod has its stores in zones, also where nothing was said of them; dev has not, unless told so.</summary>
    [Theory]
    [InlineData("dev", "Standard_LRS Standard_LRS", "False")]
    [InlineData(Deployment.InZones, "Standard_ZRS Standard_ZRS", "True")]
    [InlineData("prod", "Standard_GZRS Standard_ZRS", "True")]
    [InlineData("prod-vnet", "Standard_GZRS Standard_ZRS", "True")]
    public void Stores_lie_in_zones_as_the_size_says(string variant, string storage, string zones)
    {
        Assert.Equal(storage, string.Join(' ', deployment[variant].Where(r => r.Type == "Microsoft.Storage/storageAccounts").Select(r => r["sku.name"]!).Order(StringComparer.Ordinal)));
        var account = deployment[variant].Single(r => r.Type == "Microsoft.DocumentDB/databaseAccounts");
        Assert.Equal(zones, account.Json.GetProperty("properties").GetProperty("locations")[0].GetProperty("isZoneRedundant").ToString());
    }

    /// <summary>The app lies in zones where that was asked for: it multiplies what is always ready, and paid for.</summary>
    [Theory]
    [InlineData("dev", "False")]
    [InlineData(Deployment.InZones, "True")]
    [InlineData("prod", "False")]
    public void The_app_lies_in_zones_when_told_so(string variant, string zones)
        => Assert.Equal(zones, deployment[variant].Single(r => r.Type == "Microsoft.Web/serverfarms")["properties.zoneRedundant"]);

    [Fact]
    public void The_containers_that_the_app_uses_are_there()
    {
        var blobs = new Blobs(new BlobServiceClient(new Uri("https://example.invalid")));
        var made = deployment["dev"].Where(r => r.Type == Containers).Select(r => r.Name.Split('/')[^1]);
        Assert.Equal([.. ((BlobContainerClient[])[blobs.Staging, blobs.Files, blobs.Jobs]).Select(c => c.Name).Append("dead-letters").Append("app-packages").Order(StringComparer.Ordinal)],
            made.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_tables_that_the_app_uses_are_there_and_no_other()
    {
        var used = Directory.EnumerateFiles(Repository.Path("functions"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => TableClient().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value).ToList();
        Assert.DoesNotContain("", used); // A name that is not said where its table is asked for cannot be held against the template.
        var made = deployment["dev"].Where(r => r.Type == "Microsoft.Storage/storageAccounts/tableServices/tables").Select(r => r.Name.Split('/')[^1]);
        Assert.Equal(used.Distinct().Order(StringComparer.Ordinal), made.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void What_is_lost_by_mistake_comes_back_and_no_file_of_a_record_is_removed_by_age(string variant)
    {
        var blobs = deployment[variant].Single(r => r.Type == "Microsoft.Storage/storageAccounts/blobServices" && r.Name.StartsWith("stdata", StringComparison.Ordinal));
        Assert.Equal("True", blobs["properties.isVersioningEnabled"]);
        Assert.Equal("True", blobs["properties.deleteRetentionPolicy.enabled"]);
        Assert.Equal("True", blobs["properties.containerDeleteRetentionPolicy.enabled"]);
        var rules = deployment[variant].Single(r => r.Type == "Microsoft.Storage/storageAccounts/managementPolicies")
            .Json.GetProperty("properties").GetProperty("policy").GetProperty("rules").EnumerateArray().ToList();
        var deleting = rules.Where(rule => Definition(rule).GetProperty("actions").TryGetProperty("baseBlob", out var actions) && actions.TryGetProperty("delete", out _));
        var prefixes = deleting.SelectMany(rule => Definition(rule).GetProperty("filters").GetProperty("prefixMatch").EnumerateArray()).Select(p => p.GetString());
        Assert.Equal(["dead-letters/", "jobs/"], prefixes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Events_of_load_files_in_import_folders_reach_the_function_that_takes_them()
    {
        var subscription = Assert.Single(deployment["hooks/uploads"]);
        var filter = subscription.Json.GetProperty("properties").GetProperty("filter");
        Assert.StartsWith("/blobServices/default/containers/staging/", filter.GetProperty("subjectBeginsWith").GetString());
        Assert.Equal($"/blobServices/default/containers/staging/blobs/{StagingPaths.Structured}/", filter.GetProperty("subjectBeginsWith").GetString());
        var rules = filter.GetProperty("advancedFilters").EnumerateArray().ToDictionary(
            f => f.GetProperty("operatorType").GetString()!, f => f.GetProperty("values").EnumerateArray().Select(v => v.GetString()!).ToList());
        Assert.Equal([.. StagedLoadFile.DocumentEndings, .. StagedLoadFile.ImageEndings, ".zip"], rules["StringEndsWith"]);
        Assert.Equal(["/Import/"], rules["StringContains"]);
        Assert.Matches($@"is (not )?\[{nameof(StagingPaths)}\.Structured, var workspace, ", Repository.Text("functions/App/Jobs/WaitingUploads.cs"));
        Assert.Contains("\"Import\"", Repository.Text("functions/App/Jobs/WaitingUploads.cs"));
        Assert.Contains("public sealed class StagingUpload(", Repository.Text("functions/App/Triggers/StagingUpload.cs"));
        Assert.Contains("functionName=Host.Functions.StagingUpload&", Repository.Text("infra/hooks/uploads.bicep"));
        Assert.Equal("dead-letters", subscription["properties.deadLetterWithResourceIdentity.deadLetterDestination.properties.blobContainerName"]);
    }

    [Theory]
    [InlineData("jobs-failed")]
    [InlineData("poison-messages")]
    [InlineData("records-throttled")]
    [InlineData("data-storage-throttled")]
    [InlineData("host-storage-throttled")]
    [InlineData("events-undeliverable")]
    [InlineData("events-failing")]
    [InlineData("events-dropped")]
    public void Somebody_is_told(string alert)
    {
        var made = Assert.Single(deployment["prod"], r => r.Name.StartsWith($"alert-{alert}-", StringComparison.Ordinal));
        var people = deployment["prod"].Single(r => r.Type == "Microsoft.Insights/actionGroups");
        Assert.Contains(people.Id, made["properties.actions"]);
    }

    [Fact]
    public void The_alert_of_failed_jobs_asks_for_what_the_app_measures()
    {
        var alert = deployment["prod"].Single(r => r.Name.StartsWith("alert-jobs-failed-", StringComparison.Ordinal));
        Assert.Contains($"Name == \\\"jobs.ended\\\" and tostring(Properties.status) in (\\\"{JobStatus.Failed}\\\", \\\"{JobStatus.ValidationFailed}\\\")", alert["properties.criteria"]);
        var measures = Repository.Text("functions/App/Telemetry/Measures.cs");
        Assert.Contains("CreateCounter<long>(\"jobs.ended\"", measures);
        Assert.Contains("(\"status\", status.ToString())", measures);
    }

    [GeneratedRegex(@"\.GetTableClient\((?:""(\w+)"")?")]
    private static partial Regex TableClient();

    private static JsonElement Definition(JsonElement rule) => rule.GetProperty("definition");

    private static IEnumerable<string?> Paths(JsonElement index, string list) => index.GetProperty(list).EnumerateArray().Select(p => p.GetProperty("path").GetString());
}
