namespace IntegrationPoints.Cli.Dev;

/// <summary>Where the repository lies, and where the developer's machine keeps what belongs to it alone.</summary>
internal sealed class LocalFolders(string root)
{
    private const string Solution = "Serverless.sln";

    /// <summary>The root of the repository.</summary>
    public string Root { get; } = root;

    /// <summary>The one folder of local state, which git ignores; the environment variable <c>IP_LOCAL</c> names another.</summary>
    public string Local { get; } = Environment.GetEnvironmentVariable("IP_LOCAL") is { Length: > 0 } other
        ? Path.GetFullPath(other)
        : Path.Combine(root, ".local");

    /// <summary>What <c>ip dev up</c> starts.</summary>
    public DevFolder Dev => new(Local);

    /// <summary>The function app's project.</summary>
    public string App => Path.Combine(Root, "functions", "App");

    /// <summary>The storage emulator's package.</summary>
    public string Storage => Path.Combine(Root, "tools", "DevStorage");

    /// <summary>The sample data set.</summary>
    public string Sample => Path.Combine(Root, "tests", "data", "sample");

    /// <summary>A folder of its own for one demo.</summary>
    public DevFolder Demo(string name) => new(Path.Combine(Local, $"demo-{name}"));

    /// <summary>The folders of the repository around the current folder, else around the program.</summary>
    /// <exception cref="CommandException">Neither lies in the repository.</exception>
    public static LocalFolders Find() => FindRoot() is { } root
        ? new LocalFolders(root)
        : throw new CommandException($"There is no {Solution} above {Directory.GetCurrentDirectory()}. Change to the repository's folder first.");

    /// <summary>The repository around the current folder, else around the program; null when there is none.</summary>
    public static string? FindRoot() => Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory);

    private static string? Above(string start)
    {
        for (var folder = Path.TrimEndingDirectorySeparator(start); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Solution))) return folder;
        }
        return null;
    }
}

/// <summary>The files of one running app with its storage.</summary>
/// <param name="Path">The folder that holds them.</param>
internal sealed record DevFolder(string Path)
{
    /// <summary>What runs, and where.</summary>
    public string State => System.IO.Path.Combine(Path, "dev.json");

    /// <summary>Held while something is being started or stopped.</summary>
    public string Lock => System.IO.Path.Combine(Path, "dev.lock");

    /// <summary>The emulator's data.</summary>
    public string Storage => System.IO.Path.Combine(Path, "azurite");

    /// <summary>The emulator's output.</summary>
    public string StorageLog => System.IO.Path.Combine(Path, "azurite.log");

    /// <summary>The app's output.</summary>
    public string AppLog => System.IO.Path.Combine(Path, "app.log");

    /// <summary>The key that tokens for the app are signed with.</summary>
    public string SigningKey => System.IO.Path.Combine(Path, "signing-key");

    /// <summary>The passwords and keys of sources, with the keys that protect them.</summary>
    public string Secrets => System.IO.Path.Combine(Path, "secrets");

    /// <summary>The records.</summary>
    public string Records => System.IO.Path.Combine(Path, "records.db");

    /// <summary>The history of orchestrations.</summary>
    public string Orchestrations => System.IO.Path.Combine(Path, "localhost.db");
}
