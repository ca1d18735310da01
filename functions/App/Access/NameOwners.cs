using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Whose a sign-in name is. Directories give names again, when somebody left or was renamed, and groups of workspaces, private searches and the audit
/// go by them (learn.microsoft.com, "Secure applications and APIs by validating claims": a name that can change is no ground to let somebody in). So a
/// name belongs for good to the object id that came with it first; another object id with the same name goes by its id, and inherits nothing.
/// </summary>
public sealed class NameOwners(Catalog catalog, Principals principals)
{
    private const string Kind = "name-owner";

    private const int MostRemembered = 10_000;

    // What is kept never changes.
    private readonly ConcurrentDictionary<string, string> memory = new();

    /// <summary>Somebody who has signed in, by the name that is theirs here. API keys, and tokens of a developer's machine without an id, have no owner.</summary>
    public async Task<Identity> NamedAsync(Identity who, CancellationToken cancellationToken)
        => who.Key is not null || who.ObjectId is not { } id || (await OwnerAsync(who.Name, id, cancellationToken)).Equals(id, StringComparison.OrdinalIgnoreCase)
            ? who
            : who with { Name = id, NameOfAnother = who.Name };

    private async Task<string> OwnerAsync(string name, string id, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Identifier.Fold(name))));
        if (memory.TryGetValue(key, out var owner)) return owner;
        while ((owner = (await catalog.ReadAsync<Owner>(Catalog.Tenant, Kind, key, cancellationToken))?.Value.ObjectId) is null)
        {
            // Of whoever saved a point before names had owners, the id is known as well.
            var first = (await principals.FindAsync(name, cancellationToken))?.ObjectId ?? id;
            await catalog.CreateAsync(Catalog.Tenant, Kind, key, new Owner(name, first), cancellationToken);
        }
        if (memory.Count >= MostRemembered) memory.Clear();
        return memory[key] = owner;
    }

    private sealed record Owner(string Name, string ObjectId);
}
