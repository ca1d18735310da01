using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Where to kill an app: at a request to its storage account.</summary>
/// <param name="TakesEffect">Whether the request takes effect; the app never hears of it in either case.</param>
/// <param name="Request">A pattern of the request's method and path.</param>
internal sealed record KillAt(bool TakesEffect, string Request)
{
    /// <summary>When it asks, before anything has happened.</summary>
    public static KillAt Before(string request) => new(false, request);

    /// <summary>When it has happened.</summary>
    public static KillAt After(string request) => new(true, request);
}

/// <summary>
/// Stands between an app and its storage account and passes everything on, but holds a request, so that the app can be killed or asked for
/// something at a certain step of its work. It also writes down which statuses jobs went through.
/// </summary>
internal sealed partial class StoreGate : IAsyncDisposable
{
    private static readonly string[] Hops = ["Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Expect"];

    private readonly HttpClient account = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Dictionary<int, Uri> targets = [];
    private readonly ConcurrentQueue<(string Job, string Status)> statuses = new();
    private readonly WebApplication app;
    private Held? held;
    private string? refused;
    private int refusals;

    private StoreGate()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(o =>
        {
            o.Limits.MaxRequestBodySize = null;
            o.Listen(IPAddress.Loopback, 0);
            o.Listen(IPAddress.Loopback, 0);
        });
        app = builder.Build();
        app.Run(PassAsync);
    }

    /// <summary>The connection string of the account through the gate.</summary>
    public string Account { get; private set; } = "";

    /// <summary>A gate in front of an account.</summary>
    public static async Task<StoreGate> OpenAsync(string account)
    {
        var gate = new StoreGate { Account = account };
        await gate.app.StartAsync();
        var doors = gate.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a));
        foreach (var (door, endpoint) in doors.Zip(Endpoint().Matches(account)))
        {
            var target = new Uri(endpoint.Groups["address"].Value);
            gate.targets[door.Port] = target;
            gate.Account = gate.Account.Replace(target.GetLeftPart(UriPartial.Authority), door.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        }
        return gate;
    }

    /// <summary>Holds the next request of a step; done when it has come.</summary>
    public Task HoldAsync(KillAt step) => Hold(step).Come;

    /// <summary>Holds the next request of a step until it is released.</summary>
    public Held Hold(KillAt step) => held = new Held(step);

    /// <summary>Refuses the requests of a pattern from now on, as an account does whose rights were taken away; null: none.</summary>
    public void Refuse(string? requests) => refused = requests;

    /// <summary>Refuses the requests of a pattern until this is disposed.</summary>
    public IDisposable Refusing(string requests)
    {
        refused = requests;
        return new Refusal(this);
    }

    /// <summary>How many requests were refused.</summary>
    public int Refusals => refusals;

    /// <summary>The statuses that the job's row has had, in their order.</summary>
    public IReadOnlyList<string> StatusesOf(string job)
    {
        var path = new List<string>();
        foreach (var (_, status) in statuses.Where(s => s.Job == job))
            if (path.Count == 0 || path[^1] != status) path.Add(status);
        return path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        account.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        using var request = Copy(http);
        var transaction = http.Request.Path.Value!.EndsWith("/$batch", StringComparison.Ordinal) ? await BufferAsync(request, http.RequestAborted) : null;
        // A transaction is named by the first thing that it does.
        var first = transaction is null ? null : Operation().Match(transaction);
        var asked = first is { Success: true } ? $"{first.Groups["method"].Value} {first.Groups["path"].Value}" : $"{http.Request.Method} {http.Request.Path}";
        var hold = Take(asked);
        if (hold is { Step.TakesEffect: false }) await hold.StandAsync(http.RequestAborted);
        if (refused is { } pattern && Regex.IsMatch(asked, pattern))
        {
            Interlocked.Increment(ref refusals);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        using var row = transaction is not null && HistoryRow().IsMatch(asked) ? JsonDocument.Parse(RowText().Match(transaction).Value) : null;
        using var answer = await account.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        if (row is not null && await TookEffectAsync(answer, http.RequestAborted)) statuses.Enqueue((row.RootElement.GetProperty("JobId").GetString()!, row.RootElement.GetProperty("Status").GetString()!));
        if (hold is not null) await hold.StandAsync(http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !Hops.Contains(h.Key))) http.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private HttpRequestMessage Copy(HttpContext http)
    {
        // The address as it was sent: the signature covers it.
        var address = new Uri(targets[http.Connection.LocalPort], http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), address);
        if (http.Request.ContentLength is not null || http.Request.Headers.TransferEncoding.Count > 0) request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, values) in http.Request.Headers.Where(h => !Hops.Contains(h.Key)))
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray())) request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        return request;
    }

    private Held? Take(string request)
    {
        var hold = held;
        return hold is not null && Regex.IsMatch(request, hold.Step.Request) && Interlocked.CompareExchange(ref held, null, hold) == hold ? hold : null;
    }

    private static async Task<string> BufferAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await request.Content!.LoadIntoBufferAsync(cancellationToken);
        return await request.Content.ReadAsStringAsync(cancellationToken);
    }

    // A transaction is accepted, and says inside what became of it.
    private static async Task<bool> TookEffectAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        return answer.IsSuccessStatusCode && !Failure().IsMatch(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    [GeneratedRegex(@"^(?:POST .*/JobHistory|PUT .*/JobHistory\(.*\))$")]
    private static partial Regex HistoryRow();

    [GeneratedRegex(@"^(?<method>POST|PUT|PATCH|MERGE|DELETE) https?://[^/]+(?<path>/[^?\s]*)", RegexOptions.Multiline)]
    private static partial Regex Operation();

    [GeneratedRegex(@"^\{.*\}", RegexOptions.Multiline)]
    private static partial Regex RowText();

    [GeneratedRegex(@"^HTTP/1\.1 [45]", RegexOptions.Multiline)]
    private static partial Regex Failure();

    [GeneratedRegex("(?:Blob|Table)Endpoint=(?<address>[^;]+)")]
    private static partial Regex Endpoint();

    private sealed class Refusal(StoreGate gate) : IDisposable
    {
        public void Dispose() => gate.Refuse(null);
    }

    /// <summary>A request that is held, or will be.</summary>
    internal sealed class Held(KillAt step)
    {
        private readonly TaskCompletionSource come = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Which request.</summary>
        public KillAt Step => step;

        /// <summary>Done when it has come.</summary>
        public Task Come => come.Task;

        /// <summary>Lets it go on.</summary>
        public void Release() => released.TrySetResult();

        /// <summary>Where it waits.</summary>
        public Task StandAsync(CancellationToken cancellationToken)
        {
            come.TrySetResult();
            return released.Task.WaitAsync(cancellationToken);
        }
    }
}
