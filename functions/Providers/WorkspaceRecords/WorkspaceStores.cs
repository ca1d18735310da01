using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>What workspaces are read from: their metadata, their records, and files.</summary>
public sealed record WorkspaceStores(WorkspaceCatalog Workspaces, Catalog Metadata, IRecords Records, Blobs Blobs)
{
    /// <summary>The productions of workspaces.</summary>
    public ProductionCatalog Productions { get; } = new(Metadata);
}
