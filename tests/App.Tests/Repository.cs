namespace IntegrationPoints.App.Tests;

/// <summary>Where the sources lie.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The C# files of a folder that are ours, with their paths from the root.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(params string[] folder)
    {
        var top = Path.Combine([Root, .. folder]);
        return from file in Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories)
               let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
               where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
               select (path, File.ReadAllText(file));
    }

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Serverless.sln"))) return folder;
        }
        throw new InvalidOperationException($"No Serverless.sln above {AppContext.BaseDirectory}.");
    }
}
