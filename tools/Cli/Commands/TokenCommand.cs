using System.CommandLine;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Dev;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip dev token</c>: a token for the app on this machine, to try what somebody else may do or to call it with other programs.</summary>
internal static class TokenCommand
{
    private const string NoRole = "none";
    private const int MostMinutes = 24 * 60;

    public static Command Create()
    {
        var name = new Option<string>("--as") { Description = "Name of whom it lets in.", HelpName = "name", DefaultValueFactory = _ => Environment.UserName };
        var groups = new Option<string[]>("--group") { Description = "Id of a group that they belong to; may be repeated.", HelpName = "id" };
        var roles = new Option<string[]>("--role")
        {
            Description = $"App role that they have; may be repeated; \"{NoRole}\" for none.",
            HelpName = "role",
            DefaultValueFactory = _ => [LocalToken.Administrator],
        };
        var minutes = new Option<int>("--minutes") { Description = $"For how long, at most {MostMinutes}.", DefaultValueFactory = _ => 60 };
        var command = new Command("token", "Print a token for the app on this machine.") { name, groups, roles, minutes };
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(minutes) is < 1 or > MostMinutes) throw new UsageException($"--minutes takes 1 to {MostMinutes}.");
            var token = new LocalToken
            {
                Name = arguments.GetRequiredValue(name),
                Groups = arguments.GetValue(groups) ?? [],
                Roles = [.. (arguments.GetValue(roles) ?? []).Where(role => role != NoRole)],
                Lifetime = TimeSpan.FromMinutes(arguments.GetValue(minutes)),
            };
            var now = DateTimeOffset.UtcNow;
            var file = KeyFile();
            var signed = token.Sign(SigningKey.Read(file), now);
            // As it is, in one line: it is meant for a variable.
            if (Terminal.Of(arguments).Json) Terminal.Line(new { token = signed, name = token.Name, groups = token.Groups, roles = token.Roles, expires = now + token.Lifetime });
            else Console.Out.WriteLine(signed);
            return ExitCode.Done;
        });
        return command;
    }

    private static string KeyFile()
    {
        if (Environment.GetEnvironmentVariable("IP_SIGNING_KEY_FILE") is { Length: > 0 } named) return named;
        var folder = LocalFolders.Find().Dev;
        Directory.CreateDirectory(folder.Path);
        SigningKey.Ensure(folder.SigningKey);
        return folder.SigningKey;
    }
}
