using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using IntegrationPoints.Cli.Commands;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli;

/// <summary>The commands of <c>ip</c>, and how a run of one ends.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        // A value that begins with @ is a value, not the name of a file with more arguments.
        var parsed = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(Words(error));
            await Console.Error.WriteLineAsync($"See `{PathOf(parsed.CommandResult)} --help`.");
            return ExitCode.Usage;
        }
        try
        {
            // Ctrl-C leaves time to stop servers that the command started.
            var invocation = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
            };
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception failure)
        {
            var (code, words) = Explain(failure);
            await Console.Error.WriteLineAsync(Terminal.Visible(words));
            return code;
        }
    }

    /// <summary>The exit code and the words for what ended a command.</summary>
    internal static (int Code, string Words) Explain(Exception failure) => failure switch
    {
        UsageException => (ExitCode.Usage, failure.Message),
        CommandException => (ExitCode.Failed, failure.Message),
        OperationCanceledException { CancellationToken.IsCancellationRequested: true } => (ExitCode.Interrupted, "Interrupted."),
        OperationCanceledException => (ExitCode.Failed, "The app did not answer in time."),
        HttpRequestException => (ExitCode.Failed, $"The app cannot be reached: {failure.Message}"),
        Azure.RequestFailedException refused => (ExitCode.Failed, $"The storage account refused a file: {refused.ErrorCode ?? refused.Message}."),
        IOException or UnauthorizedAccessException => (ExitCode.Failed, failure.Message),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => (ExitCode.Failed, $"This should not have happened ({failure.GetType().Name}): {failure.Message}"),
    };

    private static RootCommand Root()
    {
        var root = new RootCommand("Moves e-discovery data in and out of review workspaces.")
        {
            Terminal.OutputOption, Api.AppAddress.UrlOption,
            DemoCommand.Create(), DevCommands.Create(), WorkspaceCommands.Create(), ObjectTypeCommands.Create(), FieldCommands.Create(),
            StageCommand.Create(), PointCommands.Create(), CheckCommand.Create(), ImportCommand.Create(), ExportCommand.Create(), JobCommands.Create(), VerifyCommand.Create(), RecordCommands.Create(),
            ImageCommands.Create(), ProductionCommands.Create(), SavedListCommands.Searches(), SavedListCommands.Views(), FolderCommands.Create(), UserCommands.Create(), GroupCommands.Create(), ProfileCommands.Create(), ProviderCommands.Create(), CatalogCommands.Create(), SettingCommands.Create(), KeyCommands.Create(), AuditCommand.Create(),
        };
        return root;
    }

    private static string Words(ParseError error)
        => error.Message.Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal);

    private static string PathOf(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } command; at = at.Parent) names.Push(command.Command.Name);
        names.Push("ip");
        return string.Join(' ', names);
    }
}
