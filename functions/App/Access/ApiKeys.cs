using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using IntegrationPoints.Storage;
using Microsoft.IdentityModel.Tokens;

namespace IntegrationPoints.App.Access;

/// <summary>
/// API keys, for systems that cannot sign in to the directory: <c>ipk_</c>, an id of 16 hexadecimal digits, <c>_</c>, and a secret of 256 random
/// bits in base64url. Only the secret's hash is kept, so that nobody can show a key again.
/// </summary>
public sealed class ApiKeys(JobTables tables, TimeProvider time, ILogger<ApiKeys> logger)
{
    /// <summary>How every key begins, by which scanners of published code recognise one.</summary>
    public const string Prefix = "ipk_";

    private const int IdLength = 16, SecretBytes = 32, MostProven = 10_000;

    // The hashes of the secrets that were right, by id: what the table holds of them, and nothing that lets anybody in by itself.
    private readonly ConcurrentDictionary<string, byte[]> proven = new();

    private static readonly int Length = Prefix.Length + IdLength + 1 + Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>Makes a key.</summary>
    /// <returns>What is kept, and the key, which nobody sees again; null when the name is taken.</returns>
    public async Task<(StoredApiKey Stored, string Key)?> CreateAsync(
        string name, ApiKeyScope scope, DateTimeOffset expires, Identity by, CancellationToken cancellationToken)
    {
        var (id, secret) = (RandomNumberGenerator.GetHexString(IdLength, lowercase: true), RandomNumberGenerator.GetBytes(SecretBytes));
        var stored = new StoredApiKey
        {
            Id = id,
            Name = name,
            Hash = SHA256.HashData(secret),
            Workspaces = scope.Workspaces,
            Actions = [.. scope.Actions.Select(Word)],
            CreatedBy = by.Name,
            CreatedUtc = time.GetUtcNow(),
            ExpiresUtc = expires,
        };
        return await tables.ApiKeys.TryAddAsync(stored, cancellationToken) ? (stored, $"{Prefix}{id}_{Base64Url.EncodeToString(secret)}") : null;
    }

    /// <summary>
    /// Whether only the table can tell if a key is one: nobody has come with it since this instance of the app began. What is no key at all, and what
    /// let somebody in before, is told without it; the latter is looked up all the same when it is read, since it may have ended.
    /// </summary>
    public bool IsUnproven(string key) => Parse(key) is var (id, hash) && !(proven.TryGetValue(id, out var known) && CryptographicOperations.FixedTimeEquals(hash, known));

    /// <summary>Who asks with a key.</summary>
    /// <exception cref="SecurityTokenException">It is none, or has expired or been revoked.</exception>
    public async Task<Identity> ReadAsync(string key, CancellationToken cancellationToken)
    {
        var (id, hash) = Parse(key) ?? throw new SecurityTokenException("not an API key");
        var stored = await tables.ApiKeys.FindAsync(id, cancellationToken);
        if (stored is null || !CryptographicOperations.FixedTimeEquals(hash, stored.Hash)) throw new SecurityTokenException("an unknown API key");
        if (!stored.IsValid(time.GetUtcNow()))
        {
            proven.TryRemove(id, out _);
            throw new SecurityTokenException($"the API key {stored.Id}, which has expired or been revoked");
        }
        if (proven.Count >= MostProven) proven.Clear();
        proven[id] = stored.Hash;
        await NoteUseAsync(stored, cancellationToken);
        return IdentityOf(stored);
    }

    /// <summary>The identity of a key by its name, while the key lets somebody in; else null. For runs that begin without a caller.</summary>
    /// <param name="name">The identity's name, which begins with <see cref="Identity.KeyPrefix"/>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Identity?> FindAsync(string name, CancellationToken cancellationToken)
        => name.StartsWith(Identity.KeyPrefix, StringComparison.Ordinal)
            && await tables.ApiKeys.FindByNameAsync(name[Identity.KeyPrefix.Length..], cancellationToken) is { } stored && stored.IsValid(time.GetUtcNow())
            ? IdentityOf(stored)
            : null;

    /// <summary>An action as it is written.</summary>
    public static string Word(KeyAction action) => JsonSerializer.SerializeToElement(action).GetString()!;

    private static Identity IdentityOf(StoredApiKey key) => new(Identity.KeyPrefix + key.Name)
    {
        Key = new ApiKeyScope(key.Workspaces, [.. key.Actions.Select(action => JsonSerializer.Deserialize<KeyAction>($"\"{action}\""))]),
    };

    private static (string Id, byte[] Hash)? Parse(string key)
    {
        if (key.Length != Length || !key.StartsWith(Prefix, StringComparison.Ordinal) || key[Prefix.Length + IdLength] != '_') return null;
        var id = key.Substring(Prefix.Length, IdLength);
        var secret = new byte[SecretBytes];
        // One way to write a key: the last letter has bits that mean nothing.
        var text = key.AsSpan(Prefix.Length + IdLength + 1);
        return id.All(char.IsAsciiHexDigitLower) && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, secret, out var read) && read == SecretBytes
            && text.SequenceEqual(Base64Url.EncodeToString(secret)) ? (id, SHA256.HashData(secret)) : null;
    }

    // Once a day and key; whether it can be noted decides nothing.
    private async Task NoteUseAsync(StoredApiKey key, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (key.LastUsed >= today) return;
        try
        {
            await tables.ApiKeys.UsedAsync(key, today, cancellationToken);
        }
        catch (RequestFailedException e)
        {
            logger.LogWarning("It cannot be noted that the API key {Id} was used: {Status} {Code}", key.Id, e.Status, e.ErrorCode);
        }
    }
}
