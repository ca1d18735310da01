using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Import;

/// <summary>Where a load file and what it names were staged.</summary>
/// <param name="Name">A name that no other import has.</param>
/// <param name="Folder">The folder of all of it, below the workspace's own.</param>
/// <param name="File">The load file in the staging area.</param>
/// <param name="BaseFolder">The folder of its relative paths in the staging area; null: the load file's own, in its package.</param>
/// <param name="MissingPaths">A few paths whose file is not there, in their segments.</param>
internal sealed record StagedImport(string Name, string Folder, string File, string? BaseFolder, IReadOnlyList<IReadOnlyList<string>> MissingPaths);

/// <summary>Sends a load file and the files that it names to the staging area.</summary>
internal sealed class Staging(AppClient app, Terminal terminal)
{
    /// <summary>Sends them.</summary>
    public async Task<StagedImport> SendAsync(ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Settings.Detect && request.InPackage is null) request = await DetectedSettings.OfAsync(request, terminal, cancellationToken);
        var name = ImportRun.NewName(request.File);
        var folder = $"Imports/{name}";
        var loadFile = new StagedFile(request.File, $"{folder}/{Path.GetFileName(request.File)}", new FileInfo(request.File).Length);
        if (request.BaseInPackage is not null) return await SendPackagesAsync(request, name, folder, loadFile, cancellationToken);
        var files = new ReferencedFiles(request, $"{folder}/files");
        await using var progress = new StagingProgress(terminal, loadFile.Bytes, () => files.Position);
        var uploader = new Uploader(app, request.Workspace, StagedBefore.IsOurs, progress);
        await uploader.SendAsync(files.FindAsync(cancellationToken).Prepend(loadFile), cancellationToken);
        await progress.DisposeAsync();
        if (files.Links > 0) terminal.Remark($"{files.Links} paths lead over symbolic links, which are not followed; those files were not staged.");
        var staging = $"StructuredData/{request.Workspace}";
        return new StagedImport(name, folder, $"{staging}/{loadFile.Path}", $"{staging}/{folder}/files", files.Missing);
    }

    // A package goes whole: what the load file names is found in it there, by range.
    private async Task<StagedImport> SendPackagesAsync(
        ImportRequest request, string name, string folder, StagedFile loadFile, CancellationToken cancellationToken)
    {
        var isSame = string.Equals(request.Base, request.File, StringComparison.Ordinal);
        var package = isSame ? loadFile : new StagedFile(request.Base, $"{folder}/files/{Path.GetFileName(request.Base)}", new FileInfo(request.Base).Length);
        StagedFile[] files = isSame ? [loadFile] : [loadFile, package];
        await using (var progress = new StagingProgress(terminal, files.Sum(f => f.Bytes)))
            await new Uploader(app, request.Workspace, StagedBefore.IsOurs, progress).SendAsync(files.ToAsyncEnumerable(), cancellationToken);
        var staging = $"StructuredData/{request.Workspace}";
        return new StagedImport(
            name, folder, $"{staging}/{loadFile.Path}/{request.InPackage}".TrimEnd('/'),
            isSame && request.InPackage == "" ? null : $"{staging}/{package.Path}/{request.BaseInPackage}".TrimEnd('/'), []);
    }
}
