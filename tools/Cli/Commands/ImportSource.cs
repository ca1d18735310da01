using System.CommandLine;
using IntegrationPoints.Cli.Import;

namespace IntegrationPoints.Cli.Commands;

/// <summary>The load file of a command, its workspace and its options: <c>ip import</c> and <c>ip check</c> share them.</summary>
internal sealed class ImportSource
{
    private readonly Argument<string> _file = new("FILE") { Description = "The load file." };
    private readonly Option<string> _workspace = Verbs.Workspace();
    private readonly Option<string?> _folder = new("--base") { Description = "The folder of relative paths; default that of the load file." };
    private readonly ImportOptions _options = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Symbol> All => [_file, _workspace, _folder, .. _options.All];

    /// <summary>What a command line says with them.</summary>
    /// <exception cref="UsageException">They contradict each other, or name something that is not there.</exception>
    public ImportRequest Read(Call call)
    {
        var settings = _options.Read(call.Arguments);
        var path = Path.GetFullPath(call.Need(_file));
        if (!File.Exists(path)) throw new UsageException($"There is no file {path}.");
        return new ImportRequest { File = path, Base = BaseOf(call.Get(_folder), path), Workspace = call.Need(_workspace), Settings = settings };
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
