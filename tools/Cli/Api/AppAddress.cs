using System.CommandLine;
using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Api;

/// <summary>Finds the app: <c>--url</c>, else the environment variable <c>IP_URL</c>, else what <c>ip dev up</c> started.</summary>
internal static class AppAddress
{
    /// <summary>What is said when there is no app.</summary>
    public const string NotRunning = "The app is not running. Start it with `ip dev up`.";

    /// <summary>The option that every command has.</summary>
    public static readonly Option<Uri?> UrlOption = CreateUrlOption();

    /// <summary>The address of the API, with a slash at its end.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static Uri Of(ParseResult arguments)
    {
        if (arguments.GetValue(UrlOption) is { } given) return Normal(given);
        if (Environment.GetEnvironmentVariable("IP_URL") is { Length: > 0 } variable)
        {
            return Uri.TryCreate(variable, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? Normal(address)
                : throw new UsageException($"IP_URL is \"{variable}\", which is not a web address such as http://127.0.0.1:7071.");
        }
        return LocalFolders.FindRoot() is { } root && DevState.Read(new LocalFolders(root).Dev) is { Url: { } url }
            ? Normal(url)
            : throw new CommandException(NotRunning);
    }

    /// <summary>The address of the API for the address of an app.</summary>
    public static Uri Normal(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        return new UriBuilder(address) { Path = path.EndsWith("/api", StringComparison.OrdinalIgnoreCase) ? path + "/" : path + "/api/" }.Uri;
    }

    private static Option<Uri?> CreateUrlOption()
    {
        var option = new Option<Uri?>("--url")
        {
            Description = "Address of the app; default IP_URL, else the one that `ip dev up` started.",
            Recursive = true,
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
                result.AddError("--url takes a web address such as http://127.0.0.1:7071.");
                return null;
            },
        };
        return option;
    }
}
