using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Csv;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>The cases beside the checkout, where they are; every rule has rows of its own in the other tests.</summary>
public sealed class SharedCsvVectorsTests
{
    [Fact]
    public void Dates_in_names()
    {
        foreach (var vector in Vectors("ftp_filename_wildcards.json").Where(v => v.GetProperty("kind").GetString() == "format"))
        {
            var (name, expected) = (vector.GetProperty("name").GetString()!, vector.GetProperty("expected").GetString()!);
            var path = DatedPath.Parse(name, out var problem);
            Assert.Null(problem);
            var time = DateTime.Parse(vector.GetProperty("time").GetString()!, CultureInfo.InvariantCulture);
            // Ours has an ending in any case.
            Assert.Equal(expected + ".csv", path!.NameAt(new DateTimeOffset(time, TimeSpan.Zero)));
        }
    }

    [Fact]
    public void Hosts()
    {
        foreach (var vector in Vectors("ftp_connection.json").Where(v => v.GetProperty("kind").GetString() == "hostSyntax"))
            Assert.Equal(vector.GetProperty("valid").GetBoolean(), HostName.Clean(vector.GetProperty("host").GetString()!) is not null);
    }

    private static List<JsonElement> Vectors(string file)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var path = Path.Combine(folder, "shared", "vectors", file);
            if (File.Exists(path)) return [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("vectors").EnumerateArray()];
        }
        Assert.Skip("The cases are not beside the checkout.");
        return [];
    }
}
