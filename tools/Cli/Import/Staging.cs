using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Import;

/// <summary>Where a load file and what it names were staged.</summary>
/// <param name="Name">A name that no other import has.</param>
/// <param name="Folder">The folder of all of it, below the workspace's own.</param>
/// <param name="File">The load file in the staging area.</param>
/// <param name="BaseFolder">The folder of its relative paths in the staging area.</param>
/// <param name="MissingPaths">A few paths whose file is not there, in their segments.</param>
internal sealed record StagedImport(string Name, string Folder, string File, string BaseFolder, IReadOnlyList<IReadOnlyList<string>> MissingPaths);

/// <summary>Sends a load file and the files that it names to the staging area.</summary>
internal sealed class Staging(AppClient app, Terminal terminal)
{
    /// <summary>Sends them.</summary>
    public async Task<StagedImport> SendAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Settings.Detect) request = await DetectedSettings.OfAsync(request, terminal, cancellationToken);
        var name = ImportRun.NewName(request.File);
        var folder = $"Imports/{name}";
        var loadFile = new StagedFile(request.File, $"{folder}/{Path.GetFileName(request.File)}", new FileInfo(request.File).Length);
        var files = new ReferencedFiles(request, $"{folder}/files");
        await using var progress = new StagingProgress(terminal, loadFile.Bytes, () => files.Position);
        var uploader = new Uploader(app, request.Workspace, progress.Sent);
        await uploader.SendAsync(files.FindAsync(cancellationToken).Prepend(loadFile), cancellationToken);
        await progress.DisposeAsync();
        if (files.Links > 0) terminal.Remark($"{files.Links} paths lead over symbolic links, which are not followed; those files were not staged.");
        var staging = $"StructuredData/{request.Workspace}";
        return new StagedImport(name, folder, $"{staging}/{loadFile.Path}", $"{staging}/{folder}/files", files.Missing);
    }
}
