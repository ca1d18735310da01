using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Exports;

/// <summary>What of a workspace an export reads (guide, 5.1 to 5.4).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkspacePart>))]
public enum WorkspacePart
{
    /// <summary>The documents of one folder.</summary>
    [JsonStringEnumMemberName("folder")] Folder,

    /// <summary>The documents of a folder and of all folders below it.</summary>
    [JsonStringEnumMemberName("folder-and-subfolders")] FolderAndSubfolders,

    /// <summary>The documents that a production has images of, in the order of their first Bates numbers.</summary>
    [JsonStringEnumMemberName("production")] Production,

    /// <summary>The documents that a saved search finds.</summary>
    [JsonStringEnumMemberName("saved-search")] SavedSearch,
}

/// <summary>Which records of its own workspace an integration point reads, and what of them: the settings of the source provider <c>workspace</c>.</summary>
public sealed record WorkspaceSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "workspace";

    /// <summary>The column that is no field: the path of the folder in which a document lies.</summary>
    public const string FolderColumn = "Folder Path";

    /// <summary>What is read.</summary>
    [Required, Description("What is exported: folder, folder-and-subfolders, production or saved-search.")]
    public WorkspacePart Part { get; init; }

    /// <summary>The path of the folder, levels separated by <c>\</c>; blank: the root. Only for folders.</summary>
    [Description("Path of the folder, levels separated by \\; blank for the root.")]
    public string? Folder { get; init; }

    /// <summary>Id or name of the view that gives columns and order. Only for folders; null: all fields, in identifier order.</summary>
    [Description("View that gives columns and order, by id or name.")]
    public string? View { get; init; }

    /// <summary>Id or name of the saved search.</summary>
    [Description("Saved search, by id or name.")]
    public string? SavedSearch { get; init; }

    /// <summary>Id or name of the production.</summary>
    [Description("Production, by id or name.")]
    public string? Production { get; init; }

    /// <summary>The number of the first record to export, from 1.</summary>
    [Range(1, long.MaxValue), Description("Number of the first record to export, from 1.")]
    public long StartAtRecord { get; init; } = 1;

    /// <summary>The columns in order; empty: those of the view or saved search as it is when the job starts.</summary>
    [Description("Fields to export, in order, each with the name it has in the load file; empty follows the view or the saved search.")]
    public IReadOnlyList<ExportColumn> Columns { get; init; } = [];
}

/// <summary>A column of an export.</summary>
/// <param name="Field">The field's name, or <see cref="WorkspaceSettings.FolderColumn"/>.</param>
/// <param name="Name">Its name in the load file; null: the field's.</param>
public sealed record ExportColumn(string Field, string? Name = null);
