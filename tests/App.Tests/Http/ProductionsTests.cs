using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Productions and image load files as configuration over HTTP.</summary>
public sealed class ProductionsTests(Servers servers)
{
    private const string All = "workspaces/{ws}/productions";

    [Fact]
    public async Task A_production_is_made_listed_and_shown_by_id_and_by_name()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await api.PostAsync(All, """{"name":" Smith Vol 1 "}""");
        Assert.Equal(201, made.Status);
        var id = Production.IdFor("SMITH VOL 1");
        Assert.Equal($"/api/workspaces/{api.Workspace}/productions/{id}", made.Headers.Location!.ToString());
        Assert.Equal((id, "Smith Vol 1", "New", "Bates Beg", "Bates End"), (Text("id"), Text("name"), Text("status"), Text("batesBeginField"), Text("batesEndField")));
        Assert.Null(made.Json["source"]);

        foreach (var address in new[] { id, "Smith%20Vol%201", "smith%20vol%201" })
            Assert.Equal(made.Text, (await api.GetAsync($"{All}/{address}")).Text);
        Assert.Equal(201, (await api.PostAsync(All, """{"name":"Other","batesBeginField":"First","batesEndField":"Last"}""")).Status);
        Assert.Equal(2, (await api.AllAsync(All, 1)).Count);

        string? Text(string member) => made.Json[member]?.GetValue<string>();
    }

    [Fact]
    public async Task What_is_wrong_with_a_production_is_said()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        await api.PostAsync(All, """{"name":"Vol"}""");
        var taken = await api.PostAsync(All, """{"name":"VOL"}""");
        Assert.Equal((409, "name-taken"), (taken.Status, taken.Code));
        Assert.Equal(["name-missing name"], (await api.PostAsync(All, """{"name":" "}""")).Problems);
        Assert.Equal(["fields-equal batesEndField"], (await api.PostAsync(All, """{"name":"X","batesBeginField":"Bates","batesEndField":"BATES"}""")).Problems);
        Assert.Equal(404, (await api.GetAsync($"{All}/nothing")).Status);
        Assert.Equal(404, (await api.GetAsync("workspaces/none/productions")).Status);
    }

    [Fact]
    public async Task An_integration_point_of_an_image_load_file_needs_no_mapping()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var made = await api.PostAsync("workspaces/{ws}/integration-points", Point("\"numbering\":\"auto\",\"documentId\":\"strip-suffix\",\"format\":\"lfp\""));
        Assert.True(made.Status == 201, made.Text);
        Assert.True(made.Json["mapAllFields"]!.GetValue<bool>());
        var settings = made.Json["source"]!["settings"]!;
        Assert.Equal(("auto", "strip-suffix", "lfp"), (settings["numbering"]!.GetValue<string>(), settings["documentId"]!.GetValue<string>(), settings["format"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("\"numbering\":\"twice\"", "source.settings.numbering")]
    [InlineData("\"startLine\":-1", "source.settings.startLine")]
    [InlineData("\"documentField\":0", "source.settings.documentField")]
    [InlineData("\"baseFolder\":\"StructuredData/other\"", "source.settings.baseFolder")]
    [InlineData("\"production\":\"P\",\"loadText\":true", "source.settings.loadText")]
    [InlineData("\"quote\":34", "source.settings.quote")]
    public async Task What_is_wrong_with_its_settings_is_said(string settings, string member)
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var refused = await api.PostAsync("workspaces/{ws}/integration-points", Point(settings));
        Assert.Equal(400, refused.Status);
        Assert.Contains(refused.Problems, p => p.EndsWith(member, StringComparison.Ordinal));
    }

    private static string Point(string settings)
        => """{"name":"Images","source":{"provider":"image-load-file","settings":{"file":"StructuredData/{ws}/in/images.opt",""" + settings + "}}}";
}
