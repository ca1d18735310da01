using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace IntegrationPoints.App;

/// <summary>
/// Says when the app starts which of its settings nobody reads: misspelt ones, and those of earlier versions. What the app reads stands in
/// local.settings.sample.json, which is part of the program; a test keeps the two together.
/// </summary>
public sealed class UnreadSettings(IConfiguration configuration, ILogger<UnreadSettings> logger) : IHostedService
{
    // Sections that an earlier version read; what stood in them are settings of the instance now.
    private static readonly string[] Former = ["Files", "Packages"];

    private static readonly HashSet<string> Known = new(ReadSample(), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Sections = new(Former.Concat(Known.Where(name => name.Contains(':', StringComparison.Ordinal)).Select(SectionOf)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings of our sections that nobody reads, as they are written in the environment. Only names: a value may be a secret.</summary>
    public static IReadOnlyList<string> Find(IConfiguration configuration) =>
    [
        .. configuration.AsEnumerable()
            .Where(s => s.Value is not null && Sections.Contains(SectionOf(s.Key)) && !Known.Contains(s.Key))
            .Select(s => s.Key.Replace(":", "__", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Find(configuration) is { Count: > 0 } unread)
        {
            logger.LogWarning(
                "These settings have no effect, since nothing reads them: {Settings}. Settings of the app are listed in local.settings.sample.json; restricted file types "
                + "and limits of packages are settings of the instance (ip setting list)",
                string.Join(", ", unread));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string SectionOf(string name) => name.Split(':')[0];

    private static IEnumerable<string> ReadSample()
    {
        using var sample = typeof(UnreadSettings).Assembly.GetManifestResourceStream("local.settings.sample.json")!;
        using var document = JsonDocument.Parse(sample);
        return [.. document.RootElement.GetProperty("Values").EnumerateObject().Select(v => v.Name.Replace("__", ":", StringComparison.Ordinal))];
    }
}
