using System.Text.Json;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Storage.Catalog;
using IntegrationPoints.Storage.Tests.Records;

namespace IntegrationPoints.Storage.Tests.Catalog;

/// <summary>The values of the instance's settings.</summary>
public sealed class InstanceSettingsTests : IAsyncDisposable
{
    private readonly SqliteFile file = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => file.DisposeAsync();

    [Fact]
    public async Task While_nobody_has_set_anything_the_defaults_hold()
    {
        var settings = await SettingsAsync();
        Assert.Equal(Json(new InstanceValues()), Json(await settings.ForImportAsync(Stop)));
        foreach (var setting in InstanceSetting.All) Assert.Equal(new Versioned<string>(setting.Default, ""), await settings.GetAsync(setting, Stop));
    }

    [Fact]
    public async Task An_import_that_begins_has_the_values_of_that_moment()
    {
        var settings = await SettingsAsync();
        var set = new Dictionary<string, string>
        {
            [InstanceSetting.RestrictedFileTypes] = ".pdf",
            [InstanceSetting.CreateErrorForInvalidDate] = "no",
            [InstanceSetting.MaxPackageEntries] = "3",
            [InstanceSetting.MaxPackageGigabytes] = "1048576",
            [InstanceSetting.MaxPackageRatio] = "5",
            [InstanceSetting.MaxPackageNesting] = "4",
        };
        foreach (var (name, value) in set)
        {
            var setting = InstanceSetting.Find(name)!;
            Assert.True(await settings.TrySetAsync(setting, setting.Clean(value), "", Stop));
        }
        var values = await settings.ForImportAsync(Stop);
        Assert.Equal(["pdf"], values.RestrictedFileTypes);
        Assert.False(values.CreateErrorForInvalidDate);
        Assert.Equal(new PackageLimits { Entries = 3, Bytes = 1L << 50, Ratio = 5, Nesting = 4 }, values.Packages);
    }

    [Fact]
    public async Task Whoever_saw_an_older_value_does_not_overwrite_a_newer_one()
    {
        var settings = await SettingsAsync();
        var setting = InstanceSetting.Find(InstanceSetting.MaxPackageRatio)!;
        Assert.True(await settings.TrySetAsync(setting, "5", "", Stop));
        Assert.False(await settings.TrySetAsync(setting, "6", "", Stop));
        Assert.True(await settings.TrySetAsync(setting, "7", (await settings.GetAsync(setting, Stop)).ETag, Stop));
        Assert.Equal(7, await settings.IntegerAsync(setting.Name, Stop));
    }

    private async Task<InstanceSettings> SettingsAsync() => new(new Storage.Catalog.Catalog(await file.OpenAsync()));

    private static string Json(InstanceValues values) => JsonSerializer.Serialize(values);
}
