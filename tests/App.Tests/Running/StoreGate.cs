using System.Net;
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
/// Stands between an app and its storage account and passes everything on, but holds one request for good, so that the app can be killed at a
/// certain step of its work.
/// </summary>
internal sealed partial class StoreGate : IAsyncDisposable
{
    private static readonly string[] Hops = ["Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Expect"];

    private readonly HttpClient account = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Dictionary<int, Uri> targets = [];
    private readonly WebApplication app;
    private Held? held;

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
    public Task HoldAsync(KillAt step)
    {
        var next = new Held(step);
        held = next;
        return next.Come.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        account.Dispose();
    }

    private async Task PassAsync(HttpContext http)
    {
        var hold = Take($"{http.Request.Method} {http.Request.Path}");
        if (hold is { Step.TakesEffect: false }) await StandAsync(hold, http);
        using var request = Copy(http);
        using var answer = await account.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        if (hold is not null) await StandAsync(hold, http);
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

    private static Task StandAsync(Held hold, HttpContext http)
    {
        hold.Come.TrySetResult();
        return Task.Delay(Timeout.Infinite, http.RequestAborted);
    }

    [GeneratedRegex("(?:Blob|Table)Endpoint=(?<address>[^;]+)")]
    private static partial Regex Endpoint();

    private sealed record Held(KillAt Step)
    {
        public TaskCompletionSource Come { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
