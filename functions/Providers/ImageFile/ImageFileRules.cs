using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>What the settings of an image load file must be to be saved, beyond what their annotations say.</summary>
public static class ImageFileRules
{
    /// <summary>The settings with paths as the staging area spells them. Nothing outside of what the workspace may read gets through.</summary>
    /// <param name="settings">As they were sent.</param>
    /// <param name="workspace">The workspace that the integration point belongs to.</param>
    /// <param name="staging">Which paths it may read.</param>
    /// <param name="problems">What is wrong is added here, with the name of the setting as its field.</param>
    public static ImageFileSettings Clean(ImageFileSettings settings, string workspace, StagingPaths staging, ICollection<Problem> problems)
    {
        var production = settings.Production?.Trim() is { Length: > 0 } name ? name : null;
        if (production is not null && PointRules.CheckName(production) is { } wrong) problems.Add(wrong with { Field = "production" });
        if (production is not null && settings.LoadText)
            problems.Add(new Problem("text-of-production", "Text is loaded with the original images of documents, not with a production. Switch it off, or leave the production out.") { Field = "loadText" });
        var (file, folder) = LoadFileRules.CleanPaths(settings.File, settings.BaseFolder, workspace, staging, problems);
        return settings with { File = file, BaseFolder = folder, Production = production };
    }
}
