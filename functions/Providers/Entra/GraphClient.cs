using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Spool;

namespace IntegrationPoints.Providers.Entra;

/// <summary>What Microsoft Graph is asked.</summary>
/// <param name="Address">A path below its beginning, or the link to a next page.</param>
internal sealed record GraphQuestion(string Address)
{
    /// <summary>Whether it is answered from an index that may be a little behind (ConsistencyLevel).</summary>
    public bool Eventual { get; init; }

    /// <summary>Whether it may be about something that is not there any more.</summary>
    public bool MayBeGone { get; init; }

    /// <summary>What is posted; null: nothing, it is read.</summary>
    public string? Body { get; init; }
}

/// <summary>
/// Asks Microsoft Graph for pages. Its own client library has a class for every type there is (41 MB, which every start of the app would load), while
/// here properties are handed on by name; and it waits, repeats and follows links by its own rules, which here are bounded and checked.
/// </summary>
/// <param name="settings">Which Graph.</param>
/// <param name="http">The way there; it follows no redirects.</param>
/// <param name="signIn">Tokens.</param>
/// <param name="root">Where Graph begins, with a slash at the end: tokens are sent nowhere else.</param>
/// <param name="patience">How long it may take.</param>
internal sealed class GraphClient(EntraSettings settings, HttpClient http, GraphSignIn signIn, Uri root, Patience patience)
{
    /// <summary>The most bytes of one answer: a page of 999 users has a few million.</summary>
    public const int MostBytes = 64 << 20;

    private readonly EntraWords words = new(settings);

    /// <summary>One answer.</summary>
    /// <returns>The answer; null: there is no such thing, and that may be.</returns>
    /// <exception cref="ServerException">It is not answered.</exception>
    /// <exception cref="LaterException">Graph asks for more patience than an activity has.</exception>
    public async Task<JsonDocument?> AskAsync(GraphQuestion question, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        for (var pause = TimeSpan.FromSeconds(2); ; pause *= 2)
        {
            using var answer = await SendAsync(question, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    return await ReadAsync(answer, cancellationToken) ?? throw EntraWords.Strange(root.Authority, "its answer is no JSON object");
                case HttpStatusCode.NotFound when question.MayBeGone:
                    return null;
                case HttpStatusCode.Unauthorized when !isRenewed:
                    signIn.Forget();
                    isRenewed = true;
                    break;
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable:
                    await patience.WaitAsync(AskedFor(answer.Headers.RetryAfter) ?? pause, cancellationToken);
                    break;
                default:
                    throw await RefusalAsync(answer, question.Address, cancellationToken);
            }
        }
    }

    /// <summary>The link to the next page; null: it was the last.</summary>
    /// <exception cref="ServerException">It leads elsewhere.</exception>
    public string? NextOf(JsonDocument page)
        => page.RootElement.TryGetProperty("@odata.nextLink", out var link) && link.GetString() is { Length: > 0 } next ? AddressOf(next).AbsoluteUri : null;

    /// <summary>What a page lists.</summary>
    /// <exception cref="ServerException">It lists nothing, not even nobody.</exception>
    public IReadOnlyList<JsonElement> ListOf(JsonDocument page)
        => page.RootElement.TryGetProperty("value", out var list) && list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray()] : throw EntraWords.Strange(root.Authority, "its page is no list");

    // A token must not follow a link to somebody else's server.
    private Uri AddressOf(string address)
    {
        if (!Uri.TryCreate(root, address, out var uri) || uri.Scheme != root.Scheme || uri.Authority != root.Authority || uri.UserInfo.Length > 0
            || !uri.AbsolutePath.StartsWith(root.AbsolutePath, StringComparison.Ordinal))
        {
            throw EntraWords.Strange(root.Authority, "its next page is somewhere else");
        }
        return uri;
    }

    private async Task<HttpResponseMessage> SendAsync(GraphQuestion question, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(question.Body is null ? HttpMethod.Get : HttpMethod.Post, AddressOf(question.Address));
        if (question.Body is { } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await signIn.TokenAsync(cancellationToken));
        request.Headers.Accept.ParseAdd("application/json;odata.metadata=minimal");
        if (question.Eventual) request.Headers.Add("ConsistencyLevel", "eventual");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw words.Silent(root.Authority, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw EntraWords.Strange(root.Authority, "its answer has no end");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw EntraWords.Unreachable(e, root.Authority);
        }
    }

    // Null: it is something else.
    private static async Task<JsonDocument?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var page = await JsonDocument.ParseAsync(content, default, cancellationToken);
            if (page.RootElement.ValueKind == JsonValueKind.Object) return page;
            page.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? AskedFor(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - patience.Now;
        return asked is { } pause ? (pause > TimeSpan.Zero ? pause : TimeSpan.Zero) : null;
    }

    private async Task<ServerException> RefusalAsync(HttpResponseMessage answer, string address, CancellationToken cancellationToken)
    {
        var (code, said) = ("", "");
        using var body = await ReadAsync(answer, cancellationToken);
        if (body is not null && body.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            (code, said) = (TextOf(error, "code"), TextOf(error, "message"));
        // What is pages old is not gone on with (learn.microsoft.com, "Paging Microsoft Graph data").
        var isNext = address.Contains("$skiptoken=", StringComparison.OrdinalIgnoreCase) || address.Contains("%24skiptoken=", StringComparison.OrdinalIgnoreCase);
        return (int)answer.StatusCode switch
        {
            401 => words.NotTaken(said),
            403 => words.NotConsented(code),
            410 => EntraWords.Expired(code),
            400 when isNext => EntraWords.Expired(code),
            >= 500 and var status => EntraWords.Broken(status, code),
            400 => words.Refused(said),
            var status => EntraWords.Strange(root.Authority, $"HTTP {status}"),
        };
    }

    private static string TextOf(JsonElement error, string member)
        => error.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
}
