using System.Collections.Concurrent;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Access;

/// <summary>
/// Those who saved integration points, as they were when they were here last: runs by schedule and upload, at which nobody signs in, go by their
/// rights. What the directory took from them since, it says at their next sign-in; what it said too long ago counts no more. API keys are what they
/// are at the time.
/// </summary>
public sealed class Principals(Catalog catalog, ApiKeys keys, SignInSettings settings, TimeProvider time)
{
    private const string Kind = "principal";

    private const int MostRemembered = 10_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    // How much later a sign-in that says the same must be to be worth a write.
    private static readonly TimeSpan Worth = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, (Kept? Kept, DateTimeOffset ReadUtc)> memory = new();

    /// <summary>Somebody saves an integration point.</summary>
    public Task KeepAsync(Identity who, CancellationToken cancellationToken) => SetAsync(who, isNew: true, cancellationToken);

    /// <summary>Somebody is here: what is kept of who saved a point before is made what it is now. Of others nothing is kept.</summary>
    public Task SeenAsync(Identity who, CancellationToken cancellationToken) => SetAsync(who, isNew: false, cancellationToken);

    /// <summary>Whoever goes by that name; null when nobody of the name saved a point, or it is an API key's that has ended.</summary>
    public async Task<Identity?> FindAsync(string name, CancellationToken cancellationToken)
        => name.StartsWith(Identity.KeyPrefix, StringComparison.Ordinal)
            ? await keys.FindAsync(name, cancellationToken)
            : (await KeptAsync(Key(name), cancellationToken))?.Identity();

    /// <summary>Whether somebody has not signed in for so long that what the directory said then counts no more. An API key has an end of its own.</summary>
    public bool IsOutdated(Identity who) => who.Key is null && time.GetUtcNow() - who.IssuedUtc > TimeSpan.FromDays(settings.SaverDays);

    // The version before did not keep when the directory said it: whoever was kept then counts as having been here when this is looked for first.
    private async Task<Kept?> KeptAsync(string key, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await catalog.ReadAsync<Kept>(Catalog.Tenant, Kind, key, cancellationToken) is not { } stored) return null;
            if (stored.Value.IssuedUtc != default) return stored.Value;
            var dated = stored.Value with { IssuedUtc = time.GetUtcNow() };
            if (await catalog.ReplaceAsync(Catalog.Tenant, Kind, key, dated, stored.ETag, cancellationToken) is not null) return dated;
        }
    }

    private async Task SetAsync(Identity who, bool isNew, CancellationToken cancellationToken)
    {
        if (who.Key is not null) return;
        var (key, ours, now) = (Key(who.Name), Kept.Of(who), time.GetUtcNow());
        if (memory.TryGetValue(key, out var known) && now - known.ReadUtc < Remembered && !Replaces(ours, known.Kept, isNew)) return;
        while (true)
        {
            var stored = await catalog.ReadAsync<Kept>(Catalog.Tenant, Kind, key, cancellationToken);
            if (!Replaces(ours, stored?.Value, isNew))
            {
                Remember(key, stored?.Value, now);
                return;
            }
            var isDone = stored is null
                ? await catalog.CreateAsync(Catalog.Tenant, Kind, key, ours, cancellationToken)
                : await catalog.ReplaceAsync(Catalog.Tenant, Kind, key, ours, stored.ETag, cancellationToken) is not null;
            if (!isDone) continue;
            Remember(key, ours, now);
            return;
        }
    }

    // A token that was issued before what is kept knows of rights that may have been taken since. A name that was given to somebody else does not
    // give them the points of before; saving one does.
    private static bool Replaces(Kept ours, Kept? kept, bool isNew)
        => kept is null ? isNew
            : ours.IssuedUtc >= kept.IssuedUtc && (isNew || ours.ObjectId == kept.ObjectId)
                && (ours.IssuedUtc - kept.IssuedUtc >= Worth || ours with { IssuedUtc = kept.IssuedUtc } != kept);

    private void Remember(string key, Kept? kept, DateTimeOffset now)
    {
        if (memory.Count >= MostRemembered) memory.Clear();
        memory[key] = (kept, now);
    }

    private static string Key(string name) => Identifier.Escape(Identifier.Fold(name));

    private sealed record Kept(string Name, string? ObjectId, string Groups, bool IsAdministrator, bool LacksGroups = false, DateTimeOffset IssuedUtc = default)
    {
        // As a text, so that two that say the same are equal.
        public static Kept Of(Identity who) => new(who.Name, who.ObjectId, string.Join('\n', who.Groups.Order(StringComparer.Ordinal)), who.IsAdministrator, who.LacksGroups, who.IssuedUtc);

        public Identity Identity() => new(Name)
        {
            ObjectId = ObjectId,
            Groups = Groups.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            IsAdministrator = IsAdministrator,
            LacksGroups = LacksGroups,
            IssuedUtc = IssuedUtc,
        };
    }
}
