using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Azure.Data.Tables;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests.Graph;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A look-alike of Microsoft Graph and an app of its own, for the tests of a class.</summary>
public sealed class GraphApp(Servers servers) : IAsyncLifetime
{
    private readonly string authority = Path.GetTempFileName();

    /// <summary>The directory.</summary>
    public GraphServer Graph { get; private set; } = null!;

    /// <summary>The app.</summary>
    internal AppProcess App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Graph = await GraphServer.StartAsync();
        await File.WriteAllTextAsync(authority, Graph.Pem);
        App = await servers.NewAppAsync(
            ("Entra:SignIn", Graph.Address), ("Entra:Graph", Graph.Address), ("SSL_CERT_FILE", authority), ("IDENTITY_ENDPOINT", $"{Graph.Address}msi/token"), ("IDENTITY_HEADER", "x"));
    }

    /// <summary>Opens a port of this machine to every workspace, and nothing else.</summary>
    public async Task AllowAsync(int port)
    {
        using var opened = await App.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") });
        Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync());
    }

    /// <summary>All that the app has written: log, blobs, tables, records, orchestrations, audit. It is started anew.</summary>
    public async Task CollectAsync(StringBuilder told)
    {
        told.AppendLine(await App.Http.GetStringAsync("audit?pageSize=1000"));
        await using var services = App.Services();
        var tables = new TableServiceClient(services.GetRequiredService<IConfiguration>()["DataStorage"]);
        await App.StopAsync();
        foreach (var line in App.Log) told.AppendLine(line);
        await foreach (var blob in Blobs.ListAsync(App.Blobs.Jobs, "", CancellationToken.None)) told.Append((await App.Blobs.Jobs.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content);
        await foreach (var table in tables.QueryAsync())
            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>()) told.AppendLine(string.Join('\n', row));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(App.Records)!, "*", SearchOption.AllDirectories)) told.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        await App.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Graph.DisposeAsync();
        File.Delete(authority);
    }
}
