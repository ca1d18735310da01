using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>What validation found, frozen with the job: every batch reads the same source the same way into the same fields.</summary>
public sealed record PreparedJob
{
    /// <summary>The destination.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>The object type written to.</summary>
    public required ObjectType ObjectType { get; init; }

    /// <summary>Its fields, those included that the job made.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>The source.</summary>
    public required SourceLayout Layout { get; init; }
}
