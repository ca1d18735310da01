namespace IntegrationPoints.Infra.Tests;

/// <summary>Who may do what in a deployment.</summary>
public sealed class RoleTests(Deployment deployment)
{
    // Scope (by kind and the part of its name that tells it from others), role (learn.microsoft.com, Azure built-in roles), who; then what fails without it:
    // the setting by which the scope is reached, where there is one, and the text, in which file, that does there what the role is for.
    private static readonly Grant[] Expected =
    [
        new("sthost: Storage Blob Data Owner to the app", "AzureWebJobsStorage__accountName", "infra/app/function-app.bicep", "type: 'blobContainer'"),
        new("sthost: Storage Queue Data Contributor to the app", "AzureWebJobsStorage__accountName", "host.json", "\"type\": \"AzureStorage\", \"connectionName\": \"AzureWebJobsStorage\""),
        new("sthost: Storage Table Data Contributor to the app", "AzureWebJobsStorage__accountName", "host.json", "\"type\": \"AzureStorage\", \"connectionName\": \"AzureWebJobsStorage\""),
        new("stdata: Storage Blob Data Owner to the app", "DataStorage__blobServiceUri", "functions/App/StoreSettings.cs", "configuration[\"DataStorage:blobServiceUri\"]"),
        new("stdata: Storage Queue Data Contributor to the app", "DataStorage__queueServiceUri", "functions/App/Triggers/StagingUpload.cs", "Source = BlobTriggerSource.EventGrid, Connection = \"DataStorage\""),
        new("stdata: Storage Table Data Contributor to the app", "DataStorage__tableServiceUri", "functions/App/StoreSettings.cs", "configuration[\"DataStorage:tableServiceUri\"]"),
        new("dead-letters: Storage Blob Data Contributor to the topic", null, "infra/hooks/uploads.bicep", "deadLetterWithResourceIdentity: {\n        identity: { type: 'SystemAssigned' }"),
        new("kv-: Key Vault Secrets Officer to the app", "Secrets__VaultUri", "functions/App/Secrets/SecretStore.cs", "configuration[\"Secrets:VaultUri\"]"),
        new("appi-: Monitoring Metrics Publisher to the app", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "functions/App/Telemetry/Export.cs", "configuration[\"APPLICATIONINSIGHTS_AUTHENTICATION_STRING\"]?.Contains(\"Authorization=AAD\""),
    ];

    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "Key Vault Secrets Officer",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("prod-vnet")]
    public void These_are_all_there_are(string variant)
    {
        var granted = deployment[variant].Where(r => r.Type == "Microsoft.Authorization/roleAssignments").Select(r =>
        {
            var scope = Scope(r).Split('/')[^1];
            var role = Roles[r["properties.roleDefinitionId"]!.Split('/')[^1]];
            var who = r["properties.principalId"]!.Contains("/userAssignedIdentities/", StringComparison.Ordinal) ? "the app" : "the topic";
            var name = new[] { "sthost", "stdata", "dead-letters", "kv-", "appi-" }.Single(part => scope.StartsWith(part, StringComparison.Ordinal));
            return $"{name}: {role} to {who}";
        });
        Assert.Equal(Expected.Select(e => e.Role).Order(StringComparer.Ordinal), granted.Order(StringComparer.Ordinal));
    }

    /// <summary>Each role is used: when what needs it goes, the role has to go too.</summary>
    [Fact]
    public void Each_is_needed_by_a_setting_of_the_deployment_and_what_reads_it()
    {
        var settings = deployment["prod"].Single(r => r.Type == "Microsoft.Web/sites/config").Json.GetProperty("properties");
        Assert.All(Expected, grant =>
        {
            if (grant.Setting is { } name) Assert.NotEqual("", settings.GetProperty(name).GetString());
            Assert.Contains(grant.Text, Repository.Text(grant.File), StringComparison.Ordinal);
        });
        Assert.NotEqual("", settings.GetProperty("Records__Cosmos__Endpoint").GetString());
        Assert.Contains("configuration[\"Records:Cosmos:Endpoint\"]", Repository.Text("functions/App/StoreSettings.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Scope_and_principal_of_each_are_made_by_the_same_deployment()
    {
        foreach (var variant in Deployment.Variants)
        {
            var made = deployment[variant].Select(r => r.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var grant in deployment[variant].Where(r => r.Type == "Microsoft.Authorization/roleAssignments"))
            {
                Assert.Contains(Scope(grant), made);
                Assert.Contains(Principal(grant), made);
            }
            var records = Assert.Single(deployment[variant], r => r.Type == "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments");
            Assert.Contains(records["properties.scope"]!.Replace("/dbs/", "/sqlDatabases/", StringComparison.Ordinal), made);
            Assert.EndsWith("/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002", records["properties.roleDefinitionId"]);
            Assert.Contains(Principal(records), made);
        }
    }

    [Fact]
    public void Each_says_why()
    {
        foreach (var grant in deployment["dev"].Where(r => r.Type == "Microsoft.Authorization/roleAssignments"))
            Assert.True(grant["properties.description"] is { Length: > 40 }, grant.ToString());
        var text = Repository.Text("infra/app/roles.bicep");
        Assert.Matches(@"@description\('[^']{40,}'\)\s+resource \w+ 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments", text);
    }

    [Fact]
    public void The_identity_that_the_app_has_is_the_one_that_may()
    {
        var identity = Assert.Single(deployment["dev"], r => r.Type == "Microsoft.ManagedIdentity/userAssignedIdentities");
        var app = deployment["dev"].Single(r => r.Type == "Microsoft.Web/sites");
        Assert.Contains(identity.Id, app["identity.userAssignedIdentities"]);
        Assert.Equal(identity.Id, app["properties.keyVaultReferenceIdentity"]);
        Assert.Equal(identity.Id, app["properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"]);
    }

    private static string Scope(Resource grant) => grant.Id[..grant.Id.IndexOf("/providers/Microsoft.Authorization/", StringComparison.Ordinal)];

    // [reference('/subscriptions/…', '…').principalId]
    private static string Principal(Resource grant) => grant["properties.principalId"]!.Split('\'')[1];

    private sealed record Grant(string Role, string? Setting, string File, string Text);
}
