using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IntegrationPoints.Cli.Commands;

/// <summary>The settings of a provider on a command line.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _file = new("--settings") { Description = "A JSON file with the provider's settings.", HelpName = "path" };
    private readonly Option<string[]> _set = new("--set") { Description = "One of the provider's settings; can be given several times.", HelpName = "NAME=VALUE" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_file, _set];

    /// <summary>Whether any is given.</summary>
    public bool IsGiven(Call call) => call.Get(_file) is not null || call.Get(_set) is { Length: > 0 };

    /// <summary>The settings; those that are set one by one win.</summary>
    /// <exception cref="UsageException">The file is not there or no JSON, or a setting has no value.</exception>
    public JsonObject Read(Call call)
    {
        var settings = call.Get(_file) is { } file ? Parse(file) : [];
        foreach (var pair in call.Get(_set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new UsageException($"--set {pair}: expected NAME=VALUE, such as host=files.example.com.");
            // Numbers are taken from text too; yes and no are not.
            settings[pair[..equals].Trim()] = pair[(equals + 1)..] switch
            {
                "true" => JsonValue.Create(true),
                "false" => JsonValue.Create(false),
                var text => JsonValue.Create(text),
            };
        }
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
