using System.Text.RegularExpressions;

namespace IntegrationPoints.Infra.Tests;

/// <summary>Names and tags, for the longest name that an environment may have.</summary>
public sealed class NameTests(Deployment deployment)
{
    // learn.microsoft.com, Naming rules and restrictions for Azure resources: the last part of a name
    private static readonly Dictionary<string, string> Rules = new()
    {
        ["Microsoft.Resources/resourceGroups"] = @"^[\w\-.()]{0,89}[\w\-()]$",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$",
        ["Microsoft.Storage/storageAccounts"] = "^[a-z0-9]{3,24}$",
        ["Microsoft.Storage/storageAccounts/blobServices/containers"] = "^[a-z0-9](?!.*--)[a-z0-9-]{1,61}[a-z0-9]$",
        ["Microsoft.Storage/storageAccounts/tableServices/tables"] = "^[a-zA-Z][a-zA-Z0-9]{2,62}$",
        ["Microsoft.DocumentDB/databaseAccounts"] = "^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$",
        ["Microsoft.DocumentDB/databaseAccounts/sqlDatabases"] = "^[^/\\\\#?]{1,255}$",
        ["Microsoft.KeyVault/vaults"] = "^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$",
        ["Microsoft.KeyVault/vaults/secrets"] = "^[a-zA-Z0-9-]{1,127}$",
        ["Microsoft.EventGrid/systemTopics"] = "^[a-zA-Z0-9-]{3,50}$",
        ["Microsoft.EventGrid/systemTopics/eventSubscriptions"] = "^[a-zA-Z0-9-]{3,64}$",
        ["Microsoft.OperationalInsights/workspaces"] = "^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$",
        ["Microsoft.Insights/components"] = "^[^%&\\\\?/]{1,254}[^%&\\\\?/. ]$",
        ["Microsoft.Insights/actionGroups"] = "^[^:<>+/&%\\\\?|]{1,259}[^:<>+/&%\\\\?|. ]$",
        ["Microsoft.Insights/metricAlerts"] = "^[^*#&+:<>?@%{}\\\\/|]{1,259}[^*#&+:<>?@%{}\\\\/|. ]$",
        ["Microsoft.Insights/scheduledQueryRules"] = "^[^*<>%{}&:\\\\?/#|]{1,259}[^*<>%{}&:\\\\?/#|. ]$",
        ["Microsoft.Web/serverfarms"] = "^[a-zA-Z0-9-]{1,60}$",
        // The host makes its id of the first 32 characters.
        ["Microsoft.Web/sites"] = "^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$",
        ["Microsoft.Network/virtualNetworks"] = @"^[a-zA-Z0-9][\w.-]{0,62}\w$",
        ["Microsoft.Network/publicIPAddresses"] = @"^[a-zA-Z0-9][\w.-]{0,78}\w$",
        ["Microsoft.Network/natGateways"] = @"^[a-zA-Z0-9][\w.-]{0,78}\w$",
        ["Microsoft.Network/privateEndpoints"] = @"^[a-zA-Z0-9][\w.-]{0,62}\w$",
    };

    // Their names are said by Azure, or hold what only Azure knows.
    private static readonly string[] NotNamedByUs =
    [
        "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/managementPolicies", "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers", "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments",
        "Microsoft.Authorization/roleAssignments", "Microsoft.Web/sites/config", "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
        "Microsoft.Network/privateDnsZones", "Microsoft.Network/privateDnsZones/virtualNetworkLinks", "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    ];

    [Fact]
    public void The_longest_name_is_one_that_azd_takes() => Assert.Matches(@"^[a-zA-Z0-9\-()_.]{64}$", Deployment.LongestEnvironmentName);

    [Fact]
    public void Every_name_is_one_that_Azure_takes()
    {
        foreach (var (variant, resource) in deployment.All.Where(r => !NotNamedByUs.Contains(r.Resource.Type)))
            Assert.True(Regex.IsMatch(resource.Name.Split('/')[^1], Rules[resource.Type]), $"{variant}: {resource}");
    }

    [Fact]
    public void Names_of_modules_and_of_the_short_kind_fit()
    {
        var people = deployment["prod"].Single(r => r.Type == "Microsoft.Insights/actionGroups");
        Assert.InRange(people["properties.groupShortName"]!.Length, 1, 12);
    }

    [Fact]
    public void Everything_that_has_tags_has_that_of_its_environment_and_the_app_that_of_its_service()
    {
        foreach (var (variant, resource) in deployment.All.Where(r => r.Resource.Json.TryGetProperty("location", out _)))
            Assert.True(resource["tags.azd-env-name"] == Deployment.LongestEnvironmentName, $"{variant}: {resource}");
        var tagged = deployment["dev"].Where(r => r["tags.azd-service-name"] is not null);
        Assert.Equal(("Microsoft.Web/sites", "app"), Assert.Single(tagged.Select(r => (r.Type, r["tags.azd-service-name"]))));
    }
}
