using System.Globalization;
using System.Text;
using IntegrationPoints.Cli.Import;

namespace IntegrationPoints.Cli.Checks;

/// <summary>What a check wants to know of the folders of this machine, from which only what the load file names is staged.</summary>
internal static class LocalFiles
{
    // A load file often lies a folder or two below the one from which its paths start.
    private const int LevelsUp = 3;

    /// <summary>Writes the list of all files below a folder: a line each with bytes, a tab and the path. Links are not followed.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="own">Files that are no part of the production: the load files.</param>
    /// <param name="path">Where to write it.</param>
    public static void WriteInventory(string root, IReadOnlyCollection<string> own, string path)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", options))
        {
            var relative = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (own.Contains(file.FullName) || relative.Contains('\n', StringComparison.Ordinal)) continue;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Length}\t{relative}"));
        }
    }

    /// <summary>The nearest folder above the base folder with most of the files that are not below it; null when none has any.</summary>
    /// <param name="root">The base folder.</param>
    /// <param name="missing">A few paths that are missing, in their segments.</param>
    public static object? ProposeBase(string root, IReadOnlyList<IReadOnlyList<string>> missing)
    {
        if (missing.Count == 0) return null;
        (string Folder, int Found) best = ("", 0);
        var folder = Directory.GetParent(Path.TrimEndingDirectorySeparator(root));
        for (var level = 0; level < LevelsUp && folder?.Parent is not null; level++, folder = folder.Parent)
        {
            var files = new BaseFolder(folder.FullName);
            var found = missing.Count(path => files.Find(path) is not null);
            if (found > best.Found) best = (folder.FullName, found);
        }
        return best.Found == 0 ? null : new { folder = best.Folder, tried = missing.Count, found = best.Found };
    }
}
