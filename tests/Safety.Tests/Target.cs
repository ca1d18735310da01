using System.Net.Http.Json;
using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Safety.Tests;

/// <summary>
/// What is attacked: a workspace of a running app with one of everything that an address can name, and a file beside it that nobody may come
/// by. Every test has its own, or shares one when it changes nothing.
/// </summary>
internal sealed class Target
{
    /// <summary>Stands in files and records of another workspace; nothing that is answered may hold it.</summary>
    public const string Secret = "PLANTED-7f3a";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> values;

    private Target(SampleImport import, Api api, Dictionary<string, string> values) => (Import, Api, this.values) = (import, api, values);

    /// <summary>The workspace with its point.</summary>
    public SampleImport Import { get; }

    /// <summary>Speaks to the app.</summary>
    public Api Api { get; }

    public AppProcess App => Import.App;

    public string Workspace => Import.Workspace;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a parameter of an address must be to name something.</summary>
    public string this[string parameter] => values.GetValueOrDefault(parameter, "none");

    /// <summary>The address of an endpoint, naming what is there.</summary>
    public string Address(Endpoint endpoint) => endpoint.Address(p => Uri.EscapeDataString(this[p]));

    /// <summary>A body that the endpoint might take; null when it takes none.</summary>
    public string? Body(Endpoint endpoint) => Sample.Of(endpoint.Body, name => Sample.Text(name, Workspace))?.ToJsonString();

    public static async Task<Target> NewAsync(AppProcess app)
    {
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        await import.StageAsync("in/a.txt", "native"u8.ToArray());
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "a.txt"), ("A2", "missing.txt")));
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();
        var api = new Api(app, import.Workspace);
        var ws = $"workspaces/{import.Workspace}";
        var check = await IdAsync(api, $"{import.PointAddress}/check", "{}", "checkId");
        var verification = await IdAsync(api, $"jobs/{job}/verify", null, "id");
        await Until.TrueAsync(async () => (await api.GetAsync($"checks/{check}")).Json["isFinal"]!.GetValue<bool>(), Patience, () => app.Failed("The check does not end.").Message);
        await api.PostAsync($"{ws}/users", """{"email":"ann@example.com"}""");
        await api.PostAsync($"{ws}/folders", """{"path":"Folder"}""");
        await api.PostAsync($"{ws}/groups", """{"name":"Reviewers","members":["ann@example.com"]}""");
        var fields = await app.Http.GetFromJsonAsync<JsonElement>($"{ws}/object-types/Document/fields", Stop);
        return new Target(import, api, new()
        {
            ["workspace"] = import.Workspace,
            ["point"] = import.Point,
            ["job"] = job,
            ["check"] = check,
            ["verification"] = verification,
            ["provider"] = "load-file",
            ["setting"] = "MaxPackageRatio",
            ["type"] = "Document",
            ["identifier"] = "A1",
            ["field"] = fields.GetProperty("items")[0].Text("id"),
            ["group"] = "Reviewers",
            ["email"] = "ann@example.com",
            ["production"] = await IdAsync(api, $"{ws}/productions", """{"name":"Production"}""", "id"),
            ["profile"] = await IdAsync(api, $"{ws}/profiles-of-points", $$"""{"integrationPoint":"{{import.Point}}","name":"Profile"}""", "id"),
            ["search"] = await IdAsync(api, $"{ws}/saved-searches", """{"name":"Search","columns":["Control Number"]}""", "id"),
            ["view"] = await IdAsync(api, $"{ws}/views", """{"name":"View","columns":["Control Number"]}""", "id"),
        });
    }

    /// <summary>Another workspace of the same app, with a secret in its files and records.</summary>
    public async Task<SampleImport> VictimAsync()
    {
        var victim = await SampleImport.NewSmallAsync(App, body => body["runOnUpload"] = false);
        await victim.StageAsync("in/secret.txt", System.Text.Encoding.UTF8.GetBytes(Secret));
        await victim.StageAsync("in/small.dat", SampleImport.SmallFile((Secret, "secret.txt")));
        await victim.EndOfAsync(await victim.RunAsync());
        return victim;
    }

    /// <summary>Every file of the app, with its container.</summary>
    public async Task<IReadOnlyList<string>> FilesAsync()
    {
        var names = new List<string>();
        foreach (var container in (Azure.Storage.Blobs.BlobContainerClient[])[App.Blobs.Staging, App.Blobs.Files, App.Blobs.Jobs])
            await foreach (var blob in Blobs.ListAsync(container, "", Stop)) names.Add($"{container.Name}/{blob.Name}");
        return names;
    }

    private static async Task<string> IdAsync(Api api, string address, string? body, string member)
    {
        var reply = await api.PostAsync(address, body);
        Assert.True(reply.Status is 201 or 202, $"{address}: {reply.Status} {reply.Text}");
        return reply.Json[member]!.GetValue<string>();
    }
}
