using System.Text.Json;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>Files that may lie beside the checkout: tables of cases and real load files. Tests that want them are skipped without them.</summary>
internal static class SharedFiles
{
    /// <summary>The path of a file in the folder "shared" beside the checkout; the test is skipped when it is not there.</summary>
    public static string Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", name);
            if (Path.Exists(path)) return path;
        }

        Assert.Skip($"There is no shared/{name} beside the checkout.");
        throw new InvalidOperationException();
    }

    /// <summary>The rows of a table of cases.</summary>
    public static JsonElement.ArrayEnumerator Cases(string name, string list)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Find(Path.Combine("vectors", name))));
        return file.RootElement.GetProperty(list).Clone().EnumerateArray();
    }
}
