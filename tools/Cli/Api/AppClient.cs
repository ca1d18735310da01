using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Api;

/// <summary>Speaks to the HTTP API. Refusals become <see cref="AppException"/>, an app that is not there <see cref="CommandException"/>.</summary>
internal sealed class AppClient(Uri address, Credentials credentials) : IDisposable
{
    // The largest page that the API gives.
    private const int PageSize = 1000;

    // What is not said is left out; the API takes no null for it.
    private static readonly JsonSerializerOptions BodyFormat = new(Terminal.JsonFormat) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _http = new(new SignedIn(credentials, new Patience(new SocketsHttpHandler { AllowAutoRedirect = false }))) { BaseAddress = address };

    /// <summary>The client of a command.</summary>
    public static AppClient Of(ParseResult arguments)
    {
        var address = AppAddress.Of(arguments);
        return new AppClient(address, Credentials.For(address));
    }

    /// <summary>A path of the API: what stands in braces is escaped.</summary>
    public static string Route(FormattableString route)
        => string.Format(null, route.Format, route.GetArguments().Select(part => (object)Uri.EscapeDataString(part?.ToString() ?? "")).ToArray());

    /// <summary>Reads a document.</summary>
    public async Task<T> GetAsync<T>(string route, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, route), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Sends a document and reads the answer.</summary>
    public async Task<T> PostAsync<T>(string route, object? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route);
        if (body is not null) request.Content = JsonContent.Create(body, options: BodyFormat);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Asks for something whose answer says no more than that it was accepted.</summary>
    public async Task PostAsync(string route, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, route), cancellationToken);
    }

    /// <summary>Reads a document, changes it, and sends it back in place of the version that was read.</summary>
    public async Task<JsonElement> ChangeAsync(string route, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        using var read = await SendAsync(new HttpRequestMessage(HttpMethod.Get, route), cancellationToken);
        var body = await ReadAsync<JsonObject>(read, cancellationToken);
        change(body);
        return await PutAsync<JsonElement>(route, body, cancellationToken, read.Headers.ETag);
    }

    /// <summary>Sends a document in place of the one that is there, or of one version of it, and reads the answer.</summary>
    public async Task<T> PutAsync<T>(string route, object body, CancellationToken cancellationToken, EntityTagHeaderValue? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, route) { Content = JsonContent.Create(body, options: BodyFormat) };
        if (version is not null) request.Headers.IfMatch.Add(version);
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>Removes something.</summary>
    public async Task DeleteAsync(string route, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, route), cancellationToken);
    }

    /// <summary>Removes something, and reads what is left of it.</summary>
    public async Task<T> DeleteAsync<T>(string route, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, route), cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>The items of a list, page after page; <paramref name="seePage"/>: what else to do with each page.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string route, [EnumeratorCancellation] CancellationToken cancellationToken, Action<JsonElement>? seePage = null)
    {
        route = With(route, "pageSize", PageSize.ToString(CultureInfo.InvariantCulture));
        for (string? token = null, page = route; page is not null; page = token is null ? null : With(route, "continuationToken", token))
        {
            var answer = await GetAsync<JsonElement>(page, cancellationToken);
            token = answer.TryGetProperty("continuationToken", out var next) ? next.GetString() : null;
            if (!answer.TryGetProperty("items", out var items)) throw Strange(route);
            seePage?.Invoke(answer);
            foreach (var item in items.EnumerateArray()) yield return item;
        }
    }

    /// <summary>The lines of a stream of JSON lines, as they come.</summary>
    public async IAsyncEnumerable<string> LinesAsync(string route, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        using var response = await SendAsync(request, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0) yield return line;
        }
    }

    /// <summary>Writes a file of the API to a path, whole or not at all.</summary>
    /// <returns>How many bytes it has.</returns>
    public async Task<long> DownloadAsync(string route, string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, route), cancellationToken);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new CommandException($"There is no folder {folder} to write {Path.GetFileName(path)} to.");
        var unfinished = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}.part");
        try
        {
            await using (var file = File.Create(unfinished)) await response.Content.CopyToAsync(file, cancellationToken);
            var bytes = new FileInfo(unfinished).Length;
            File.Move(unfinished, path, overwrite: true);
            return bytes;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string With(string route, string parameter, string value)
        => $"{route}{(route.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={Uri.EscapeDataString(value)}";

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException refused) when (refused.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new CommandException(address.IsLoopback ? AppAddress.NotRunning : $"Nothing answers at {address}. Check the address.");
        }
        if (response.IsSuccessStatusCode) return response;
        using (response) throw response.StatusCode == HttpStatusCode.Unauthorized ? credentials.Refused(response) : await RefusalAsync(response, cancellationToken);
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Terminal.JsonFormat, cancellationToken) ?? throw new JsonException("It is null.");
        }
        catch (JsonException)
        {
            throw Strange(response.RequestMessage!.RequestUri!.ToString());
        }
    }

    private CommandException Strange(string route)
        => new($"What answers at {new Uri(address, route)} is not this version of the app. "
            + "Check the address, or restart it with `ip dev down` and `ip dev up`.");

    private static async Task<AppException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var problem = JsonSerializer.Deserialize<ProblemDetails>(text, Terminal.JsonFormat);
            if (problem is { Detail: not null } or { Title: not null })
                return new AppException((int)response.StatusCode, problem.Code, problem.Words());
        }
        catch (JsonException)
        {
            // Not problem details: what stands below says as much as there is to say.
        }
        var request = $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}";
        var status = (int)response.StatusCode;
        return new AppException(status, null, $"The app answered {status} {response.ReasonPhrase} to {request}; its log may say why.");
    }

    private sealed record ProblemDetails(string? Title, string? Detail, string? Code, IReadOnlyList<ProblemEntry>? Errors)
    {
        public string Words()
        {
            var more = (Errors ?? []).Select(error => error.Message).Where(words => words is not null && words != Detail);
            // Their fields are paths; every command that can be told so takes the last name of it.
            var secrets = (Errors ?? []).Where(error => error is { Code: "secret-needed-again", Field: not null }).Select(error => $"--secret {error.Field!.Split('.')[^1]}").Distinct().ToList();
            if (secrets.Count > 0) more = more.Append($"Give it with {string.Join(' ', secrets)}: the value is asked for, or is a line of standard input.");
            return string.Join(Environment.NewLine, more.Prepend(Detail ?? Title));
        }
    }

    private sealed record ProblemEntry(string? Code, string? Message, string? Field);
}
