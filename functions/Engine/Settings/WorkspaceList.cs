namespace IntegrationPoints.Engine.Settings;

/// <summary>The workspaces that a setting names by their ids: some, all (<c>*</c>), or none.</summary>
public static class WorkspaceList
{
    private const string All = "*";

    /// <summary>The form in which they are kept, each once; null when something else stands there.</summary>
    public static string? Clean(string text)
    {
        var ids = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(id => id.ToLowerInvariant()).Distinct().ToList();
        return ids is [All] || ids.TrueForAll(id => id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) ? string.Join(", ", ids) : null;
    }

    /// <summary>Whether a workspace is among those that are kept.</summary>
    public static bool Has(string kept, string workspace)
        => kept == All || kept.Split(", ").Any(id => id.Length > 0 && id.Equals(workspace, StringComparison.OrdinalIgnoreCase));
}
