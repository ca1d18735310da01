using System.DirectoryServices.Protocols;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>What a directory answers at a time.</summary>
/// <param name="Entries">Its entries.</param>
/// <param name="Referrals">Other servers that it names, which are not asked.</param>
internal sealed record LdapPage(IReadOnlyList<SearchResultEntry> Entries, IReadOnlyList<Uri> Referrals);

/// <summary>A directory that somebody is signed in to. What it is asked for is asked one after the other.</summary>
internal sealed class LdapServer : IAsyncDisposable
{
    /// <summary>How many entries are asked for at a time.</summary>
    public const int PageSize = 1000;

    private const int MostEmptyPages = 10_000;

    // What RFC 4511 has no number for: libldap's own (ldap.h).
    private const int FilterError = 87;

    // A page that takes longer than this is no page: the server only sends a byte now and then.
    private static readonly TimeSpan LongestPage = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly LdapRelay relay;
    private readonly LdapConnection connection;
    private readonly LdapWords words;
    private readonly TimeSpan patience;

    private LdapServer(LdapRelay relay, LdapConnection connection, LdapWords words, TimeSpan patience)
        => (this.relay, this.connection, this.words, this.patience) = (relay, connection, words, patience);

    /// <summary>Connects to an address that connections may go to, and signs in.</summary>
    /// <exception cref="ServerException"><c>sign-in-failed</c>, <c>certificate-not-trusted</c>, <c>connection-failed</c>.</exception>
    /// <exception cref="ConfigurationException">Connections must not go there, a secret is missing, or the settings are wrong.</exception>
    public static async Task<LdapServer> SignInAsync(LdapSettings settings, LdapPath path, Outside outside, string workspace, CancellationToken cancellationToken)
    {
        var password = await outside.SecretAsync(workspace, settings.Password, "password", cancellationToken);
        var words = new LdapWords(settings, path) { Password = password };
        var patience = TimeSpan.FromSeconds(settings.TimeoutSeconds);
        var relay = new LdapRelay(await ConnectedAsync(settings, path, outside.Hosts, words, cancellationToken));
        try
        {
            var server = new LdapServer(relay, Connection(relay.Port, settings.User, password), words, patience);
            try
            {
                await server.AskAsync(() =>
                {
                    server.connection.Bind();
                    return true;
                }, @base: null, cancellationToken);
                return server;
            }
            catch
            {
                server.connection.Dispose();
                throw;
            }
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a directory begins by itself, when the settings do not say.</summary>
    /// <exception cref="ServerException"><c>base-missing</c>, <c>connection-failed</c>.</exception>
    public async Task<string> OwnBaseAsync(CancellationToken cancellationToken)
    {
        const string Default = "defaultNamingContext", All = "namingContexts";
        var request = new SearchRequest("", LdapFilter.Everything, SearchScope.Base, Default, All);
        var root = (await SearchAsync(request, cancellationToken)).Entries.Cast<SearchResultEntry>().FirstOrDefault();
        string[] Values(string name) => root?.Attributes[name]?.GetValues(typeof(string)) as string[] ?? [];
        return Values(Default) is [var own] ? own : Values(All) is [{ Length: > 0 } only] ? only : throw words.NoBase(Values(All));
    }

    /// <summary>Entries, page by page.</summary>
    /// <param name="base">Below which name.</param>
    /// <param name="filter">Which.</param>
    /// <param name="nested">Whether also those below the first level, and that of the name itself.</param>
    /// <param name="attributes">What is asked of each.</param>
    /// <param name="size">How many at a time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ServerException">They cannot be had.</exception>
    public async IAsyncEnumerable<LdapPage> PagesAsync(
        string @base, string filter, bool nested, string[] attributes, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = new PageResultRequestControl(size) { IsCritical = true };
        var request = new SearchRequest(@base, filter, nested ? SearchScope.Subtree : SearchScope.OneLevel, attributes);
        request.Controls.Add(page);
        for (var empty = 0; empty < MostEmptyPages;)
        {
            var answer = await SearchAsync(request, cancellationToken, size < PageSize ? LdapRelay.MostBytes / 8 : LdapRelay.MostBytes);
            empty = answer.Entries.Count == 0 ? empty + 1 : 0;
            yield return new LdapPage([.. answer.Entries.Cast<SearchResultEntry>()], [.. answer.References.Cast<SearchResultReference>().SelectMany(r => r.Reference)]);
            page.Cookie = answer.Controls.OfType<PageResultResponseControl>().FirstOrDefault()?.Cookie ?? [];
            if (page.Cookie.Length == 0) yield break;
        }
        throw words.Strange("it has pages without entries, and no last one");
    }

    /// <summary>An entry; null: it is not there any more, or may not be seen.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="attribute">What is asked of it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ServerException">It cannot be had.</exception>
    public async Task<SearchResultEntry?> EntryAsync(string name, string attribute, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await SearchAsync(new SearchRequest(name, LdapFilter.Everything, SearchScope.Base, attribute), cancellationToken);
            return answer.Entries.Cast<SearchResultEntry>().FirstOrDefault();
        }
        catch (ServerException e) when (e.Problem.Code == LdapWords.BaseNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await relay.DisposeAsync();
    }

    private static async Task<Stream> ConnectedAsync(LdapSettings settings, LdapPath path, OutboundHosts hosts, LdapWords words, CancellationToken cancellationToken)
    {
        Stream? stream = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            stream = new NetworkStream(await hosts.ConnectAsync(path.Host, path.PortFor(settings.Protocol), cancellationToken), ownsSocket: true);
            if (settings.Protocol == DirectoryProtocol.Ldap) return stream;
            var secure = new SslStream(stream, leaveInnerStreamOpen: false);
            stream = secure;
            limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
            await secure.AuthenticateAsClientAsync(ServerTls.Options(path.Host, settings.CertificateAuthority), limit.Token);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync();
            throw e switch
            {
                SocketException none => words.Unreachable(none),
                AuthenticationException refused => words.NoTls(refused),
                IOException => words.Lost(e),
                OperationCanceledException when !cancellationToken.IsCancellationRequested => words.Silent(e),
                _ => e,
            };
        }
    }

    private static LdapConnection Connection(int port, string? user, string? password)
    {
        try
        {
            var place = new LdapDirectoryIdentifier(IPAddress.Loopback.ToString(), port, fullyQualifiedDnsHostName: true, connectionless: false);
            var connection = user is null || password is null
                ? new LdapConnection(place, null, AuthType.Anonymous)
                : new LdapConnection(place, new NetworkCredential(user, password), AuthType.Basic);
            connection.AutoBind = false;
            connection.Timeout = LongestPage;
            connection.SessionOptions.ProtocolVersion = 3;
            // They lead to servers that nobody has checked, with the password.
            connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            return connection;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new ConfigurationException("ldap-library-missing", "Directories cannot be read here: the library libldap is not installed where this runs. Ask whoever runs it to install it (the package libldap-2.5-0 or libldap2).");
        }
    }

    private async Task<SearchResponse> SearchAsync(SearchRequest request, CancellationToken cancellationToken, long mostBytes = LdapRelay.MostBytes)
    {
        var answer = await AskAsync(() => (SearchResponse)connection.SendRequest(request, LongestPage), request.DistinguishedName, cancellationToken, mostBytes);
        // A referral is no exception to the library.
        return answer.ResultCode == ResultCode.Success ? answer : throw words.Refused(answer.ResultCode, answer.ErrorMessage ?? "", request.DistinguishedName);
    }

    // libldap knows nothing of cancelling, and not what a silent server is: its connection is cut, and it returns.
    private async Task<T> AskAsync<T>(Func<T> ask, string? @base, CancellationToken cancellationToken, long mostBytes = LdapRelay.MostBytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        relay.Expect(mostBytes);
        var silent = false;
        var asked = Task.Factory.StartNew(ask, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await using var cancel = cancellationToken.Register(relay.Cut);
        while (await Task.WhenAny(asked, Task.Delay(Step, CancellationToken.None)) != asked)
        {
            if (silent || relay.Quiet < patience) continue;
            silent = true;
            relay.Cut();
        }
        try
        {
            return await asked;
        }
        catch (DirectoryException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw silent ? words.Silent(e) : relay.IsTooMuch ? words.TooMuch(relay.Most) : Explained(e, @base);
        }
    }

    // No base: somebody signs in.
    private ServerException Explained(DirectoryException e, string? @base) => e switch
    {
        _ when @base is null && BindAnswer.Read(relay.First) is { Code: not ResultCode.Success } answer => words.SignIn(answer, e),
        LdapException { ErrorCode: FilterError } => words.Filter(e.Message, e),
        DirectoryOperationException { Response: { } answer } when @base is not null => words.Refused(answer.ResultCode, answer.ErrorMessage is { Length: > 0 } said ? said : e.Message, @base, e),
        DirectoryOperationException => words.SignIn(e.Message, e),
        _ => words.Lost(e),
    };
}
