using System.CommandLine;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip stage</c>: puts a file, or a folder with everything in it, into the staging area.</summary>
internal static class StageCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A file, or a folder: everything in it." };
        var workspace = Verbs.Workspace();
        var to = new Option<string?>("--to") { Description = "Folder of the workspace's staging area; default the top.", HelpName = "folder" };
        var replace = new Option<bool>("--replace") { Description = "Put files in the place of those that are there; otherwise a file that is there stays, and the command fails. The audit says that files were replaced." };
        return Verbs.Verb("stage", "Put files into the staging area of a workspace.", [path, workspace, to, replace], async call =>
        {
            var folder = (call.Get(to) ?? "").Replace('\\', '/').Trim('/');
            var source = Path.GetFullPath(call.Need(path));
            var files = Files(source, folder.Length == 0 ? "" : folder + "/");
            await using var progress = new StagingProgress(call.Terminal, File.Exists(source) ? new FileInfo(source).Length : 0);
            await new Uploader(call.App, call.Need(workspace), call.Get(replace) ? StagedBefore.Replace : StagedBefore.Refuse, progress).SendAsync(files.ToAsyncEnumerable(), call.Cancel);
            await progress.DisposeAsync();
            var (count, bytes) = (progress.Files, progress.Bytes);
            var place = $"StructuredData/{call.Need(workspace)}/{folder}".TrimEnd('/');
            var words = $"{Terminal.Files(count)} ({Terminal.Bytes(bytes)}) sent to {place}.";
            call.Terminal.Show(new { folder = place, files = count, bytes }, words);
        });
    }

    private static IEnumerable<StagedFile> Files(string path, string folder)
    {
        if (File.Exists(path)) return [new StagedFile(path, folder + Path.GetFileName(path), new FileInfo(path).Length)];
        if (!Directory.Exists(path)) throw new UsageException($"There is no file or folder {path}.");
        // A link could lead out of the folder that was named.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return new DirectoryInfo(path).EnumerateFiles("*", options).Select(file =>
        {
            var relative = Path.GetRelativePath(path, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            return new StagedFile(file.FullName, folder + relative, file.Length);
        });
    }
}
