using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>What workspaces are read from: their metadata, their records, and files.</summary>
public sealed record WorkspaceStores(WorkspaceCatalog Workspaces, Catalog Metadata, IRecords Records, Blobs Blobs)
{
    /// <summary>Their productions.</summary>
    public ProductionCatalog Productions { get; } = new(Metadata);

    /// <summary>Their saved searches.</summary>
    public SavedListCatalog Searches { get; } = new SavedSearchCatalog(Metadata);

    /// <summary>Their views.</summary>
    public SavedListCatalog Views { get; } = new ViewCatalog(Metadata);

    /// <summary>Their folders.</summary>
    public FolderCatalog Folders { get; } = new(Records);
}
