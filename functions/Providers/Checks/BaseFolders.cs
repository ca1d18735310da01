using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Looks for the folder above the base folder under which missing files are: load files often lie in a folder of their own.</summary>
internal sealed class BaseFolders(Blobs blobs, StagingPaths staging)
{
    /// <summary>The nearest ancestor with most of these files, or null when none has any of them.</summary>
    /// <param name="check">The check.</param>
    /// <param name="frozen">Where the base folder is.</param>
    /// <param name="missing">A few paths of files that are not below it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<BaseProposal?> ProposeAsync(Check check, FrozenLoadFile frozen, IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        if (missing.Count == 0) return null;
        BaseProposal? best = null;
        var rules = new PathRules(check.Job.Point.Import.PathRules);
        for (var folder = Parent(frozen.BaseFolder.TrimEnd('/')); folder.Length > 0 && MayRead(check.Job.Point.Workspace, folder); folder = Parent(folder))
        {
            var found = (await new StagedFiles(blobs, folder + "/") { Rules = rules }.FindAsync(missing, cancellationToken)).Count(f => f is { Problem: null });
            if (found > (best?.Found ?? 0)) best = new BaseProposal(folder, missing.Count, found);
        }
        return best;
    }

    private bool MayRead(string workspace, string folder)
    {
        try
        {
            staging.FolderForReading(workspace, folder);
            return true;
        }
        catch (ConfigurationException)
        {
            // Where what the workspace may read ends, looking ends too.
            return false;
        }
    }

    private static string Parent(string folder) => folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
}
