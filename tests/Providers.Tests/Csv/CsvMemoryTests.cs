using System.Globalization;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>Issue: 100,000 records with flat memory.</summary>
[Collection(Alone.Name)]
public sealed class CsvMemoryTests(Stores stores, Vsftpd vsftpd) : IClassFixture<Vsftpd>, IAsyncLifetime
{
    private CsvPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        place = await CsvPlace.NewAsync(stores, vsftpd.Plain);
    }

    public ValueTask DisposeAsync() => default;

    [Fact, Trait("Speed", "Slow")]
    public async Task A_hundred_thousand_records_take_as_little_memory_as_ten_thousand()
    {
        await ReadAsync(100);
        var few = await RetainedMemory.MostAsync(() => ReadAsync(10_000));
        var many = await RetainedMemory.MostAsync(() => ReadAsync(100_000));
        TestContext.Current.TestOutputHelper!.WriteLine($"{few:n0} bytes for 10,000 records, {many:n0} for 100,000");
        // The files have 10 and 100 MB.
        Assert.InRange(many, 0, few + (48L << 20));
    }

    /// <summary>The way from the server; what becomes of the copy is the same as without TLS.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_hundred_thousand_records_take_no_more_memory_with_TLS()
    {
        await using var outside = await OutboundPlace.NewAsync($"localhost:{vsftpd.Tls.Port}");
        outside.Name("localhost", ["127.0.0.1"]);
        var servers = new FileServers(outside.Outside(new KnownSecrets { ["pw"] = vsftpd.Tls.Password }), "ws");
        await CopyAsync(100);
        var few = await RetainedMemory.MostAsync(() => CopyAsync(10_000));
        var many = await RetainedMemory.MostAsync(() => CopyAsync(100_000));
        TestContext.Current.TestOutputHelper!.WriteLine($"{few:n0} bytes for 10,000 records, {many:n0} for 100,000");
        Assert.InRange(many, 0, few + (48L << 20));

        async Task CopyAsync(int records)
        {
            var name = await WriteAsync(vsftpd.Tls, records);
            await using var server = await servers.SignInAsync(CsvPlace.Settings(vsftpd.Tls) with
            {
                Host = "localhost",
                Protocol = FileProtocol.Ftps,
                Password = Secret.Named("pw"),
                CertificateAuthority = vsftpd.Authority.Pem,
            }, Stop);
            Assert.True(await server.CopyAsync($"/export/{name}.csv", Stream.Null, long.MaxValue, Stop) > records * 1000L);
        }
    }

    private static async Task<string> WriteAsync(FilesServer server, int records)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"many{records}");
        var filler = new string('x', 1000);
        await server.WriteAsync($"export/{name}.csv", "");
        await using var file = new StreamWriter(Path.Combine(server.Folder, $"export/{name}.csv"));
        await file.WriteLineAsync("Id,Name,Filler");
        for (var i = 0; i < records; i++) await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{i},name {i},{filler}"));
        return name;
    }

    // Copies a file from the server, plans its batches and reads them.
    private async Task ReadAsync(int records)
    {
        var name = await WriteAsync(vsftpd.Plain, records);
        var source = place.Source(place.Point(CsvPlace.Settings(vsftpd.Plain) with { Path = $"/export/{name}.csv" }), name);
        var layout = await source.CheckAsync(Stop);
        var read = 0;
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = await source.PlanAsync(layout, 0, cursor, Stop);
            foreach (var batch in page.Batches)
                await foreach (var _ in source.ReadAsync(layout, batch, [], Stop)) read++;
            cursor = page.Next;
        }
        Assert.Equal(records, read);
    }
}
