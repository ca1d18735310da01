using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Exports;

/// <summary>
/// Which documents a job exports, and in which order: the settings of its source with every name resolved, frozen in
/// <see cref="SourceLayout.Frozen"/>.
/// </summary>
public sealed record SelectedDocuments
{
    /// <summary>Under which name the layout keeps it.</summary>
    public const string Key = "documents";

    /// <summary>The workspace that is read.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>The id of the identifier of Document; its values are the records' identifiers.</summary>
    public required string IdentifierField { get; init; }

    /// <summary>Which documents: the folder, the production, and the condition of the saved search or view.</summary>
    public required RecordQuery Query { get; init; }

    /// <summary>The id of the production that is exported, whose first Bates numbers say the order; null: none is.</summary>
    public string? Production { get; init; }

    /// <summary>What documents are ordered by; after it, and where it is empty, by identifier.</summary>
    public IReadOnlyList<SelectedSort> Sort { get; init; } = [];

    /// <summary>The number of the first record that is exported, from 1.</summary>
    public long StartAt { get; init; } = 1;

    /// <summary>The ids of the long text fields of which the first that is not empty is a document's text; empty when no text files are exported.</summary>
    public IReadOnlyList<string> TextFields { get; init; } = [];

    /// <summary>The ids of the productions whose images and Bates numbers count, the first that has the document; of an exported production its own only.</summary>
    public IReadOnlyList<string> Productions { get; init; } = [];

    /// <summary>What a layout froze.</summary>
    /// <exception cref="InvalidOperationException">The layout is that of another source.</exception>
    public static SelectedDocuments From(SourceLayout layout) => layout.Frozen.TryGetValue(Key, out var json)
        ? JsonSerializer.Deserialize<SelectedDocuments>(json, JsonSerializerOptions.Web)!
        : throw new InvalidOperationException($"{layout.Name} is no workspace.");

    /// <summary>As a layout freezes it.</summary>
    public IReadOnlyDictionary<string, string> Freeze()
        => new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(this, JsonSerializerOptions.Web) };
}

/// <summary>What documents are ordered by.</summary>
/// <param name="Field">The field's id.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Descending">From the largest to the smallest; blank values come last either way.</param>
public sealed record SelectedSort(string Field, FieldType Type, bool Descending);
