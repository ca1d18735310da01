using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.Cli.Commands;

/// <summary>The settings of a provider on a command line.</summary>
internal sealed class SettingsOptions
{
    // As the API takes them: a name in other letters is the same setting, not a second one.
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    private readonly Option<string?> _file = new("--settings") { Description = "A JSON file with the provider's settings.", HelpName = "path" };
    private readonly Option<string[]> _set = new("--set") { Description = "One of the provider's settings; can be given several times.", HelpName = "NAME=VALUE" };
    private readonly SecretOptions _secrets = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_file, _set, .. _secrets.All];

    /// <summary>The option that names a saved integration point, for trials with its settings.</summary>
    public static Option<string?> Point() => new("--point") { Description = "An integration point: settings that are not given are its own, its secrets too.", HelpName = "id" };

    /// <summary>Whether any is given.</summary>
    public bool IsGiven(Call call) => call.Get(_file) is not null || call.Get(_set) is { Length: > 0 } || _secrets.IsGiven(call);

    /// <summary>The settings; those that are set one by one win.</summary>
    /// <exception cref="UsageException">The file is not there or no JSON, a setting has no value, or a secret is given twice.</exception>
    public async Task<JsonObject> ReadAsync(Call call)
    {
        var settings = Over([], call.Get(_file) is { } file ? Parse(file) : []);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in call.Get(_set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new UsageException($"--set {pair[..Math.Max(equals, 0)]}: expected NAME=VALUE, such as host=files.example.com.");
            names.Add(pair[..equals].Trim());
            // Numbers are taken from text too; yes and no are not.
            settings[pair[..equals].Trim()] = pair[(equals + 1)..] switch
            {
                "true" => JsonValue.Create(true),
                "false" => JsonValue.Create(false),
                var text => JsonValue.Create(text),
            };
        }
        foreach (var (name, secret) in await _secrets.ReadAsync(call))
            settings[name] = names.Contains(name) ? throw new UsageException($"The secret {name} is given twice.") : JsonValue.Create(secret);
        return settings;
    }

    /// <summary>The settings for a trial, as the API takes them: those of a saved integration point with what is given, or what is given alone.</summary>
    /// <exception cref="CommandException">The integration point reads from another provider.</exception>
    /// <exception cref="UsageException">What is given is wrong.</exception>
    public async Task<JsonObject> TrialAsync(Call call, string workspace, string provider, Option<string?> point)
    {
        if (call.Get(point) is not { } id) return new JsonObject { ["settings"] = await ReadAsync(call) };
        var source = (await call.App.GetAsync<JsonObject>(AppClient.Route($"workspaces/{workspace}/integration-points/{id}"), call.Cancel))["source"]!;
        if (!string.Equals((string?)source["provider"], provider, StringComparison.Ordinal))
            throw new CommandException($"The integration point {id} reads from the provider {source["provider"]}, not from {provider}.");
        return new JsonObject { ["settings"] = Over(source["settings"]!.AsObject(), await ReadAsync(call)), ["integrationPoint"] = id };
    }

    /// <summary>Settings with others in their place where others are given.</summary>
    public static JsonObject Over(JsonObject before, JsonObject given)
    {
        var settings = new JsonObject(AnyCase);
        foreach (var (name, value) in before.Concat(given)) settings[name] = value?.DeepClone();
        return settings;
    }

    private static JsonObject Parse(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file)) as JsonObject ?? throw new UsageException($"--settings: {file} holds no JSON object.");
        }
        catch (JsonException e)
        {
            throw new UsageException($"--settings: {file} is no JSON, line {e.LineNumber + 1}.");
        }
        catch (FileNotFoundException)
        {
            throw new UsageException($"--settings: there is no file {file}.");
        }
    }
}
