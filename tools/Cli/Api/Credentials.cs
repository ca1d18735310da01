using System.Net.Http.Headers;
using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Api;

/// <summary>
/// What a command proves with who asks: a token that the command in <c>IP_TOKEN_COMMAND</c> writes, else the one in <c>IP_TOKEN</c>, else the API key in <c>IP_API_KEY</c>, else, for an app on this machine, a token
/// of its own, signed with the key in <c>IP_SIGNING_KEY_FILE</c> or the one that <c>ip dev up</c> made.
/// </summary>
internal sealed class Credentials
{
    private const string Command = "IP_TOKEN_COMMAND", Token = "IP_TOKEN", ApiKey = "IP_API_KEY", KeyFile = "IP_SIGNING_KEY_FILE";

    private readonly Func<AuthenticationHeaderValue?> _header;
    private readonly string? _variable;
    private readonly TokenCommand? _command;

    private Credentials(Func<AuthenticationHeaderValue?> header, string? variable = null, TokenCommand? command = null) => (_header, _variable, _command) = (header, variable, command);

    /// <summary>Those for an app at an address.</summary>
    public static Credentials For(Uri address)
    {
        if (Variable(Command) is { } command) return new Credentials(() => Guarded(address, new("Bearer")), Command, new TokenCommand(command));
        if (Variable(Token) is { } token) return new Credentials(() => Guarded(address, new("Bearer", token)), Token);
        if (Variable(ApiKey) is { } key) return new Credentials(() => Guarded(address, new("ApiKey", key)), ApiKey);
        var file = Variable(KeyFile) ?? (LocalFolders.FindRoot() is { } root && new LocalFolders(root).Dev.SigningKey is var made && File.Exists(made) ? made : null);
        return address.IsLoopback && file is not null ? Signing(file) : new Credentials(() => null);
    }

    /// <summary>Those for an app that was started from a folder.</summary>
    public static Credentials Of(DevFolder folder) => Signing(folder.SigningKey);

    /// <summary>Whether there are others when the app does not take them any more.</summary>
    public bool AreRenewed => _command is not null;

    /// <summary>Puts them on a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refused">The token that the app did not take; null: none yet.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">Others could read them on the way, or there is no token to be had.</exception>
    public async Task AddToAsync(HttpRequestMessage request, string? refused, CancellationToken cancellationToken)
    {
        var header = _header();
        request.Headers.Authorization = _command is null ? header : new(header!.Scheme, await _command.TokenAsync(refused, cancellationToken));
    }

    /// <summary>What is said when the app did not take them, or there are none.</summary>
    public AppException Refused(HttpResponseMessage response)
    {
        var said = _variable is null ? "The app does not know who asks." : $"The app does not take what {_variable} {(AreRenewed ? "wrote" : "holds")}: it has expired, or is not for this app.";
        return new AppException(401, "sign-in-required", string.Join(Environment.NewLine,
            said,
            "Set IP_TOKEN_COMMAND to a command that writes a token of its tenant, and is run again when that one has ended:",
            $"  export IP_TOKEN_COMMAND=\"az account get-access-token --resource {Resource(response)} --query accessToken --output tsv\"",
            "or IP_TOKEN to such a token, which is good for about an hour; or IP_API_KEY to an API key, which an administrator makes with `ip key create`.",
            "For an app on this machine set IP_SIGNING_KEY_FILE to the file that its setting Auth__LocalKeyFile names; `ip dev up` needs none of these."));
    }

    // A token is good for minutes, and a command may wait for hours.
    private static Credentials Signing(string file)
    {
        (string Token, DateTimeOffset Until) current = default;
        return new Credentials(() =>
        {
            var now = DateTimeOffset.UtcNow;
            var token = new LocalToken();
            if (now >= current.Until) current = (token.Sign(SigningKey.Read(file), now), now + (token.Lifetime / 2));
            return new AuthenticationHeaderValue("Bearer", current.Token);
        });
    }

    private static AuthenticationHeaderValue Guarded(Uri address, AuthenticationHeaderValue header)
        => address.Scheme == Uri.UriSchemeHttps || address.IsLoopback
            ? header
            : throw new CommandException($"{address} is not encrypted, so that others could read the token or key on its way. Use its https address.");

    // The app says for whom tokens must be; else it is as the registration of the application has it.
    private static string Resource(HttpResponseMessage response)
    {
        const string Name = "resource_id=\"";
        var challenge = string.Join(", ", response.Headers.WwwAuthenticate.Select(c => c.Parameter));
        var start = challenge.IndexOf(Name, StringComparison.Ordinal);
        var resource = start < 0 ? "" : challenge[(start + Name.Length)..].Split('"')[0];
        // Only what cannot do anything else when it is pasted into a shell.
        return resource.Length > 0 && resource.All(c => char.IsAsciiLetterOrDigit(c) || "-._:/".Contains(c, StringComparison.Ordinal)) ? resource : "api://CLIENT-ID";
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value.Trim() : null;
}
