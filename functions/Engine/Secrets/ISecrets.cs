namespace IntegrationPoints.Engine.Secrets;

/// <summary>
/// Where passwords, keys and passphrases are kept, by name. Settings, jobs, histories, logs and messages hold the name only (design, Security). A
/// store belongs to one deployment: what its integration points do not refer to is taken away.
/// </summary>
public interface ISecrets
{
    /// <summary>The secret, or null when there is none of that name.</summary>
    Task<string?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Keeps a secret in the place of the one that had the name.</summary>
    Task SetAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Forgets a secret; one that is not there is forgotten already.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of all that were kept here, in any order.</summary>
    IAsyncEnumerable<string> NamesAsync(CancellationToken cancellationToken);
}
