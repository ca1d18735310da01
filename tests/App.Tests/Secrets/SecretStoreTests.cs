using IntegrationPoints.App.Secrets;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests.Secrets;

/// <summary>Settings that name no place for secrets, or one that must not be, keep the app from starting.</summary>
public sealed class SecretStoreTests
{
    [Theory]
    [InlineData(false, "", "Set Secrets__VaultUri to the address of a key vault")]
    [InlineData(true, "", "Set Secrets__VaultUri to the address of a key vault")]
    [InlineData(false, "VaultUri= |Folder= ", "on a developer's machine set Secrets__Folder")]
    [InlineData(true, "Folder=kept", "Secrets__Folder is set, but the app runs on Azure")]
    [InlineData(true, "Folder=kept|VaultUri=https://kv.vault.azure.net/", "Secrets__Folder is set, but the app runs on Azure")]
    [InlineData(false, "Folder=kept|VaultUri=https://kv.vault.azure.net/", "both set")]
    [InlineData(false, "VaultUri=kv-name", "not the address of a key vault")]
    [InlineData(true, "VaultUri=http://kv.vault.azure.net/", "not the address of a key vault")]
    public void What_is_wrong_with_the_settings_is_said(bool onAzure, string settings, string said)
        => Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => SecretStore.From(Configuration(settings), onAzure)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "VaultUri=https://kv.vault.azure.net/", typeof(VaultSecrets))]
    [InlineData(true, "VaultUri=https://kv.vault.usgovcloudapi.net|Folder=", typeof(VaultSecrets))]
    [InlineData(false, "VaultUri=https://kv.vault.azure.net/", typeof(VaultSecrets))]
    [InlineData(false, "Folder=kept", typeof(SecretFolder))]
    public void Right_settings_are_read(bool onAzure, string settings, Type store) => Assert.IsType(store, SecretStore.From(Configuration(settings), onAzure));

    private static IConfiguration Configuration(string settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create($"Secrets:{s[0]}", (string?)s[1]))).Build();
}
