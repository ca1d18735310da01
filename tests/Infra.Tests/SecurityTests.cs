using System.Text.RegularExpressions;

namespace IntegrationPoints.Infra.Tests;

/// <summary>No keys, no passwords, nothing public that need not be (issue: infrastructure; design §9).</summary>
public sealed partial class SecurityTests(Deployment deployment)
{
    [Fact]
    public void Nothing_reads_a_key_or_makes_a_connection_string()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Path("infra"), "*.bicep", SearchOption.AllDirectories))
            Assert.False(Keys().IsMatch(File.ReadAllText(file)), $"{file}: {Keys().Match(File.ReadAllText(file)).Value}");
        foreach (var (variant, resource) in deployment.All)
            Assert.False(Keys().IsMatch(resource.Json.GetRawText()), $"{variant}: {resource}");
    }

    // What each kind of resource has to say. A kind that is not here, nor among those that have nothing to say, fails the test below.
    public static TheoryData<string, string, string> Rules => new()
    {
        { "Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", "False" },
        { "Microsoft.Storage/storageAccounts", "properties.allowBlobPublicAccess", "False" },
        { "Microsoft.Storage/storageAccounts", "properties.allowCrossTenantReplication", "False" },
        { "Microsoft.Storage/storageAccounts", "properties.minimumTlsVersion", "TLS1_2" },
        { "Microsoft.Storage/storageAccounts", "properties.supportsHttpsTrafficOnly", "True" },
        { "Microsoft.DocumentDB/databaseAccounts", "properties.disableLocalAuth", "True" },
        { "Microsoft.DocumentDB/databaseAccounts", "properties.disableKeyBasedMetadataWriteAccess", "True" },
        { "Microsoft.DocumentDB/databaseAccounts", "properties.minimalTlsVersion", "Tls12" },
        { "Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", "True" },
        { "Microsoft.KeyVault/vaults", "properties.enablePurgeProtection", "True" },
        { "Microsoft.Insights/components", "properties.DisableLocalAuth", "True" },
        { "Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "True" },
        { "Microsoft.Web/sites", "properties.httpsOnly", "True" },
        { "Microsoft.Web/sites", "properties.siteConfig.minTlsVersion", "1.2" },
        { "Microsoft.Web/sites", "properties.siteConfig.scmMinTlsVersion", "1.2" },
        { "Microsoft.Web/sites", "identity.type", "UserAssigned" },
        { "Microsoft.Web/sites", "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity" },
        { "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "properties.allow", "False" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_resource_of_a_kind_is_as_it_has_to_be(string kind, string property, string value)
    {
        foreach (var variant in Deployment.Variants)
        {
            var found = deployment[variant].Where(r => r.Type == kind).ToList();
            Assert.NotEmpty(found);
            Assert.All(found, r => Assert.Equal(value, r[property]));
        }
    }

    [Fact]
    public void Kinds_of_resources_that_no_rule_is_about_are_known()
    {
        var about = Rules.Select(rule => rule.Data.Item1).ToHashSet();
        string[] harmless =
        [
            "Microsoft.Resources/resourceGroups", "Microsoft.ManagedIdentity/userAssignedIdentities", "Microsoft.Storage/storageAccounts/blobServices",
            "Microsoft.Storage/storageAccounts/blobServices/containers", "Microsoft.Storage/storageAccounts/managementPolicies",
            "Microsoft.Storage/storageAccounts/tableServices", "Microsoft.Storage/storageAccounts/tableServices/tables",
            "Microsoft.DocumentDB/databaseAccounts/sqlDatabases", "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
            "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments", "Microsoft.KeyVault/vaults/secrets", "Microsoft.EventGrid/systemTopics",
            "Microsoft.EventGrid/systemTopics/eventSubscriptions", "Microsoft.Authorization/roleAssignments", "Microsoft.Web/serverfarms",
            "Microsoft.Web/sites/config", "Microsoft.Insights/actionGroups", "Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/metricAlerts",
            "Microsoft.Consumption/budgets",
            "Microsoft.Network/publicIPAddresses", "Microsoft.Network/natGateways", "Microsoft.Network/virtualNetworks", "Microsoft.Network/privateDnsZones",
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "Microsoft.Network/privateEndpoints",
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        ];
        Assert.Empty(deployment.All.Select(r => r.Resource.Type).Except(about).Except(harmless));
    }

    [Fact]
    public void Containers_are_private()
        => Assert.All(deployment.All.Where(r => r.Resource.Type.EndsWith("/containers", StringComparison.Ordinal)),
            r => Assert.True(r.Resource["properties.publicAccess"] is null or "None"));

    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "blob,queue,table", 2)]
    [InlineData("Microsoft.DocumentDB/databaseAccounts", "Sql", 1)]
    [InlineData("Microsoft.KeyVault/vaults", "vault", 1)]
    public void In_a_virtual_network_no_store_is_public_and_each_has_its_private_endpoints(string kind, string services, int count)
    {
        var resources = deployment["prod-vnet"];
        var stores = resources.Where(r => r.Type == kind).ToList();
        Assert.Equal(count, stores.Count);
        foreach (var store in stores)
        {
            Assert.Equal("Disabled", store["properties.publicNetworkAccess"]);
            if (store["properties.networkAcls"] is not null) Assert.Equal("Deny", store["properties.networkAcls.defaultAction"]);
            var endpoints = resources.Where(r => r.Type == "Microsoft.Network/privateEndpoints" && r.Json.GetRawText().Contains($"\"{store.Id}\"", StringComparison.Ordinal));
            var reached = endpoints.Select(e => e.Json.GetProperty("properties").GetProperty("privateLinkServiceConnections")[0].GetProperty("properties").GetProperty("groupIds")[0].GetString());
            Assert.Equal(services.Split(','), reached.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_private_endpoint_has_its_names_in_a_zone_that_is_linked()
    {
        var resources = deployment["prod-vnet"];
        var endpoints = resources.Count(r => r.Type == "Microsoft.Network/privateEndpoints");
        var names = resources.Where(r => r.Type == "Microsoft.Network/privateEndpoints/privateDnsZoneGroups").ToList();
        Assert.Equal(endpoints, names.Count);
        Assert.Equal(5, resources.Count(r => r.Type == "Microsoft.Network/privateDnsZones"));
        Assert.Equal(5, resources.Count(r => r.Type == "Microsoft.Network/privateDnsZones/virtualNetworkLinks"));
    }

    [Theory]
    [InlineData("dev", null)]
    [InlineData("prod", null)]
    [InlineData("prod-vnet", "/subnets/app")]
    public void The_app_sends_through_the_network_where_there_is_one(string variant, string? subnet)
    {
        var app = deployment[variant].Single(r => r.Type == "Microsoft.Web/sites");
        if (subnet is null) Assert.True(string.IsNullOrEmpty(app["properties.virtualNetworkSubnetId"]));
        else Assert.EndsWith(subnet, app["properties.virtualNetworkSubnetId"]);
    }

    [GeneratedRegex("listKeys|listSecrets|listAccountKeys|listHost|AccountKey=|SharedAccessKey|AccountEndpoint=|DefaultEndpointsProtocol|primaryMasterKey|InstrumentationKey=", RegexOptions.IgnoreCase)]
    private static partial Regex Keys();
}
