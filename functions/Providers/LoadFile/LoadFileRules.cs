using IntegrationPoints.Engine;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>What the settings of a load file must be to be saved, beyond what their annotations say.</summary>
public static class LoadFileRules
{
    /// <summary>The settings with paths as the staging area spells them. Nothing outside of what the workspace may read gets through.</summary>
    /// <param name="settings">As they were sent.</param>
    /// <param name="workspace">The workspace that the integration point belongs to.</param>
    /// <param name="staging">Which paths it may read.</param>
    /// <param name="problems">What is wrong is added here, with the name of the setting as its field.</param>
    public static LoadFileSettings Clean(LoadFileSettings settings, string workspace, StagingPaths staging, ICollection<Problem> problems)
    {
        if (settings.Encoding is not "auto" && EncodingDetector.Find(settings.Encoding) is null)
            problems.Add(UnknownEncoding(settings.Encoding) with { Field = "encoding" });
        if (settings.Quote == settings.Column)
            problems.Add(new Problem("characters-equal", "The column delimiter and the quote are the same character. Choose different ones.") { Field = "quote" });
        var (file, baseFolder) = CleanPaths(settings.File, settings.BaseFolder, workspace, staging, problems);
        return settings with { File = file, BaseFolder = baseFolder };
    }

    /// <summary>The paths of a load file and of its base folder as the staging area spells them.</summary>
    internal static (string File, string? BaseFolder) CleanPaths(
        string file, string? baseFolder, string workspace, StagingPaths staging, ICollection<Problem> problems)
    {
        return (Readable(file, "file", staging.ForReading), baseFolder?.TrimEnd('/') is { Length: > 0 } folder ? Readable(folder, "baseFolder", staging.FolderForReading) : null);

        string Readable(string path, string setting, Func<string, string, string> readable)
        {
            // A blank path is the annotations' to refuse.
            if (path.Length == 0) return path;
            try
            {
                return readable(workspace, path);
            }
            catch (ConfigurationException e)
            {
                problems.Add(e.Problem with { Field = setting });
                return path;
            }
        }
    }

    /// <summary>The words for an encoding that .NET does not know.</summary>
    public static Problem UnknownEncoding(string name) => new(
        "unknown-encoding", $"{Words.Quote(name)} is not an encoding. Use a name such as utf-8, utf-16 or windows-1252, or auto.");
}
