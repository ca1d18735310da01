using System.Net;
using IntegrationPoints.Engine.Records;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>What Cosmos DB charges reaches whoever caused it, and a throttled client tries again before it gives up.</summary>
public sealed class CosmosChargeTests(CosmosStores stores)
{
    private readonly string _partition = $"charges-{Guid.NewGuid():n}|00";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Source: the charges of the server of the tests, which differ by kind of request.</summary>
    [Fact]
    public async Task Each_kind_of_request_is_counted_with_its_charge()
    {
        var store = await stores.LocalAsync("charges");
        IReadOnlyList<WriteResult> written = [];
        Assert.Equal(3 * CosmosServer.CreateCharge, await ChargedAsync(async () => written = await store.WriteAsync([Create("a"), Create("b"), Create("c")], Stop)));
        Assert.Equal(CosmosServer.ReadCharge, await ChargedAsync(() => store.ReadAsync(Key("a"), Stop)));
        Assert.Equal(CosmosServer.ReadCharge, await ChargedAsync(() => store.ReadAsync(Key("missing"), Stop)));
        Assert.Equal(CosmosServer.QueryCharge, await ChargedAsync(() => store.ReadManyAsync([Key("a"), Key("b")], Stop)));
        Assert.Equal(CosmosServer.QueryCharge, await ChargedAsync(() => store.ListAsync(new ItemQuery(_partition, ""), Stop)));
        // What is refused costs as well.
        Assert.Equal(CosmosServer.CreateCharge, await ChargedAsync(() => store.WriteAsync([Create("a")], Stop)));
        Assert.Equal(CosmosServer.ReplaceCharge, await ChargedAsync(() => store.WriteAsync([Create("a") with { Kind = WriteKind.Replace, ETag = written[0].ETag }], Stop)));
        Assert.Equal(CosmosServer.DeleteCharge, await ChargedAsync(() => store.WriteAsync([Create("b") with { Kind = WriteKind.Delete }], Stop)));
        // What never leaves this machine costs nothing.
        var large = new ItemWrite(WriteKind.Create, Key("large"), "large", new byte[RecordLimits.ItemBytes]);
        Assert.Equal(0, await ChargedAsync(() => store.WriteAsync([large], Stop)));
    }

    [Fact]
    public async Task Batches_at_the_same_time_over_one_client_are_charged_each_its_own()
    {
        var store = await stores.LocalAsync("charges");
        var charged = await Task.WhenAll(Enumerable.Range(1, 12).Select(batch => ChargedAsync(async () =>
        {
            for (var i = 0; i < batch; i++)
            {
                await store.WriteAsync([.. Enumerable.Range(0, 10).Select(n => Create($"{batch}-{i}-{n}"))], Stop);
                await store.ReadAsync(Key($"{batch}-{i}-0"), Stop);
            }
        })));
        Assert.Equal(Enumerable.Range(1, 12).Select(batch => batch * (10 * CosmosServer.CreateCharge + CosmosServer.ReadCharge)), charged);
    }

    [Fact]
    public async Task What_nobody_counts_is_charged_to_nobody()
    {
        var store = await stores.LocalAsync("charges");
        Assert.Equal(0, await ChargedAsync(() => Task.CompletedTask));
        await store.WriteAsync([Create("x")], Stop);
        Assert.Equal(CosmosServer.ReadCharge, await ChargedAsync(() => store.ReadAsync(Key("x"), Stop)));
    }

    /// <summary>Source: https://learn.microsoft.com/rest/api/cosmos-db/http-status-codes-for-cosmosdb, 429 with x-ms-retry-after-ms.</summary>
    [Theory]
    [InlineData(9, WriteStatus.Done)]
    [InlineData(10, null)]
    public async Task A_throttled_request_is_sent_again_nine_times_and_then_fails_as_throttled(int refusals, WriteStatus? answer)
    {
        await stores.LocalAsync("charges");
        using var throttle = new Throttle();
        var account = await stores.AccountAsync();
        var options = account.Options(bulk: false);
        options.HttpClientFactory = () => new HttpClient(throttle, disposeHandler: false);
        using var client = new CosmosClient(account.Endpoint.AbsoluteUri, account.Key, options);
        var store = new CosmosRecords(client, account.Database, "charges");
        await store.ReadAsync(Key("warm"), Stop);
        throttle.Refusals = refusals;
        if (answer is { } status)
        {
            Assert.Equal(status, Assert.Single(await store.WriteAsync([Create("a")], Stop)).Status);
            return;
        }
        var failed = await Assert.ThrowsAsync<CosmosException>(() => store.WriteAsync([Create("a")], Stop));
        Assert.Equal(HttpStatusCode.TooManyRequests, failed.StatusCode);
        Assert.Null(await store.ReadAsync(Key("a"), Stop));
    }

    private static async Task<double> ChargedAsync(Func<Task> work)
    {
        var charged = RequestUnits.Measure();
        await work();
        return charged.Total;
    }

    private ItemKey Key(string id) => new(_partition, id);

    private ItemWrite Create(string id) => new(WriteKind.Create, Key(id), id, "{}"u8.ToArray());

    /// <summary>The way to the server, on which some requests are refused as a throttled account refuses them.</summary>
    private sealed class Throttle : DelegatingHandler
    {
        private int _refusals;

        public Throttle() : base(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate!.Subject.Contains("CN=cosmosdb", StringComparison.Ordinal) } }) { }

        public int Refusals { set => _refusals = value; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref _refusals) < 0) return base.SendAsync(request, cancellationToken);
            var refused = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("{}"), RequestMessage = request };
            refused.Headers.Add("x-ms-retry-after-ms", "1");
            refused.Headers.Add("x-ms-substatus", "3200");
            return Task.FromResult(refused);
        }
    }
}
