using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Commands;

/// <summary>What a look at a source adds to its settings when an integration point is saved with them: jobs can then tell when it has become another.</summary>
internal sealed class SourceLook(Call call, string workspace, string provider)
{
    /// <summary>The setting that holds the host key.</summary>
    public const string HostKey = "hostKey";

    private const string Columns = "columns", Protocol = "protocol";

    /// <summary>Takes over the host key that the server shows and the columns of the file, as far as the provider has such settings and none are given.</summary>
    public Task TakeOverAsync(JsonObject settings) => LookAsync(settings, wantsColumns: true);

    /// <summary>
    /// Takes over the host key alone. Not beside secrets that are kept: they were entered for a server whose key is not known, and would have to be
    /// entered again; the first job then records the key.
    /// </summary>
    /// <returns>Whether there is one now that was not there before.</returns>
    public async Task<bool> TakeHostKeyAsync(JsonObject settings)
        => !settings.Any(setting => setting.Value is JsonObject) && await LookAsync(settings, wantsColumns: false);

    private async Task<bool> LookAsync(JsonObject settings, bool wantsColumns)
    {
        var isTaken = false;
        try
        {
            var schema = (await call.App.GetAsync<JsonElement>(AppClient.Route($"providers/{provider}/schema"), call.Cancel)).GetProperty("properties");
            // The key first: the columns are then asked of the same server.
            if (schema.TryGetProperty(HostKey, out _) && IsSftp(settings) && Text(settings, HostKey).Length == 0
                && (await AskAsync("check", settings)).GetProperty("found").TryGetProperty(HostKey, out var shown))
            {
                isTaken = true;
                settings[HostKey] = shown.GetString();
                call.Terminal.Remark($"The server's host key is {shown.GetString()}. Jobs take no other from now on; compare it with the one that its administrator names.");
            }
            if (!wantsColumns || !schema.TryGetProperty(Columns, out _) || settings.ContainsKey(Columns)) return isTaken;
            var fields = (await AskAsync("fields", settings)).GetProperty("items").EnumerateArray();
            settings[Columns] = new JsonArray([.. fields.Select(field => (JsonNode?)field.GetProperty("name").GetString())]);
        }
        catch (AppException refused)
        {
            // What is wrong with the settings themselves is said when the point is saved.
            call.Terminal.Remark($"The source could not be looked at, so that no job can tell whether it has become another: {refused.Message}");
        }
        return isTaken;
    }

    private Task<JsonElement> AskAsync(string what, JsonObject settings)
        => call.App.PostAsync<JsonElement>(AppClient.Route($"workspaces/{workspace}/providers/{provider}/{what}"), new JsonObject { ["settings"] = settings.DeepClone() }, call.Cancel);

    private static bool IsSftp(JsonObject settings) => Text(settings, Protocol) is "" or "sftp";

    private static string Text(JsonObject settings, string name)
        => settings[name] is JsonValue value && value.TryGetValue(out string? text) ? text.Trim().ToLowerInvariant() : "";
}
