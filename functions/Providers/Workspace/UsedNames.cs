using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>A choice of a field, or a folder of a workspace, by its path.</summary>
/// <param name="Path">Its levels, joined by <c>\</c>, in the letters in which it is shown.</param>
/// <param name="FieldId">The choice's field; null for a folder.</param>
/// <param name="MadeBy">The job that made it.</param>
public sealed record NamedPath(string Path, string? FieldId, string MadeBy);

/// <summary>
/// Makes the choices and folders that records use. Their ids follow from their paths, so that batches can make them at once; what was made is
/// remembered by the process, since paths never change (design, Data). When rows of one job write a path in several cases of letters, the first
/// in the order of characters is shown, whichever batch comes first.
/// </summary>
public sealed class UsedNames(IRecords records)
{
    private const int MostKnown = 100_000;
    // A folder has no field.
    private readonly ConcurrentDictionary<(string Workspace, string? FieldId, string Path), byte> known = new();

    /// <summary>Whether this process has made or seen the choice.</summary>
    internal bool Knows(string workspace, UsedChoice choice) => known.ContainsKey((workspace, choice.FieldId, choice.Path));

    /// <summary>Whether this process has made or seen the folder.</summary>
    internal bool Knows(string workspace, RecordFolder folder) => known.ContainsKey((workspace, null, folder.Path));

    /// <summary>Whether this process has made or seen the object for this job. Another job may have removed it since.</summary>
    internal bool Knows(BatchScope scope, UsedObject used) => known.ContainsKey(ObjectName(scope, used));

    /// <summary>Makes the objects that these records name and that are not there: nothing but a name.</summary>
    internal async Task EnsureObjectsAsync(BatchScope scope, IReadOnlyList<Decision> decisions, CancellationToken cancellationToken)
    {
        var items = new Dictionary<ItemKey, (Record Record, UsedObject Used)>();
        foreach (var decision in decisions)
        {
            foreach (var used in decision.Objects)
            {
                var key = Identifier.Key(scope.Workspace, scope.Buckets, used.ObjectType, used.Name);
                if (Knows(scope, used) || (items.TryGetValue(key, out var other) && string.CompareOrdinal(other.Used.Name, used.Name) <= 0)) continue;
                items[key] = (new Record
                {
                    Type = used.ObjectType,
                    Identifier = used.Name,
                    Stamp = new RecordStamp(scope.Job, scope.Batch, decision.Line),
                    CreatedUtc = scope.StartedUtc,
                    ModifiedUtc = scope.StartedUtc,
                }, used);
            }
        }
        if (items.Count == 0) return;
        var writes = items.Select(i => ObjectWrite(WriteKind.Create, i.Key, i.Value.Record)).ToList();
        var results = await records.WriteAsync(writes, cancellationToken);
        for (var i = 0; i < writes.Count; i++)
            if (results[i].Status == WriteStatus.Conflict) await SettleAsync(items[writes[i].Key].Record, writes[i].Key, cancellationToken);
        if (known.Count > MostKnown) known.Clear();
        foreach (var (_, used) in items.Values) known.TryAdd(ObjectName(scope, used), 0);
    }

    // As with choices, the smaller spelling stays when this job itself made it in other letters.
    private async Task SettleAsync(Record ours, ItemKey key, CancellationToken cancellationToken)
    {
        while (await records.ReadAsync(key, cancellationToken) is { } item)
        {
            var theirs = RecordJson.Read(item.Body.Span);
            if (theirs.Stamp?.Job != ours.Stamp!.Job || theirs.Edited || string.CompareOrdinal(ours.Identifier, theirs.Identifier) >= 0) return;
            if ((await records.WriteAsync([ObjectWrite(WriteKind.Replace, key, ours, item.ETag)], cancellationToken))[0].Status == WriteStatus.Done) return;
        }
    }

    private static ItemWrite ObjectWrite(WriteKind kind, ItemKey key, Record record, string? etag = null)
        => new(kind, key, Identifier.Sort(record.Type, record.Identifier), RecordJson.Write(record), etag);

    private static (string Workspace, string? FieldId, string Path) ObjectName(BatchScope scope, UsedObject used)
        => (scope.Workspace, $"{scope.Job}|{used.ObjectType}", used.Name);

    /// <summary>Makes what these records use and is not there.</summary>
    internal async Task EnsureAsync(BatchScope scope, IReadOnlyList<Decision> decisions, CancellationToken cancellationToken)
    {
        var items = new Dictionary<(string? FieldId, string Path), ItemKey>();
        foreach (var decision in decisions)
        {
            foreach (var choice in decision.Choices)
                if (IsNew(choice.FieldId, choice.Path)) items.Add((choice.FieldId, choice.Path), ChoiceKey(scope.Workspace, choice));
            foreach (var (id, path) in Levels(decision.Folder))
                if (IsNew(null, path)) items.Add((null, path), FolderKey(scope.Workspace, id));
        }
        if (items.Count == 0) return;
        var made = items.Select(i => (Key: i.Value, Value: new NamedPath(i.Key.Path, i.Key.FieldId, scope.Job))).ToList();
        var results = await records.WriteAsync([.. made.Select(i => Write(WriteKind.Create, i.Key, i.Value))], cancellationToken);
        for (var i = 0; i < made.Count; i++)
            if (results[i].Status == WriteStatus.Conflict) await SettleAsync(made[i].Key, made[i].Value, cancellationToken);
        // It only saves asking again, and must not grow with the workspace.
        if (known.Count > MostKnown) known.Clear();
        foreach (var (field, path) in items.Keys) known.TryAdd((scope.Workspace, field, path), 0);

        bool IsNew(string? field, string path) => !known.ContainsKey((scope.Workspace, field, path)) && !items.ContainsKey((field, path));
    }

    // It was there already. When this same job made it in other letters, the smaller spelling stays.
    private async Task SettleAsync(ItemKey key, NamedPath ours, CancellationToken cancellationToken)
    {
        while (await records.ReadAsync(key, cancellationToken) is { } item)
        {
            var theirs = JsonSerializer.Deserialize<NamedPath>(item.Body.Span, JsonSerializerOptions.Web)!;
            if (theirs.MadeBy != ours.MadeBy || string.CompareOrdinal(ours.Path, theirs.Path) >= 0) return;
            var results = await records.WriteAsync([Write(WriteKind.Replace, key, ours, item.ETag)], cancellationToken);
            if (results[0].Status == WriteStatus.Done) return;
        }
    }

    private static IEnumerable<(string Id, string Path)> Levels(RecordFolder? folder)
    {
        var end = -1;
        for (var level = 0; level < (folder?.Ids.Count ?? 0); level++)
        {
            end = folder!.Path.IndexOf('\\', end + 1);
            yield return (folder.Ids[level], end < 0 ? folder.Path : folder.Path[..end]);
        }
    }

    private static ItemWrite Write(WriteKind kind, ItemKey key, NamedPath value, string? etag = null) => new(
        kind, key, $"{key.Id[..key.Id.LastIndexOf('|')]}|{value.Path.ToUpperInvariant()}",
        JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web), etag);

    /// <summary>Where a choice is kept.</summary>
    internal static ItemKey ChoiceKey(string workspace, UsedChoice choice) => new(
        $"{workspace}|config",
        $"choice|{choice.FieldId}|{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(choice.Path.ToUpperInvariant())))}");

    private static ItemKey FolderKey(string workspace, string id) => new($"{workspace}|config", $"folder|{id}");
}
