using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Secrets;

/// <summary>Where the settings of the app say that secrets are kept. Without a place for them the app does not start.</summary>
internal static class SecretStore
{
    /// <summary>Reads and checks them.</summary>
    /// <param name="configuration">The app's settings: <c>Secrets:VaultUri</c>, a key vault; or <c>Secrets:Folder</c>, a folder of this machine.</param>
    /// <param name="onAzure">Whether the app runs in Azure, where a folder belongs to one instance, and is gone with it.</param>
    /// <exception cref="InvalidOperationException">They name no place, two, or one that must not be; the message says what to set.</exception>
    public static ISecrets From(IConfiguration configuration, bool onAzure)
    {
        var (vault, folder) = (configuration["Secrets:VaultUri"], configuration["Secrets:Folder"]);
        if (onAzure && !string.IsNullOrWhiteSpace(folder))
            throw new InvalidOperationException("Secrets__Folder is set, but the app runs on Azure: secrets belong into a key vault there. Remove the setting, and set Secrets__VaultUri.");
        return (string.IsNullOrWhiteSpace(vault), string.IsNullOrWhiteSpace(folder)) switch
        {
            (false, true) => new VaultSecrets(Address(vault!.Trim())),
            (true, false) => new SecretFolder(folder!.Trim()),
            (false, false) => throw new InvalidOperationException("Secrets__VaultUri and Secrets__Folder are both set, and secrets are kept in one place. Remove one of them."),
            _ => throw new InvalidOperationException("Passwords of sources could not be kept. Set Secrets__VaultUri to the address of a key vault, such as https://kv-name.vault.azure.net/; "
                + "on a developer's machine set Secrets__Folder to .local/secrets."),
        };
    }

    private static Uri Address(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address
            : throw new InvalidOperationException("Secrets__VaultUri is not the address of a key vault, such as https://kv-name.vault.azure.net/.");
}
