using System.CommandLine;
using IntegrationPoints.Cli.Import;
using IntegrationPoints.Cli.Jobs;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip import</c>: a load file of this machine, from its first byte to the last record.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The load file." };
        var workspace = Verbs.Workspace();
        var folder = new Option<string?>("--base") { Description = "The folder of relative paths; default that of the load file." };
        var options = new ImportOptions();
        IEnumerable<Symbol> symbols = [file, workspace, folder, .. options.All];
        return Verbs.Verb("import", "Import a load file with the natives, texts and images it names.", symbols, async call =>
        {
            var settings = options.Read(call.Arguments);
            var path = Path.GetFullPath(call.Need(file));
            if (!File.Exists(path)) throw new UsageException($"There is no file {path}.");
            var request = new ImportRequest
            {
                File = path,
                Base = BaseOf(call.Get(folder), path),
                Workspace = call.Need(workspace),
                Settings = settings,
            };
            var job = await new ImportRun(call.App, call.Terminal).RunAsync(request, call.Cancel);
            return await new JobReport(call.App, call.Terminal).ShowAsync(job, call.Cancel, Path.GetExtension(path));
        });
    }

    private static string BaseOf(string? given, string file)
    {
        if (given is null) return Path.GetDirectoryName(file)!;
        var folder = Path.GetFullPath(given);
        if (Directory.Exists(folder)) return folder;
        throw new UsageException(File.Exists(folder)
            ? $"--base: {folder} is a file. This version reads natives and texts from folders only: unpack an archive first."
            : $"--base: there is no folder {folder}.");
    }
}
