using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>Where the full name of an entity comes from: its own column, or those of first and last name.</summary>
/// <param name="Field">The field of the full name.</param>
/// <param name="Column">The column that is mapped to it; null: none is.</param>
/// <param name="First">The column of the first name.</param>
/// <param name="Last">The column of the last name.</param>
public sealed record EntityName(Field Field, int? Column, int First, int Last)
{
    /// <summary>The full name that a row gives; null: all that it could come from is blank.</summary>
    public string? Of(IReadOnlyList<string> cells)
        => Column is { } own ? cells[own].Trim() is { Length: > 0 } name ? name : null : EntityFields.FullName(cells[First], cells[Last]);
}
