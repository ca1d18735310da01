using System.Text;

namespace IntegrationPoints.Storage.Tests.Records;

/// <summary>Ids and sort keys that every Cosmos DB server and client treats alike.</summary>
public sealed class CosmosTextTests
{
    public static TheoryData<string, string> Ids => new()
    {
        { "DOCUMENT|DOC 1", "DOCUMENT|DOC 1" }, { "日本🚀", "日本🚀" }, { "a%0041", "a~250041" }, { "~", "~7e" }, { "~25", "~7e25" }, { " a ", "~20a~20" }, { " ", "~20" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public void Ids_have_no_percent_sign_and_no_blank_at_an_end(string id, string stored) => Assert.Equal(stored, CosmosText.Id(id));

    [Fact]
    public void Ids_that_become_too_long_stay_apart()
    {
        var first = CosmosText.Id(new string('%', 1000));
        Assert.InRange(Encoding.UTF8.GetByteCount(first), 1, 1023);
        Assert.NotEqual(first, CosmosText.Id(new string('%', 999)));
    }

    [Fact]
    public void Sort_keys_have_one_order_by_UTF8_and_by_UTF16_and_come_back()
    {
        string[] parts = ["", "A", "\ud7fe", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "🚀", "\U0010ffff"];
        string[] texts = [.. from a in parts from b in parts select a + b];
        var byUtf8 = texts.Distinct().Order(Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)))).ToList();
        Assert.Equal(byUtf8, byUtf8.OrderBy(CosmosText.Sort, StringComparer.Ordinal));
        Assert.Equal(byUtf8, byUtf8.Select(text => CosmosText.Unsort(CosmosText.Sort(text))));
        foreach (var text in byUtf8)
        {
            var expected = byUtf8.Where(other => other.StartsWith(text, StringComparison.Ordinal));
            Assert.Equal(expected, byUtf8.Where(other => CosmosText.Sort(other).StartsWith(CosmosText.Sort(text), StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("DOCUMENT|DOC-000001")]
    [InlineData("ÅÄÖ ß 日本")]
    public void Ordinary_sort_keys_are_stored_as_they_are(string sort) => Assert.Equal(sort, CosmosText.Sort(sort));
}
