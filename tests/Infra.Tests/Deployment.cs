using System.Text.Json;
using IntegrationPoints.Infra.Tests;

[assembly: AssemblyFixture(typeof(Deployment))]

namespace IntegrationPoints.Infra.Tests;

/// <summary>
/// What a deployment would make: every resource with its expressions evaluated, but for those that only Azure can evaluate. Predicted once for each
/// parameter file, for the longest name that an environment may have.
/// </summary>
public sealed class Deployment : IAsyncLifetime
{
    /// <summary>azd allows 64 of these.</summary>
    public static readonly string LongestEnvironmentName = "Tenant-(a_b.c)-" + new string('x', 49);

    /// <summary>The parameter files of <c>main.bicep</c>.</summary>
    public static readonly string[] Variants = ["dev", "prod", "prod-vnet"];

    /// <summary>A deployment of the size dev with <c>ZONE_REDUNDANT</c>, the app too, and <see cref="Overrides"/>.</summary>
    public const string InZones = "dev in zones";

    /// <summary>What <c>APP_SETTINGS</c> says in <see cref="InZones"/>: an address with = in it in place of the template's, one of the host's storage, and a setting beside them.</summary>
    public const string Overrides = "Records__Cosmos__Endpoint=https://restored.example.com:443/?a=b; AzureWebJobsStorage__blobServiceUri=https://host.example.com/;AzureFunctionsJobHost__logging__logLevel__Function=None;";

    private static readonly string[] Here =
        ["--mode", "overwrite", "--tenant-id", "11111111-1111-1111-1111-111111111111", "--subscription-id", "22222222-2222-2222-2222-222222222222"];

    private readonly Dictionary<string, IReadOnlyList<Resource>> resources = [];

    /// <summary>The resources of a parameter file; <c>hooks/uploads</c> is what the hook deploys.</summary>
    public IReadOnlyList<Resource> this[string variant]
    {
        get
        {
            Bicep.SkipWhereAbsent();
            return resources[variant];
        }
    }

    /// <summary>The resources of all of them.</summary>
    public IEnumerable<(string Variant, Resource Resource)> All
        => ((string[])[.. Variants, "hooks/uploads"]).SelectMany(variant => this[variant].Select(resource => (variant, resource)));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Bicep.IsHere) return;
        using var bicep = new Bicep();
        foreach (var variant in Variants)
        {
            bicep.MailServer = variant == "dev" ? null : "mail.example.com";
            await PredictAsync(bicep, variant, "--location", "westeurope");
        }
        (bicep.MailServer, bicep.Zones, bicep.App) = (null, "true", (Overrides, "true"));
        resources[InZones] = await PredictedAsync(bicep, "dev", "--location", "westeurope");
        (bicep.Zones, bicep.App) = (null, null);
        await PredictAsync(bicep, "hooks/uploads", "--resource-group", "rg-x");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PredictAsync(Bicep bicep, string variant, params string[] where) => resources[variant] = await PredictedAsync(bicep, variant, where);

    private static async Task<IReadOnlyList<Resource>> PredictedAsync(Bicep bicep, string variant, params string[] where)
    {
        var answer = await bicep.RunAsync(["snapshot", $"{variant}.bicepparam", .. Here, .. where]);
        Assert.True(answer.ExitCode == 0, answer.Errors);
        using var predicted = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(bicep.Folder, $"{variant}.snapshot.json")));
        Assert.Empty(predicted.RootElement.GetProperty("diagnostics").EnumerateArray());
        return [.. predicted.RootElement.GetProperty("predictedResources").EnumerateArray().Select(r => new Resource(r.Clone()))];
    }
}

/// <summary>A resource that a deployment would make.</summary>
public sealed record Resource(JsonElement Json)
{
    public string Id => Json.GetProperty("id").GetString()!;

    public string Type => Json.GetProperty("type").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    /// <summary>What is at a path of properties, as text; null where there is nothing.</summary>
    public string? this[string path]
    {
        get
        {
            var at = Json;
            foreach (var step in path.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at)) return null;
            }
            return at.ToString();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Name}";
}
