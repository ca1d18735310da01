using System.Text.Json.Serialization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>What is to become of a record.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    /// <summary>It is new.</summary>
    Create,

    /// <summary>It takes the place of the version that was seen.</summary>
    Replace,

    /// <summary>It is left out, for the reasons given.</summary>
    Reject,
}

/// <summary>
/// What a batch decided about one record of its source: all that applying it needs, so that whoever applies it, and however often, does the
/// same (design, Rules of orchestration 6).
/// </summary>
internal sealed record Decision
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required long Line { get; init; }
    public long Offset { get; init; }
    public long Length { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public required Outcome Outcome { get; init; }

    /// <summary>The identifier as the source has it.</summary>
    public string? SourceId { get; init; }

    /// <summary>The identifier of the record that is written; when overlaying by another field not the source's.</summary>
    public string Identifier { get; init; } = "";

    public string Partition { get; init; } = "";
    public string Id { get; init; } = "";
    public string Sort { get; init; } = "";

    /// <summary>The version that was seen, and that a replacement takes the place of.</summary>
    public string? ETag { get; init; }

    /// <summary>Whom the row names as the manager, to be linked when all records are there; null: nobody.</summary>
    public string? Manager { get; init; }

    /// <summary>The files that the record brings: those with a <see cref="KeptFile.From"/> are copied before it is written, all are in the manifest.</summary>
    public IReadOnlyList<KeptFile> Files { get; init; } = [];

    /// <summary>The images to keep beside the record; null: it brings none.</summary>
    public NewImages? Images { get; init; }

    /// <summary>Choices of this record that may not exist yet.</summary>
    public IReadOnlyList<UsedChoice> Choices { get; init; } = [];

    /// <summary>Objects that this record names, that may not exist yet, and that may be made.</summary>
    public IReadOnlyList<UsedObject> Objects { get; init; } = [];

    /// <summary>The record's folder, when it may not exist yet.</summary>
    public RecordFolder? Folder { get; init; }

    /// <summary>Values by which the record can be found: field id and value.</summary>
    public IReadOnlyDictionary<string, string> Lookups { get; init; } = new Dictionary<string, string>();

    /// <summary>Errors of a rejected record; warnings of any.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>The record to store, as JSON. Kept beside this header, not in it.</summary>
    [JsonIgnore] public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The record that is replaced, as JSON: what undoing the job needs. Kept beside this header, not in it.</summary>
    [JsonIgnore] public ReadOnlyMemory<byte> Replaced { get; init; }
}

/// <summary>The pages of a set of images, for items of their own whose ids begin with <paramref name="Item"/>.</summary>
internal sealed record NewImages(string Item, IReadOnlyList<ImagePage> Pages);

/// <summary>An object by its type and name.</summary>
internal sealed record UsedObject(string ObjectType, string Name);

/// <summary>A choice by its field and path.</summary>
internal sealed record UsedChoice(string FieldId, string Path);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Decision))]
internal sealed partial class DecisionJson : JsonSerializerContext;
