using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>An integration point that exports documents of a workspace in which the sample is.</summary>
internal static partial class SampleExport
{
    /// <summary>A point in the workspace of an import, which exports all its documents with natives and texts.</summary>
    public static async Task<SampleImport> ExportAsync(this SampleImport import, Action<JsonObject>? change = null)
    {
        var body = JsonSerializer.SerializeToNode(new
        {
            name = $"Out {Guid.NewGuid():n}",
            source = new { provider = "workspace", settings = new { part = "folder-and-subfolders" } },
            destination = new
            {
                provider = "load-file",
                settings = new { natives = true, textFiles = true, textEncoding = "utf-8", encoding = "utf-8", hashFiles = true, subdirectory = new { maxFiles = 30 } },
            },
        })!.AsObject();
        change?.Invoke(body);
        var point = (await SampleImport.PostAsync(import.App, $"workspaces/{import.Workspace}/integration-points", body)).GetProperty("id").GetString()!;
        return import.WithPoint(point);
    }

    /// <summary>Every file of an export below its folder: path, size, hash; the summary without times and ids. Load files as their text.</summary>
    public static async Task<IReadOnlyList<string>> OutputAsync(this SampleImport export, string job)
    {
        var folder = (await export.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/output")).Text("folder");
        var lines = new List<string>();
        await foreach (var blob in export.App.Blobs.Staging.GetBlobsAsync(new Azure.Storage.Blobs.Models.GetBlobsOptions { Prefix = folder + "/" }))
        {
            var content = (await export.App.Blobs.Staging.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
            var name = blob.Name[(folder.Length + 1)..];
            lines.Add(name == "summary.txt" ? $"{name} {OwnToTheRun().Replace(Encoding.UTF8.GetString(content), "-")}"
                : name.EndsWith("_export.dat", StringComparison.Ordinal) ? $"{name} {Encoding.UTF8.GetString(content)}"
                : $"{name} {content.Length} {Convert.ToHexStringLower(SHA256.HashData(content))}");
        }
        return lines;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[0-9a-f]{32}|\(harbour-[^)]*\)")]
    private static partial Regex OwnToTheRun();
}
