using System.Globalization;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Providers.Export;

/// <summary>What an export came to, in words, beside its load files.</summary>
internal static class ExportSummary
{
    /// <summary>The text: UTF-8 with a byte order mark, for people who open it anywhere.</summary>
    public static byte[] Of(Job job, PreparedJob prepared, JobHistory ended, FileCounts files)
    {
        var export = prepared.Export!;
        (string Name, string Value)[] lines =
        [
            ("Integration point", job.Point.Name),
            ("Workspace", $"{prepared.Workspace.Name} ({prepared.Workspace.Id})"),
            ("Exported", prepared.Layout.Name),
            ("Job", job.Id),
            ("Started by", job.StartedBy),
            ("Started (UTC)", Time(job.StartedUtc)),
            ("Ended (UTC)", Time(ended.EndedUtc ?? job.StartedUtc)),
            ("Status", Name(ended.Status)),
            ("Documents", ended.Total is { } total ? Number(total) : ""),
            ("  exported", Number(ended.Counts.Written)),
            ("  with errors", Number(ended.Counts.Rejected)),
            ("  with warnings", Number(ended.Counts.Warnings)),
            ("Files", $"{Number(files.Files)}, {Number(files.Bytes)} bytes"),
            ("Data file", export.DataFile),
            ("Image file", export.ImageFile ?? "none"),
            ("List of files", export.Manifest),
        ];
        var text = new StringBuilder();
        foreach (var (name, value) in lines) text.Append(name.PadRight(20)).Append(value).Append("\r\n");
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Name(JobStatus status) => JsonSerializer.SerializeToElement(status).GetString()!;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
