using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Access;

/// <summary>Whose tokens the app takes. Neither a directory nor a local key lets nobody in, so that the app does not start then.</summary>
public sealed record SignInSettings
{
    /// <summary>The authority of the public cloud; US government: <c>https://login.microsoftonline.us/</c>.</summary>
    public static readonly Uri PublicCloud = new("https://login.microsoftonline.com/");

    /// <summary><c>Auth:TenantId</c>: the Microsoft Entra tenant whose tokens are taken; null: none.</summary>
    public Guid? TenantId { get; init; }

    /// <summary><c>Auth:Audience</c>: for whom a token must be issued: the client id of the registered application, its <c>api://…</c> name, or both.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary><c>Auth:Authority</c>: who publishes the keys that tokens are signed with.</summary>
    public Uri Authority { get; init; } = PublicCloud;

    /// <summary><c>Auth:LocalKeyFile</c>: the file with the key that <c>ip</c> signs the tokens of this machine with; null: none are taken.</summary>
    public string? LocalKeyFile { get; init; }

    /// <summary>
    /// <c>Auth:SaverDays</c>: for how many days after the last sign-in of whoever saved an integration point its schedule and uploads run with that
    /// one's rights. 90, after which Microsoft Entra ID has somebody who was away sign in again too (refresh tokens end after 90 days without use).
    /// </summary>
    public double SaverDays { get; init; } = 90;

    /// <summary>Reads and checks them.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="onAzure">Whether the app runs in Azure, where a local key would be a way in for whoever can write a file.</param>
    /// <exception cref="InvalidOperationException">They let nobody in, or those whom they must not; the message says what to set.</exception>
    public static SignInSettings From(IConfiguration configuration, bool onAzure)
    {
        var settings = new SignInSettings
        {
            TenantId = Tenant(configuration["Auth:TenantId"]),
            Audiences = (configuration["Auth:Audience"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Authority = AuthorityOf(configuration["Auth:Authority"], onAzure),
            LocalKeyFile = configuration["Auth:LocalKeyFile"] is { Length: > 0 } file ? file : null,
        };
        settings = settings with { SaverDays = configuration.GetValue("Auth:SaverDays", settings.SaverDays) };
        if (settings.SaverDays is not (>= 1 and <= 3650)) throw new InvalidOperationException("Auth__SaverDays is not a number of days from 1 to 3650, such as 90.");
        if (onAzure && settings.LocalKeyFile is not null)
            throw new InvalidOperationException("Auth__LocalKeyFile is set, but the app runs on Azure: tokens of a developer's machine have no place there. Remove the setting.");
        if (settings.TenantId is null && settings.LocalKeyFile is null)
        {
            throw new InvalidOperationException("Nobody could sign in. Set Auth__TenantId and Auth__Audience to the Microsoft Entra tenant and the registered application; "
                + "on a developer's machine set Auth__LocalKeyFile to .local/signing-key, which `ip dev up` makes and `ip` signs with.");
        }
        if (settings.TenantId is not null && settings.Audiences.Count == 0)
            throw new InvalidOperationException("Auth__TenantId is set without Auth__Audience. Set it to the client id of the registered application, or its api:// name.");
        return settings;
    }

    // "common" and "organizations" would let in every tenant that there is.
    private static Guid? Tenant(string? text)
        => string.IsNullOrWhiteSpace(text) ? null
            : Guid.TryParseExact(text.Trim(), "D", out var id) && id != Guid.Empty ? id
            : throw new InvalidOperationException("Auth__TenantId is not the id of one tenant, such as 72f988bf-86f1-41af-91ab-2d7cd011db47.");

    private static Uri AuthorityOf(string? text, bool onAzure)
    {
        if (string.IsNullOrWhiteSpace(text)) return PublicCloud;
        var isAddress = Uri.TryCreate(text.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var authority);
        // Without TLS only to this machine, which tests use.
        if (isAddress && (authority!.Scheme == Uri.UriSchemeHttps || (!onAzure && authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback))) return authority;
        throw new InvalidOperationException($"Auth__Authority is not an address such as {PublicCloud} (public cloud) or https://login.microsoftonline.us/ (US government).");
    }
}
