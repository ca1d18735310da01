using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip provider map</c> and <c>ip point map</c>: map all fields, to look at, to write down, or to save.</summary>
internal static class MapCommands
{
    private static readonly string[] OfPair = ["source", "destination", "type", "sourceType", "sourceLength"];

    public static Command OfProvider()
    {
        var (provider, workspace, type, options) = (ProviderCommands.Provider(), Verbs.Workspace(), Verbs.ObjectType(), new MapOptions());
        var (settings, point) = (new SettingsOptions(), SettingsOptions.Point());
        return Verbs.Verb("map", "Pair the fields of a source with those of an object type by name and type; nothing is saved.", [provider, workspace, type, point, .. settings.All, .. options.All], async call =>
        {
            var body = await settings.TrialAsync(call, call.Need(workspace), call.Need(provider), point);
            body["provider"] = call.Need(provider);
            var found = await options.AskAsync(call, call.Need(workspace), call.Need(type), body);
            Show(call.Terminal, found);
        });
    }

    public static Command OfPoint()
    {
        var id = new Argument<string>("POINT") { Description = "Id of the integration point." };
        var (workspace, options) = (Verbs.Workspace(), new MapOptions());
        var save = new Option<bool>("--save") { Description = "Save the pairs as the integration point's mapping." };
        return Verbs.Verb("map", "Pair the fields of an integration point's source with those of its object type by name and type.", [id, workspace, save, .. options.All], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/integration-points/{call.Need(id)}");
            var type = Cell.TextOf(await call.App.GetAsync<JsonElement>(route, call.Cancel), "objectType");
            var found = await options.AskAsync(call, call.Need(workspace), type, new JsonObject { ["integrationPoint"] = call.Need(id) });
            if (call.Get(save)) Remark(call.Terminal, await call.App.ChangeAsync(route, point => Save(point, found), call.Cancel));
            Show(call.Terminal, found);
        });
    }

    /// <summary>What saving an integration point had to say.</summary>
    public static void Remark(Terminal terminal, JsonElement point)
    {
        if (!point.TryGetProperty("notes", out var notes) || notes.ValueKind != JsonValueKind.Array) return;
        foreach (var note in notes.EnumerateArray()) terminal.Remark(note.GetString()!);
    }

    private static void Save(JsonObject point, JsonElement found)
    {
        point["mapping"] = Pairs(found);
        point["mapAllFields"] = false;
        if (point["source"]!["settings"] is JsonObject settings && settings.ContainsKey("columns")) settings["columns"] = JsonNode.Parse(found.GetProperty("columns").GetRawText());
    }

    private static JsonArray Pairs(JsonElement found)
    {
        var pairs = new JsonArray();
        foreach (var pair in found.GetProperty("pairs").EnumerateArray())
        {
            var own = new JsonObject();
            foreach (var name in OfPair)
            {
                if (pair.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null) own[name] = JsonNode.Parse(value.GetRawText());
            }
            pairs.Add(own);
        }
        return pairs;
    }

    private static void Show(Terminal terminal, JsonElement found)
    {
        if (terminal.Json)
        {
            Terminal.Line(found);
            return;
        }
        terminal.Table(["Source", "Field", "Type", "Why"], [.. found.GetProperty("pairs").EnumerateArray()
            .Select(p => (string[])[Cell.TextOf(p, "source"), Cell.TextOf(p, "destination"), Cell.TextOf(p, "type"), Cell.TextOf(p, "why")])]);
        foreach (var (side, words) in ((string, string)[])[("leftOfSource", "Of the source"), ("leftOfDestination", "Of the object type")])
        {
            var left = found.GetProperty(side).EnumerateArray().ToList();
            if (left.Count == 0) continue;
            terminal.Say($"{words} these are not mapped:");
            terminal.Table(["Field", "Why"], [.. left.Select(f => (string[])[Cell.TextOf(f, "name"), Cell.TextOf(f, "reason")])]);
        }
    }

    // What both commands take.
    private sealed class MapOptions
    {
        private readonly Option<string?> _identifier = new("--identifier") { Description = "The source's field that names the records; default the one that the source says does.", HelpName = "name" };
        private readonly Option<bool> _only = new("--only-identifiers") { Description = "Pair the identifiers and nothing else." };
        private readonly Option<string[]> _pairs = new("--pair") { Description = "A pair of your own, such as \"Boss=Manager\"; it goes before what the names say. Can be given several times; \"Boss=\" leaves the field out.", HelpName = "SOURCE=FIELD" };
        private readonly Option<string?> _out = new("--out") { Description = "Write the pairs to a JSON file, which --map takes.", HelpName = "path" };

        public IEnumerable<Option> All => [_identifier, _only, _pairs, _out];

        public async Task<JsonElement> AskAsync(Call call, string workspace, string type, JsonObject body)
        {
            (body["identifier"], body["onlyIdentifiers"]) = (call.Get(_identifier), call.Get(_only));
            var found = await call.App.PostAsync<JsonObject>(AppClient.Route($"workspaces/{workspace}/object-types/{type}/map-all"), body, call.Cancel);
            foreach (var pair in call.Get(_pairs) ?? []) Pair(found, pair);
            var pairs = found.Deserialize<JsonElement>();
            if (call.Get(_out) is { } path) File.WriteAllText(path, Pairs(pairs).ToJsonString(Terminal.JsonFormat));
            return pairs;
        }

        // Either side of a pair is in no other, and not left over.
        private static void Pair(JsonObject found, string given)
        {
            var columns = found["columns"]!.AsArray().Select(c => (string)c!).ToList();
            // Names may have equals signs themselves: the longest that the source knows is meant.
            var source = columns.Where(c => given.TrimStart().StartsWith(c + "=", StringComparison.OrdinalIgnoreCase)).MaxBy(c => c.Length)
                ?? throw new UsageException($"--pair \"{given}\": expected SOURCE=FIELD, the source's field being one of: {string.Join(", ", columns)}.");
            var field = given.TrimStart()[(source.Length + 1)..].Trim();
            bool Is(JsonNode? node, string member, string name) => string.Equals((string?)node![member], name, StringComparison.OrdinalIgnoreCase);
            found["pairs"]!.AsArray().RemoveAll(p => Is(p, "source", source) || Is(p, "destination", field));
            found["leftOfSource"]!.AsArray().RemoveAll(f => Is(f, "name", source));
            found["leftOfDestination"]!.AsArray().RemoveAll(f => Is(f, "name", field));
            if (field.Length > 0) found["pairs"]!.AsArray().Add(new JsonObject { ["source"] = source, ["destination"] = field, ["why"] = "given" });
        }
    }
}
