using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.Workspace;

namespace IntegrationPoints.Providers;

/// <summary>The destination providers by name: for each its settings record and how to open it.</summary>
public sealed class Destinations(WorkspaceDestination workspace, LoadFileDestination loadFile)
{
    /// <summary>Each provider's name and the type of its settings. The workspace needs none: it is the one that owns the integration point.</summary>
    public static IReadOnlyDictionary<string, Type> Settings { get; } = new Dictionary<string, Type> { [ExportSettings.Provider] = typeof(ExportSettings) };

    /// <summary>The destination of an integration point.</summary>
    /// <exception cref="ConfigurationException">There is no such provider.</exception>
    public IDestination Open(IntegrationPoint point) => point.Destination?.Provider switch
    {
        null => workspace,
        ExportSettings.Provider => loadFile,
        var other => throw new ConfigurationException(
            "unknown-provider", $"There is no destination provider {Words.Quote(other)}. Choose one of: {string.Join(", ", Settings.Keys)}; or none, for the workspace."),
    };
}
