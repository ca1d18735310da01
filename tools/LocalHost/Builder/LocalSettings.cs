using System.Text.Json;

namespace IntegrationPoints.LocalHost.Builder;

/// <summary>The file from which <c>func</c> takes settings on a developer's machine.</summary>
internal static class LocalSettings
{
    /// <summary>The settings under <c>Values</c>; none when there is no file in the folder.</summary>
    /// <exception cref="InvalidOperationException">The file is not JSON of that shape.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(string folder)
    {
        var path = Path.Combine(folder, "local.settings.json");
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.TryGetProperty("Values", out var values)
                ? [.. values.EnumerateObject().Select(v => KeyValuePair.Create(v.Name.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value.ToString()))]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{path} is not a settings file: {e.Message}", e);
        }
    }
}
