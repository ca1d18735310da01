using IntegrationPoints.App.Access;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>What else changes when an integration point is edited, or made from a profile; and how that is said.</summary>
public sealed class PointEdits(WorkspaceCatalog workspaces, WorkspaceStores stores, PointSecrets secrets, Caller caller)
{
    /// <summary>Another provider or object type: the mapping of before means nothing any more, and the errors of before cannot be retried.</summary>
    public static IntegrationPoint Edited(IntegrationPoint before, IntegrationPoint sent)
    {
        var what = before.Source.Provider != sent.Source.Provider ? "source provider"
            : before.Destination?.Provider != sent.Destination?.Provider ? "destination provider"
            : !before.ObjectType.Equals(sent.ObjectType, StringComparison.OrdinalIgnoreCase) ? "object type"
            : null;
        if (what is null) return sent;
        var notes = new List<string> { $"The {what} is another: errors of jobs of the one before cannot be retried with it." };
        // One that was sent new is meant for the new source.
        var isOld = sent.Mapping.Count == before.Mapping.Count && sent.Mapping.Zip(before.Mapping).All(p => p.First.IsSamePair(p.Second));
        if (isOld && sent.Mapping.Count + sent.Unmapped.Count > 0)
        {
            sent = sent with { Mapping = [], Unmapped = [], MapAllFields = true };
            notes.Add("The field mapping was cleared, and fields of equal names are mapped. Map the others again.");
        }
        return sent with { Notes = notes };
    }

    /// <summary>
    /// A profile as a point of a workspace: pairs whose field the workspace has are kept, by name; the others go to the end, unmapped, and that is said.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="given">By setting, secrets in place of those of the profile; null: none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The point, with its secrets as text, to be kept.</returns>
    public async Task<IntegrationPoint> ApplyAsync(IntegrationPoint profile, string workspace, IReadOnlyDictionary<string, Secret>? given, CancellationToken cancellationToken)
    {
        var fields = await workspaces.FieldsAsync(workspace, profile.ObjectType, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
        var pairs = profile.Mapping.Concat(profile.Unmapped).Select(pair => (Pair: pair, Field: FieldMatcher.Find(fields, pair.Destination))).ToList();
        var missing = profile.Import.CreateFields is null ? pairs.Where(p => p.Field is null).Select(p => p.Pair).ToList() : [];
        // A field of another type is another field under the same name.
        var other = pairs.Where(p => p is { Field: not null, Pair.Type: not null } && p.Field.Type != p.Pair.Type).Select(p => p.Pair).ToList();
        List<FieldMapping> unmapped = [.. pairs.Select(p => p.Pair).Where(p => missing.Contains(p) || other.Contains(p))];
        var notes = new List<string>();
        if (missing.Count > 0)
            notes.Add($"The workspace has no field {Words.List([.. missing.Select(p => p.Destination)])}: what the profile maps there is kept at the end of the mapping, unmapped.");
        if (other.Count > 0)
            notes.Add($"These fields have another type in this workspace than in the profile: {Words.List([.. other.Select(p => p.Destination)])}. What the profile maps there is kept at the end of the mapping, unmapped. Map it again if its values fit.");
        // A file in the profile's own staging folder is one of the same name in the new owner's.
        var file = Sources.FileOf(profile.Source) is { } path && path.StartsWith($"StructuredData/{profile.Workspace}/", StringComparison.OrdinalIgnoreCase)
            ? $"StructuredData/{workspace}/{path[$"StructuredData/{profile.Workspace}/".Length..]}"
            : null;
        var own = await secrets.OpenedAsync(profile, workspace, given ?? new Dictionary<string, Secret>(), cancellationToken);
        var point = profile with
        {
            Workspace = workspace,
            SavedBy = caller.Name,
            Source = file is null || workspace == profile.Workspace ? own : Sources.WithFile(own, file),
            Mapping = [.. pairs.Where(p => !unmapped.Contains(p.Pair)).Select(p => p.Pair with { Destination = p.Field?.Name ?? p.Pair.Destination })],
            Unmapped = unmapped,
            Notes = notes.Count == 0 ? null : notes,
        };
        return point.IsExport ? await WithColumnsAsync(point, cancellationToken) : point;
    }

    // What is made from a profile keeps the columns that its view or saved search has now (guide 5.1).
    private async Task<IntegrationPoint> WithColumnsAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        var settings = await new WorkspaceSource(point, job: "", stores, new BatchSize()).WithColumnsAsync(cancellationToken);
        return point with { Source = Sources.Write(point.Source.Provider, settings) };
    }
}
