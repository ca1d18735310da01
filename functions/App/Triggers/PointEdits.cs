using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>What else changes when an integration point is edited, or made from a profile; and how that is said.</summary>
public sealed class PointEdits(WorkspaceCatalog workspaces)
{
    /// <summary>Another provider or object type: the mapping of before means nothing any more, and the errors of before cannot be retried.</summary>
    public static IntegrationPoint Edited(IntegrationPoint before, IntegrationPoint sent)
    {
        var what = before.Source.Provider != sent.Source.Provider ? "source provider"
            : before.Destination?.Provider != sent.Destination?.Provider ? "destination provider"
            : !before.ObjectType.Equals(sent.ObjectType, StringComparison.OrdinalIgnoreCase) ? "object type"
            : null;
        if (what is null) return sent;
        var notes = new List<string> { $"The {what} is another: errors of earlier jobs cannot be retried any more." };
        // One that was sent new is meant for the new source.
        if (sent.Mapping.Count > 0 && sent.Mapping.SequenceEqual(before.Mapping))
        {
            sent = sent with { Mapping = [], Unmapped = [], MapAllFields = true };
            notes.Add("The field mapping was cleared, and fields of equal names are mapped. Map the others again.");
        }
        return sent with { Notes = notes };
    }

    /// <summary>
    /// A profile as a point of a workspace: pairs whose field the workspace has are kept, by name; the others go to the end, unmapped, and that is said.
    /// </summary>
    public async Task<IntegrationPoint> ApplyAsync(IntegrationPoint profile, string workspace, CancellationToken cancellationToken)
    {
        var fields = await workspaces.FieldsAsync(workspace, profile.ObjectType, cancellationToken).Select(f => f.Value.Name).ToListAsync(cancellationToken);
        var pairs = profile.Mapping.Concat(profile.Unmapped)
            .Select(pair => (Pair: pair, Field: fields.FirstOrDefault(f => f.Equals(pair.Destination.Trim(), StringComparison.OrdinalIgnoreCase)))).ToList();
        var unmapped = profile.Import.CreateFields is null ? pairs.Where(p => p.Field is null).Select(p => p.Pair).ToList() : [];
        // A file in the profile's own staging folder is one of the same name in the new owner's.
        var file = Sources.FileOf(profile.Source) is { } path && path.StartsWith($"StructuredData/{profile.Workspace}/", StringComparison.OrdinalIgnoreCase)
            ? $"StructuredData/{workspace}/{path[$"StructuredData/{profile.Workspace}/".Length..]}"
            : null;
        return profile with
        {
            Workspace = workspace,
            Source = file is null || workspace == profile.Workspace ? profile.Source : Sources.WithFile(profile.Source, file),
            Mapping = [.. pairs.Where(p => !unmapped.Contains(p.Pair)).Select(p => p.Pair with { Destination = p.Field ?? p.Pair.Destination })],
            Unmapped = unmapped,
            Notes = unmapped.Count == 0 ? null :
            [
                $"The workspace has no field {Words.List([.. unmapped.Select(p => p.Destination)])}: what the profile maps there is kept at the end of the mapping, unmapped.",
            ],
        };
    }
}
