using System.Globalization;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The values of the instance's settings: what somebody set, else the default.</summary>
public sealed class InstanceSettings(Catalog catalog)
{
    private const string Kind = "setting";

    /// <summary>The value in the form in which it is kept; an empty version when nobody has set it.</summary>
    public async Task<Versioned<string>> GetAsync(InstanceSetting setting, CancellationToken cancellationToken)
        => await catalog.ReadAsync<Kept>(Catalog.Tenant, Kind, Name(setting), cancellationToken) is { } kept
            ? new Versioned<string>(kept.Value.Value, kept.ETag)
            : new Versioned<string>(setting.Default, "");

    /// <summary>The whole number that a setting holds.</summary>
    public async Task<int> IntegerAsync(string name, CancellationToken cancellationToken)
        => int.Parse(await TextAsync(name, cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>What the settings say of an import that begins now.</summary>
    public async Task<InstanceValues> ForImportAsync(CancellationToken cancellationToken) => new()
    {
        RestrictedFileTypes = RestrictedTypes.Read(await TextAsync(InstanceSetting.RestrictedFileTypes, cancellationToken))!,
        CreateErrorForInvalidDate = await TextAsync(InstanceSetting.CreateErrorForInvalidDate, cancellationToken) == "yes",
        Packages = new PackageLimits
        {
            Entries = await IntegerAsync(InstanceSetting.MaxPackageEntries, cancellationToken),
            Bytes = (long)await IntegerAsync(InstanceSetting.MaxPackageGigabytes, cancellationToken) << 30,
            Ratio = await IntegerAsync(InstanceSetting.MaxPackageRatio, cancellationToken),
            Nesting = await IntegerAsync(InstanceSetting.MaxPackageNesting, cancellationToken),
        },
    };

    /// <summary>Sets a value, cleaned before, in place of the version that was seen; false when there is another by now.</summary>
    public async Task<bool> TrySetAsync(InstanceSetting setting, string value, string etag, CancellationToken cancellationToken)
        => etag.Length == 0
            ? await catalog.CreateAsync(Catalog.Tenant, Kind, Name(setting), new Kept(value), cancellationToken)
            : await catalog.ReplaceAsync(Catalog.Tenant, Kind, Name(setting), new Kept(value), etag, cancellationToken) is not null;

    private async Task<string> TextAsync(string name, CancellationToken cancellationToken)
        => (await GetAsync(InstanceSetting.Find(name)!, cancellationToken)).Value;

    private static string Name(InstanceSetting setting) => Identifier.Escape(Identifier.Fold(setting.Name));

    private sealed record Kept(string Value);
}
