using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Telemetry;

/// <summary>Takes in what is sent to Application Insights: lines of JSON, one an item, packed or not.</summary>
internal sealed class Ingestion : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly WebApplication app;

    private Ingestion()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(o => o.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.Run(TakeAsync);
    }

    /// <summary>What an app is told to send here.</summary>
    public string ConnectionString
        => $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/";

    /// <summary>All that came, as it came.</summary>
    public string Text => string.Join('\n', lines);

    /// <summary>The data of all items of a type, with the id of their trace.</summary>
    public IEnumerable<(string? Trace, JsonElement Data)> Of(string type) =>
        from line in lines
        let item = JsonDocument.Parse(line).RootElement
        where item.GetProperty("data").GetProperty("baseType").GetString() == type
        select (item.TryGetProperty("tags", out var tags) && tags.TryGetProperty("ai.operation.id", out var id) ? id.GetString() : null, item.GetProperty("data").GetProperty("baseData"));

    public static async Task<Ingestion> StartAsync()
    {
        var server = new Ingestion();
        await server.app.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        await using var body = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using var reader = new StreamReader(body, Encoding.UTF8);
        var count = 0;
        while (await reader.ReadLineAsync(http.RequestAborted) is { } line)
        {
            if (line.Length == 0) continue;
            lines.Enqueue(line);
            count++;
        }
        await http.Response.WriteAsJsonAsync(new { itemsReceived = count, itemsAccepted = count, errors = Array.Empty<object>() }, http.RequestAborted);
    }
}
