using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>
/// Everything that a job came to, as lines of text that are the same for the same import whatever happened on the way: ids of the
/// workspace, of its point and of its jobs are replaced by words, times of writing by a dash.
/// </summary>
internal sealed partial record Snapshot
{
    /// <summary>Status, counts, how it was started.</summary>
    public required IReadOnlyList<string> Job { get; init; }

    /// <summary>Line, code, field and words of each error, in the order of the API.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>The same of the warnings.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The error file, byte for byte.</summary>
    public required byte[] ErrorFile { get; init; }

    /// <summary>Why, row by row.</summary>
    public required string ErrorReport { get; init; }

    /// <summary>Every record as the API shows it.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>Every record, choice, folder and field as it is stored.</summary>
    public required IReadOnlyList<string> Items { get; init; }

    /// <summary>Name, size and hash of each file that the workspace keeps.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The manifest, row by row.</summary>
    public required IReadOnlyList<string> Manifest { get; init; }

    /// <summary>What a job of an import came to.</summary>
    public static async Task<Snapshot> OfAsync(SampleImport import, string job)
    {
        var http = import.App.Http;
        var jobs = (await import.JobsAsync()).Select(j => j.GetProperty("jobId").GetString()!).ToList();
        var view = await import.JobAsync(job);
        return new Snapshot
        {
            Job = [.. view.EnumerateObject().Where(p => !OwnToTheRun.Contains(p.Name)).Select(p => Replace(p.ToString()))],
            Errors = [.. (await ProblemsAsync(http, job, "errors")).Select(Replace)],
            Warnings = [.. (await ProblemsAsync(http, job, "warnings")).Select(Replace)],
            ErrorFile = await BytesAsync(http, job, "error-file"),
            ErrorReport = Replace(Encoding.UTF8.GetString(await BytesAsync(http, job, "error-report"))),
            Records = [.. (await http.GetStringAsync($"workspaces/{import.Workspace}/object-types/Document/records.jsonl")).Split('\n').Select(Replace)],
            Items = [.. (await StoredAsync(import)).Select(Replace)],
            Manifest = [.. Encoding.UTF8.GetString(await BytesAsync(http, job, "manifest/files")).Split("\r\n").Select(row => Replace(TextInManifest().Replace(row, "-VERSION.txt\"")))],
            Files = [.. (await FilesAsync(import)).Select(Replace).Order(StringComparer.Ordinal)],
        };

        string Replace(string text)
        {
            // The example in this message is the time of the job.
            text = ExampleDate().Replace(text, "dates like -");
            for (var i = 0; i < jobs.Count; i++) text = text.Replace(jobs[i], $"JOB{i}", StringComparison.Ordinal);
            return Time().Replace(text.Replace(import.Workspace, "WORKSPACE", StringComparison.Ordinal).Replace(import.Point, "POINT", StringComparison.Ordinal), "\"-\"");
        }
    }

    /// <summary>The errors and warnings of a job: line, code, field, words.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(HttpClient http, string job, string list)
    {
        var all = new List<string>();
        string? token = null;
        do
        {
            // Small pages: what a page ends with must not matter.
            var page = await http.GetFromJsonAsync<JsonElement>($"jobs/{job}/{list}?pageSize=3{(token is null ? "" : $"&continuationToken={Uri.EscapeDataString(token)}")}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(Words));
            token = page.TryGetProperty("continuationToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);
        return all;
    }

    /// <summary>Whether another import came to the same; says in which part they differ.</summary>
    public void AssertSame(Snapshot other)
    {
        Assert.Equal(Job, other.Job);
        Assert.Equal(Errors, other.Errors);
        Assert.Equal(Warnings, other.Warnings);
        Assert.Equal(ErrorFile, other.ErrorFile);
        Assert.Equal(ErrorReport, other.ErrorReport);
        Assert.Equal(Records, other.Records);
        Assert.Equal(Items, other.Items);
        Assert.Equal(Files, other.Files);
        Assert.Equal(Manifest, other.Manifest);
    }

    private static readonly string[] OwnToTheRun = ["integrationPoint", "startedUtc", "endedUtc", "requestUnits"];

    private static string Words(JsonElement problem)
        => string.Join(" | ", new[] { "line", "sourceId", "code", "field", "type", "severity", "status", "error" }
            .Select(p => problem.TryGetProperty(p, out var value) ? value.ToString() : ""));

    private static async Task<byte[]> BytesAsync(HttpClient http, string job, string file)
    {
        using var answer = await http.GetAsync($"jobs/{job}/{file}");
        return answer.StatusCode == HttpStatusCode.NotFound ? [] : await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
    }

    // Straight from the store: what the API does not show, such as stamps, ids of folders and where files lie, is compared as well. In one spelling:
    // which letters are escaped is the store's own matter.
    private static async Task<List<string>> StoredAsync(SampleImport import)
    {
        await using var services = import.App.Services();
        var records = services.GetRequiredService<IRecords>();
        var partitions = Enumerable.Range(0, new Workspace { Id = "", Name = "" }.Buckets).Select(bucket => Identifier.Partition(import.Workspace, bucket)).Append($"{import.Workspace}|config");
        var items = new List<StoredItem>();
        foreach (var partition in partitions.Order(StringComparer.Ordinal))
        {
            var part = await records.ListAsync(new ItemQuery(partition, "") { Take = int.MaxValue }, CancellationToken.None);
            items.AddRange(part.OrderBy(item => item.Key.Id, StringComparer.Ordinal));
        }
        return [.. items.Where(item => !item.Key.Id.StartsWith("point", StringComparison.Ordinal))
            .Select(item => $"{item.Key.Partition} {item.Key.Id} {item.Sort} {JsonNode.Parse(item.Body.Span)!.ToJsonString()}")];
    }

    private static async Task<List<string>> FilesAsync(SampleImport import)
    {
        var files = new List<string>();
        await foreach (var blob in Blobs.ListAsync(import.App.Blobs.Files, import.Workspace + "/", CancellationToken.None))
        {
            var content = await import.App.Blobs.Files.GetBlobClient(blob.Name).DownloadContentAsync();
            // The last part of a text's name is a hash of the version of the file that it was read from.
            var name = TextVersion().Replace(blob.Name, "-VERSION.txt");
            files.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {blob.Bytes} {Convert.ToHexString(SHA256.HashData(content.Value.Content))}"));
        }
        return files;
    }

    [GeneratedRegex("(?<=\"(?:created|modified|createdUtc|claimedUtc)\":)\"[^\"]+\"")]
    private static partial Regex Time();

    [GeneratedRegex("dates like [^,]+")]
    private static partial Regex ExampleDate();

    [GeneratedRegex(@"-[0-9a-f]{16}\.txt$")]
    private static partial Regex TextVersion();

    [GeneratedRegex("-[0-9a-f]{16}[.]txt\"")]
    private static partial Regex TextInManifest();
}
