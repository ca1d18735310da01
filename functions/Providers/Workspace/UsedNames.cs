using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>A choice of a field, by its path.</summary>
public sealed record Choice(string FieldId, string Path);

/// <summary>A folder of a workspace, by its path.</summary>
public sealed record Folder(string Id, string Path, string? Parent);

/// <summary>
/// Makes the choices, folders and lookups that records use. Their ids follow from their paths, so that batches can make them at once; what was
/// made is remembered by the process, since paths never change (design, Data).
/// </summary>
public sealed class UsedNames(IRecords records)
{
    private readonly ConcurrentDictionary<ItemKey, byte> known = new();

    /// <summary>Whether this process has made or seen the choice.</summary>
    internal bool Knows(string workspace, UsedChoice choice) => known.ContainsKey(ChoiceItem(workspace, choice).Key);

    /// <summary>Whether this process has made or seen the folder.</summary>
    internal bool Knows(string workspace, RecordFolder folder) => known.ContainsKey(FolderKey(workspace, folder.Ids[^1]));

    /// <summary>Makes what these records use and is not there.</summary>
    internal async Task EnsureAsync(IReadOnlyList<Decision> decisions, CancellationToken cancellationToken)
    {
        var items = new Dictionary<ItemKey, ItemWrite>();
        foreach (var decision in decisions)
        {
            var workspace = decision.Partition[..decision.Partition.LastIndexOf('|')];
            foreach (var choice in decision.Choices) Add(ChoiceItem(workspace, choice));
            foreach (var folder in FolderItems(workspace, decision.Folder)) Add(folder);
        }
        if (items.Count == 0) return;
        await records.WriteAsync([.. items.Values], cancellationToken);
        foreach (var key in items.Keys) known.TryAdd(key, 0);

        void Add(ItemWrite item)
        {
            if (!known.ContainsKey(item.Key)) items.TryAdd(item.Key, item);
        }
    }

    private static ItemWrite ChoiceItem(string workspace, UsedChoice choice)
    {
        var folded = choice.Path.ToUpperInvariant();
        var id = $"choice|{choice.FieldId}|{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(folded)))}";
        return new ItemWrite(
            WriteKind.Create, new ItemKey($"{workspace}|config", id), $"choice|{choice.FieldId}|{folded}",
            JsonSerializer.SerializeToUtf8Bytes(new Choice(choice.FieldId, choice.Path), JsonSerializerOptions.Web));
    }

    private static IEnumerable<ItemWrite> FolderItems(string workspace, RecordFolder? folder)
    {
        if (folder is null) yield break;
        var levels = folder.Path.Split('\\');
        for (var level = 0; level < levels.Length; level++)
        {
            var path = string.Join('\\', levels[..(level + 1)]);
            var value = new Folder(folder.Ids[level], path, level == 0 ? null : folder.Ids[level - 1]);
            yield return new ItemWrite(
                WriteKind.Create, FolderKey(workspace, value.Id), $"folder|{path.ToUpperInvariant()}",
                JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web));
        }
    }

    private static ItemKey FolderKey(string workspace, string id) => new($"{workspace}|config", $"folder|{id}");
}
