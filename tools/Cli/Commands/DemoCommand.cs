using System.CommandLine;
using IntegrationPoints.Cli.Dev;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip demo</c>: the whole product once, from nothing to the error file, in a place of its own.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Set everything up, import the sample data set, show what came of it, and shut down again.");
        command.SetAction(async (arguments, cancellationToken) =>
            await new Demo(LocalFolders.Find(), Terminal.Of(arguments)).RunAsync(cancellationToken));
        return command;
    }
}
