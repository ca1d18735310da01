using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Storage;

/// <summary>
/// Secrets in an Azure Key Vault, reached with the app's identity. The client tries again by itself when the vault is busy (429, 503), and waits as it
/// is told to. The vault may hold secrets of others, too: ours carry a tag, and no other is listed.
/// </summary>
public sealed class VaultSecrets : ISecrets
{
    private const string Tag = "kept-by", Us = "integration-points";

    private readonly SecretClient client;

    /// <summary>The secrets of a vault.</summary>
    /// <param name="vault">Its address, such as <c>https://kv-name.vault.azure.net/</c>.</param>
    /// <param name="credential">Who asks; null: the app's identity.</param>
    /// <param name="transport">How it is reached; null: by HTTPS.</param>
    public VaultSecrets(Uri vault, TokenCredential? credential = null, Azure.Core.Pipeline.HttpPipelineTransport? transport = null)
    {
        // Pinned: what a later version answers to is found out by whoever raises it.
        var options = new SecretClientOptions(SecretClientOptions.ServiceVersion.V7_6) { Retry = { MaxRetries = 5, NetworkTimeout = TimeSpan.FromSeconds(30) } };
        if (transport is not null) options.Transport = transport;
        client = new SecretClient(vault, credential ?? new DefaultAzureCredential(), options);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The vault does not let the app in.</exception>
    public async Task<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetSecretAsync(name, version: null, cancellationToken)).Value.Value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw Refused(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The vault does not let the app in.</exception>
    public async Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        var secret = new KeyVaultSecret(name, value) { Properties = { Tags = { [Tag] = Us } } };
        try
        {
            try
            {
                await client.SetSecretAsync(secret, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // The vault keeps what was deleted (soft delete), and its name with it.
                await (await client.StartRecoverDeletedSecretAsync(name, cancellationToken)).WaitForCompletionAsync(cancellationToken);
                await client.SetSecretAsync(secret, cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw Refused(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The vault does not let the app in.</exception>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await client.StartDeleteSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // It is gone already.
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw Refused(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> NamesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var secret in client.GetPropertiesOfSecretsAsync(cancellationToken))
            if (secret.Tags.TryGetValue(Tag, out var by) && by == Us) yield return secret.Name;
    }

    // The answer of the vault names no secret's value, but is not for people either.
    private static ConfigurationException Refused(RequestFailedException e) => new("secrets-refused",
        $"The key vault does not let the app in ({e.Status} {e.ErrorCode}). Ask whoever runs the app to give its identity the role Key Vault Secrets Officer on the vault, "
        + "and to see that the vault's network lets the app through.");
}
