using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Secrets;

/// <summary>
/// Secrets that whoever runs the app gives it as settings: <c>Secrets__</c> and the secret's name with _ for each -, on Azure as references to a key
/// vault. They can be read, and are changed where they are set. A workspace's own: <c>Secrets__smith_v_jones_1a2b3c4d__hr_password</c>.
/// </summary>
public sealed class ConfiguredSecrets(IConfiguration configuration) : ISecrets
{
    /// <inheritdoc/>
    public Task<string?> GetAsync(string name, CancellationToken cancellationToken)
        => Task.FromResult(configuration[KeyOf(name)] is { Length: > 0 } value ? value : null);

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">Always.</exception>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">Always.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw ReadOnly();

    // As the environment's names are read: two _ separate levels.
    private static string KeyOf(string name) => $"Secrets__{name.Replace('-', '_')}".Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    private static ConfigurationException ReadOnly() => new("secrets-read-only", "Secrets are settings of the app. Ask whoever runs it to change them there.");
}
