using System.CommandLine;
using IntegrationPoints.Cli.Import;

namespace IntegrationPoints.Cli.Commands;

/// <summary>The load file of a command, its workspace and its options: <c>ip import</c> and <c>ip check</c> share them.</summary>
internal sealed class ImportSource
{
    private readonly Argument<string> _file = new("FILE") { Description = "The load file; it may lie in a package: VOL001.zip, or VOL001.zip/DATA/docs.dat when the package holds several." };
    private readonly Option<string> _workspace = Verbs.Workspace();
    private readonly Option<string?> _folder = new("--base") { Description = "The folder of relative paths, or a package (.zip); default the load file's folder." };
    private readonly ImportOptions _options = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Symbol> All => [_file, _workspace, _folder, .. _options.All];

    /// <summary>What a command line says with them.</summary>
    /// <exception cref="UsageException">They contradict each other, or name something that is not there.</exception>
    public ImportRequest Read(Call call)
    {
        var settings = _options.Read(call.Arguments);
        var (file, inPackage) = Split(Path.GetFullPath(call.Need(_file)));
        if (!File.Exists(file)) throw new UsageException($"There is no file {file}.");
        var (folder, inBase) = BaseOf(call.Get(_folder), file, inPackage);
        return new ImportRequest
        {
            File = file,
            InPackage = inPackage,
            Base = folder,
            BaseInPackage = inBase,
            Workspace = call.Need(_workspace),
            Settings = settings,
        };
    }

    private static (string Base, string? InPackage) BaseOf(string? given, string file, string? inPackage)
    {
        if (given is null)
            return inPackage is null ? (Path.GetDirectoryName(file)!, null) : (file, inPackage[..Math.Max(0, inPackage.LastIndexOf('/'))]);
        var folder = Path.GetFullPath(given);
        var (package, inside) = Split(folder);
        if (inside is not null) return (package, inside);
        if (!Directory.Exists(folder))
        {
            throw new UsageException(File.Exists(folder)
                ? $"--base: {folder} is a file. Name a folder, or a package (.zip)."
                : $"--base: there is no folder {folder}.");
        }
        return inPackage is null
            ? (folder, null)
            : throw new UsageException("--base: the load file lies in a package, and its files must lie in one too. Name a package, or unpack the load file.");
    }

    /// <summary>A path that ends in a package or leads through one, as the package and the rest with <c>/</c>; null: it does neither.</summary>
    internal static (string File, string? InPackage) Split(string path)
    {
        for (var end = path.Length; end > 0; end = path.LastIndexOf(Path.DirectorySeparatorChar, end - 1))
        {
            var part = path[..end];
            if (part.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) && File.Exists(part))
                return (part, path[end..].Replace(Path.DirectorySeparatorChar, '/').Trim('/'));
        }
        return (path, null);
    }
}
