using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip records</c>: list, show, family, duplicates.</summary>
internal static class RecordCommands
{
    public static Command Create() => new("records", "Records of a workspace.")
    {
        List(), Show(),
        Related("family", "List a document's family: the documents of the same group identifier."),
        Related("duplicates", "List a document's duplicate group: the documents of the same hash."),
    };

    private static Command List()
    {
        var (workspace, objectType) = (Verbs.Workspace(), Verbs.ObjectType());
        return Verbs.Verb("list", "List records, in the order of their identifiers.", [workspace, objectType], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/object-types/{call.Need(objectType)}/records");
            if (call.Terminal.Json)
            {
                await Terminal.LinesAsync(call.App.LinesAsync(route, call.Cancel));
                return;
            }
            await call.Terminal.ListAsync(call.App.ListAsync(route, call.Cancel), "There are no records.",
                new Cell("Id", "id"), new Cell("Folder", "folder"), new Cell("Native", Native));
        });
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "Identifier of the record." };
        var (workspace, objectType) = (Verbs.Workspace(), Verbs.ObjectType());
        return Verbs.Verb("show", "Show a record.", [id, workspace, objectType], async call =>
        {
            var route = AppClient.Route($"workspaces/{call.Need(workspace)}/object-types/{call.Need(objectType)}/records/{call.Need(id)}");
            var record = await call.App.GetAsync<JsonElement>(route, call.Cancel);
            if (call.Terminal.Json)
            {
                Terminal.Line(record);
                return;
            }
            var fields = record.GetProperty("fields");
            List<string[]> rows = [.. fields.EnumerateObject().Select(field => (string[])[field.Name, Cell.TextOf(fields, field.Name)])];
            rows.AddRange([["(folder)", Cell.TextOf(record, "folder")], ["(native)", Native(record)]]);
            call.Terminal.Table(["Field", "Value"], rows);
        });
    }

    private static Command Related(string what, string description)
    {
        var id = new Argument<string>("ID") { Description = "Identifier of the document." };
        var (workspace, objectType) = (Verbs.Workspace(), Verbs.ObjectType());
        return Verbs.Verb(what, description, [id, workspace, objectType], call =>
        {
            var type = AppClient.Route($"workspaces/{call.Need(workspace)}/object-types/{call.Need(objectType)}/records/{call.Need(id)}");
            return call.Terminal.ListAsync(call.App.ListAsync($"{type}/{what}", call.Cancel), "There are none.",
                new Cell("Id", "id"), new Cell("Folder", "folder"), new Cell("Native", Native));
        });
    }

    private static string Native(JsonElement record)
        => record.TryGetProperty("native", out var native) && native.ValueKind is JsonValueKind.Object
            ? $"{Cell.TextOf(native, "name")} ({Terminal.Bytes(native.GetProperty("bytes").GetInt64())})"
            : "";
}
