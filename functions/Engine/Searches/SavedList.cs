namespace IntegrationPoints.Engine.Searches;

/// <summary>By which field a list is ordered.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Descending">From the last to the first. Records without a value come last, either way.</param>
public sealed record SortColumn(string Field, bool Descending = false);

/// <summary>A condition with columns and an order under a name: a saved search, or a view.</summary>
public sealed record SavedList
{
    /// <summary>Stable id in its workspace.</summary>
    public string Id { get; init; } = "";

    /// <summary>The name people see; unique among the public ones of the workspace and among each owner's, without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>Who alone sees it; null: Public.</summary>
    public string? Owner { get; init; }

    /// <summary>Whose records it finds.</summary>
    public string ObjectType { get; init; } = Workspaces.ObjectType.Document;

    /// <summary>Which records it finds; null: all.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The names of the fields that are shown, in order; empty: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The order, most important field first; after it the identifier, ordinally.</summary>
    public IReadOnlyList<SortColumn> Sort { get; init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset ModifiedUtc { get; init; }

    /// <summary>Whether somebody sees it.</summary>
    public bool IsSeenBy(string user) => Owner is null || string.Equals(Owner, user, StringComparison.OrdinalIgnoreCase);
}
