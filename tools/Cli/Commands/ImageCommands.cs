using System.CommandLine;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip images</c>: list.</summary>
internal static class ImageCommands
{
    public static Command Create()
    {
        var workspace = Verbs.Workspace();
        return new Command("images", "Images of a workspace's documents.")
        {
            Verbs.Verb("list", "List images by document, those of productions too.", [workspace], async call =>
            {
                var route = AppClient.Route($"workspaces/{call.Need(workspace)}/images");
                if (call.Terminal.Json)
                {
                    await Terminal.LinesAsync(call.App.LinesAsync(route, call.Cancel));
                    return;
                }
                await call.Terminal.ListAsync(call.App.ListAsync(route, call.Cancel), "There are no images.",
                    new Cell("Document", "document"), new Cell("Pages", item => Terminal.Number(item.GetProperty("pages").GetArrayLength())),
                    new Cell("First page", item => Cell.TextOf(item.GetProperty("pages")[0], "id")));
            }),
        };
    }
}
