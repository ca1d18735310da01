using System.Text.Json.Nodes;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>The app says whether it works, and what it can do.</summary>
public sealed class HealthTests(Servers servers)
{
    [Theory]
    [InlineData("health")]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    public async Task A_healthy_app_says_which_one_it_is(string address)
    {
        var health = await new Api(await servers.AppAsync(), "").GetAsync(address);
        Assert.Equal((200, """{"status":"healthy","app":"integration-points","instance":""}"""), (health.Status, health.Text));
    }

    [Fact]
    public async Task The_description_and_the_schemas_of_providers_are_served()
    {
        var api = new Api(await servers.AppAsync(), "");
        Assert.True(JsonNode.DeepEquals(ApiDescription.Document, (await api.GetAsync("openapi.json")).Json));
        var providers = (await api.GetAsync("providers")).Json["items"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).ToList();
        // Each by a setting that it alone cannot do without.
        Dictionary<string, string> needed = new() { ["csv"] = "host", ["entra"] = "directoryId", ["image-load-file"] = "file", ["ldap"] = "path", ["load-file"] = "file", ["workspace"] = "part" };
        Assert.Equal(needed.Keys.Order(StringComparer.Ordinal), providers);
        foreach (var (provider, setting) in needed) Assert.NotNull((await api.GetAsync($"providers/{provider}/schema")).Json["properties"]![setting]);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task When_stores_are_away_it_says_which()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-");
        var storage = await AzuriteServer.StartAsync(folder.FullName);
        await using (var app = await AppProcess.StartAsync(storage.ConnectionString, ("App:Instance", "mine")))
        {
            var api = new Api(app, "");
            Assert.Equal("mine", (await api.GetAsync("health")).Json["instance"]!.GetValue<string>());
            await storage.DisposeAsync();
            foreach (var address in (string[])["health", "health/ready"])
            {
                var health = await api.GetAsync(address);
                Assert.Equal((503, "store-unavailable"), (health.Status, health.Code));
                Assert.Equal("The app cannot reach the file store and the job history.", health.Json["detail"]!.GetValue<string>());
            }
            Assert.Equal(200, (await api.GetAsync("health/live")).Status);
            // Configuration lies in the record store, which is there.
            Assert.Equal(200, (await api.GetAsync("workspaces")).Status);
        }
        folder.Delete(recursive: true);
    }
}
