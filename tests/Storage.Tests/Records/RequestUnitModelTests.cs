using System.Text;
using System.Text.Json;
using IntegrationPoints.Bench;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>The model of charges that <c>tools/Bench cost</c> computes with, against the charges that Microsoft documents.</summary>
public sealed class RequestUnitModelTests
{
    /// <summary>Source: learn.microsoft.com/azure/cosmos-db/understand-request-unit-consumption: size in KB, read, write.</summary>
    public static TheoryData<int, double, double> Documented => new()
    {
        { 1, 1.00, 4.95 }, { 2, 1.04, 6.29 }, { 4, 1.14, 6.67 }, { 8, 1.33, 7.04 }, { 16, 1.67, 9.52 }, { 32, 2.19, 11.23 }, { 64, 4.76, 22.67 },
        { 128, 9.95, 48.19 }, { 256, 20.28, 98.29 }, { 512, 40.95, 184.57 }, { 1024, 145.90, 625.00 }, { 2048, 291.80, 1250.00 },
    };

    /// <summary>Source of 5.5 for 1 KB, and of twice as much for a replacement: learn.microsoft.com/azure/cosmos-db/optimize-cost-reads-writes, Writing data.</summary>
    [Theory, MemberData(nameof(Documented))]
    public void Documented_sizes_have_their_documented_charges(int kilobytes, double read, double write)
    {
        Assert.Equal(read, RequestUnitModel.Read(kilobytes * 1024L), 6);
        Assert.Equal(kilobytes == 1 ? 5.5 : write, RequestUnitModel.Create(kilobytes * 1024L), 6);
        Assert.Equal(2 * RequestUnitModel.Create(kilobytes * 1024L), RequestUnitModel.Replace(kilobytes * 1024L));
    }

    /// <summary>Source: optimize-cost-reads-writes, Point reads: 100 KB cost 10. The two pages differ by a third of it at most.</summary>
    [Fact]
    public void A_hundred_kilobytes_cost_about_ten_to_read() => Assert.InRange(RequestUnitModel.Read(100 * 1024), 10 * 0.66, 10 * 1.34);

    /// <summary>An item is charged by all of it: body, keys, and what Cosmos DB adds (learn.microsoft.com/rest/api/cosmos-db/documents, the sample).</summary>
    [Theory]
    [InlineData("document|a1", "case-1234abcd|7", "document|a1", "{}")]
    [InlineData("document|ä1", "case-1234abcd|config", "", """{"f":{"title":"x"}}""")]
    public async Task An_item_weighs_what_is_sent_and_what_is_added(string id, string partition, string sort, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await using var sent = CosmosItem.Write(new ItemWrite(WriteKind.Create, new ItemKey(partition, id), sort, bytes, null));
        Assert.Equal(sent.Length + 205, RequestUnitModel.Stored(id, partition, sort, bytes.Length));
        Assert.Equal(["_rid", "_ts", "_self", "_etag", "_attachments"],
            JsonDocument.Parse($$"""{"id":"x"{{RequestUnitModel.SystemProperties}}}""").RootElement.EnumerateObject().Skip(1).Select(p => p.Name));
    }

    [Fact]
    public void A_larger_item_never_costs_less_and_none_is_over_two_megabytes()
    {
        var sizes = Enumerable.Range(0, 2048).Select(k => k * 1024L + 1).ToList();
        Assert.All(sizes.Zip(sizes.Skip(1)), pair => Assert.True(
            RequestUnitModel.Read(pair.First) <= RequestUnitModel.Read(pair.Second) && RequestUnitModel.Create(pair.First) <= RequestUnitModel.Create(pair.Second)));
        Assert.Throws<ArgumentOutOfRangeException>(() => RequestUnitModel.Create(2048 * 1024L + 1));
    }
}
