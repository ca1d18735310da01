using System.CommandLine;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary>What a command works with.</summary>
internal sealed class Call(ParseResult arguments, CancellationToken cancel) : IDisposable
{
    // Only when it is asked for: what is wrong with the command line is said first.
    private AppClient? _app;

    /// <summary>The parsed command line.</summary>
    public ParseResult Arguments { get; } = arguments;

    /// <summary>The app's API.</summary>
    public AppClient App => _app ??= AppClient.Of(Arguments);

    /// <summary>Where it writes.</summary>
    public Terminal Terminal { get; } = Terminal.Of(arguments);

    /// <summary>Set by Ctrl-C.</summary>
    public CancellationToken Cancel { get; } = cancel;

    /// <summary>The value of an option.</summary>
    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    /// <summary>The value of an option that must be there.</summary>
    public T Need<T>(Option<T> option) => Arguments.GetRequiredValue(option);

    /// <summary>The value of an argument.</summary>
    public T Need<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    /// <inheritdoc/>
    public void Dispose() => _app?.Dispose();
}

/// <summary>Makes commands that speak to the app.</summary>
internal static class Verbs
{
    /// <summary>The option that names a workspace.</summary>
    public static Option<string> Workspace() => new("--workspace", "-w") { Description = "Id of the workspace.", HelpName = "id", Required = true };

    /// <summary>The option that names an object type.</summary>
    public static Option<string> ObjectType() => new("--object-type")
    {
        Description = "The object type.",
        HelpName = "name",
        DefaultValueFactory = _ => Engine.Workspaces.ObjectType.Document,
    };

    /// <summary>A command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="action">Does it; returns the exit code.</param>
    public static Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<Call, Task<int>> action)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else if (symbol is Option option) command.Options.Add(option);
        }
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var call = new Call(arguments, cancellationToken);
            return await action(call);
        });
        return command;
    }

    /// <summary>A command that is done when nothing went wrong.</summary>
    public static Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<Call, Task> action)
        => Verb(name, description, symbols, async call =>
        {
            await action(call);
            return ExitCode.Done;
        });
}
