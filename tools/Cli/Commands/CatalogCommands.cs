using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip catalog</c>: list, add, remove, import, export.</summary>
internal static class CatalogCommands
{
    private const string Everything = "field-catalog", File = Everything + ".csv";

    public static Command Create() => new("catalog", "The field catalogue: names of fields that mean the same, which map all fields pairs; administrators change it.")
    {
        List(), Add(), Remove(), Import(), Export(),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the entry, such as Custodian." };

    private static string Route(Call call, Argument<string> name) => AppClient.Route($"{Everything}/{call.Need(name)}");

    private static Command List() => Verbs.Verb("list", "List the entries.", [], call => call.Terminal.ListAsync(
        call.App.ListAsync(Everything, call.Cancel), "There is no entry yet: `ip catalog add NAME SYNONYM`.",
        new Cell("Name", "name"), new Cell("Synonyms", entry => string.Join(", ", Synonyms(entry)))));

    private static Command Add()
    {
        var (name, synonyms) = (Name(), new Argument<string[]>("SYNONYM") { Description = "Names that mean the same.", Arity = ArgumentArity.OneOrMore });
        return Verbs.Verb("add", "Make an entry, or add synonyms to it.", [name, synonyms], async call =>
            Show(call, await ChangedAsync(call, Route(call, name), there => [.. there, .. call.Need(synonyms).Except(there)])));
    }

    private static Command Remove()
    {
        var (name, synonyms) = (Name(), new Argument<string[]>("SYNONYM") { Description = "Synonyms to take out; none: the whole entry.", Arity = ArgumentArity.ZeroOrMore });
        return Verbs.Verb("remove", "Remove an entry, or synonyms from it.", [name, synonyms], async call =>
        {
            if (call.Arguments.GetValue(synonyms) is { Length: > 0 } named)
            {
                var entry = await call.App.GetAsync<JsonElement>(Route(call, name), call.Cancel);
                if (named.Except(Synonyms(entry)).ToList() is { Count: > 0 } unknown) throw new CommandException($"The entry {call.Need(name)} has no synonym {string.Join(", ", unknown)}. It has {string.Join(", ", Synonyms(entry))}.");
                Show(call, await ChangedAsync(call, Route(call, name), there => [.. there.Except(named)]));
                return;
            }
            await call.App.DeleteAsync(Route(call, name), call.Cancel);
            call.Terminal.Show(new { name = call.Need(name), removed = true }, $"The entry {call.Need(name)} is removed.");
        });
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A CSV file: the header Name,Synonym, then a line for each synonym." };
        var replace = new Option<bool>("--replace") { Description = "Put it in the place of all entries that there are." };
        return Verbs.Verb("import", "Add the synonyms of a file; with anything wrong, which is said by its line, nothing is done.", [file, replace], async call =>
        {
            if (!call.Need(file).Exists) throw new UsageException($"There is no file {call.Need(file)}.");
            var csv = await System.IO.File.ReadAllTextAsync(call.Need(file).FullName, call.Cancel);
            var size = await call.App.PostAsync<JsonElement>(File, new JsonObject { ["csv"] = csv, ["replace"] = call.Get(replace) }, call.Cancel);
            call.Terminal.Show(size, $"The field catalogue has {Cell.TextOf(size, "entries")} entries with {Cell.TextOf(size, "names")} names.");
        });
    }

    private static Command Export()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write the CSV file." };
        return Verbs.Verb("export", "Save all entries as a CSV file, which an import takes back as it was.", [file], async call =>
        {
            var bytes = await call.App.DownloadAsync(File, call.Need(file), call.Cancel);
            call.Terminal.Show(new { file = call.Need(file), bytes }, $"{call.Need(file)} holds the field catalogue.");
        });
    }

    private static async Task<JsonElement> ChangedAsync(Call call, string route, Func<string[], string[]> change)
    {
        try
        {
            return await call.App.ChangeAsync(
                route,
                entry =>
                {
                    entry["synonyms"] = Array(change([.. entry["synonyms"]!.AsArray().Select(s => s!.GetValue<string>())]));
                    entry.Remove("name");
                },
                call.Cancel);
        }
        catch (AppException missing) when (missing.Status == 404)
        {
            return await call.App.PutAsync<JsonElement>(route, new JsonObject { ["synonyms"] = Array(change([])) }, call.Cancel);
        }
    }

    private static JsonArray Array(string[] names) => [.. names.Select(name => JsonValue.Create(name))];

    private static void Show(Call call, JsonElement entry) => call.Terminal.Show(entry, $"{Cell.TextOf(entry, "name")} = {string.Join(" = ", Synonyms(entry))}.");

    private static IEnumerable<string> Synonyms(JsonElement entry) => entry.GetProperty("synonyms").EnumerateArray().Select(s => s.GetString()!);
}
