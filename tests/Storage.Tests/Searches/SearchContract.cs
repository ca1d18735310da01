using System.Text.Json;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Storage.Tests.Records;

namespace IntegrationPoints.Storage.Tests.Searches;

/// <summary>What every record store finds by a condition: one table for all of them, and random conditions against <see cref="Rules"/>.</summary>
public abstract class SearchContract(AzuriteServer azurite)
{
    private static readonly Row[] Rows =
    [
        new("A1", new() { ["Title"] = "Straße", ["Note"] = "Straße", ["Body"] = "first line\nsecond", ["Pages"] = 10, ["Size"] = 10, ["Price"] = "9.50", ["Cost"] = "9.50", ["Sent"] = "2020-01-05T00:00:00", ["Hot"] = true, ["Issues"] = new[] { "Law", "Law\\Tax" } }, "Acme\\Mail", "VOL1"),
        new("a2", new() { ["Title"] = "ÄRGER", ["Note"] = "ÄRGER", ["Body"] = new KeptText($"{new string('x', 40_000)}Needle ä{new string('y', 40_000)}"), ["Pages"] = 9, ["Size"] = 9, ["Price"] = "10", ["Cost"] = "10", ["Sent"] = "2020-01-05T23:59:59", ["Hot"] = false, ["Issues"] = new[] { "law", "law\\Labor" } }, "acme"),
        new("B1", new() { ["Title"] = "plain", ["Note"] = "plain", ["Body"] = "needle Ä", ["Pages"] = -1, ["Size"] = -1, ["Price"] = "-0.5", ["Cost"] = "-0.5", ["Sent"] = "2020-01-06T00:00:00", ["Issues"] = new[] { "Lawn" } }, "AcmeX", "Prod ä"),
        new("b10", new()),
        new("Ç1", new() { ["Title"] = "", ["Note"] = "", ["Pages"] = 0, ["Size"] = 0, ["Price"] = "0", ["Cost"] = "0", ["Issues"] = Array.Empty<string>() }, "Acme\\Mail\\Sent"),
        new("É'\"", new() { ["Title"] = "O'Neil \"x\" %_", ["Note"] = "O'Neil \"x\" %_", ["Body"] = "'); DROP TABLE items; --" }),
    ];

    /// <summary>Source: ConditionOperator. The condition, and the identifiers that it finds.</summary>
    public static TheoryData<string, string> Conditions => new()
    {
        { """{"field":"Title","op":"is","value":"STRAßE"}""", "A1" },
        { """{"field":"title","op":"is","value":"strasse"}""", "" },
        { """{"field":"Note","op":"is","value":"ärger"}""", "a2" },
        { """{"field":"Title","op":"is-not","value":"ärger"}""", "A1 B1 b10 Ç1 É'\"" },
        { """{"field":"Title","op":"contains","value":"RG"}""", "a2" },
        { """{"field":"Title","op":"contains","value":"%"}""", "É'\"" },
        { """{"field":"Note","op":"contains","value":"'neil \""}""", "É'\"" },
        { """{"field":"Title","op":"starts-with","value":"stra"}""", "A1" },
        { """{"field":"Title","op":"is-set"}""", "A1 a2 B1 É'\"" },
        { """{"field":"Title","op":"is-not-set"}""", "b10 Ç1" },
        { """{"field":"Issues","op":"is-not-set"}""", "b10 Ç1 É'\"" },
        { """{"field":"Title","op":"at-least","value":"plain"}""", "A1 a2 B1" },
        { """{"field":"Title","op":"between","values":["O","Q"]}""", "B1 É'\"" },
        { """{"field":"Title","op":"any-of","values":["PLAIN","ärger","none"]}""", "a2 B1" },
        // Identifiers: in the order of listings.
        { """{"field":"Control Number","op":"is","value":"A2"}""", "a2" },
        { """{"field":"Control Number","op":"starts-with","value":"ç"}""", "Ç1" },
        { """{"field":"Control Number","op":"contains","value":"1"}""", "A1 B1 b10 Ç1" },
        { """{"field":"Control Number","op":"between","values":["a2","b1"]}""", "a2 B1" },
        { """{"field":"Control Number","op":"greater","value":"b1"}""", "b10 Ç1 É'\"" },
        { """{"field":"Control Number","op":"less","value":"A2"}""", "A1" },
        { """{"field":"Control Number","op":"is-not","value":"A1"}""", "a2 B1 b10 Ç1 É'\"" },
        // Numbers by their amount.
        { """{"field":"Pages","op":"greater","value":9}""", "A1" },
        { """{"field":"Size","op":"at-least","value":9}""", "A1 a2" },
        { """{"field":"Pages","op":"less","value":0.5}""", "B1 Ç1" },
        { """{"field":"Size","op":"between","values":[-1,9]}""", "a2 B1 Ç1" },
        { """{"field":"Pages","op":"is","value":10}""", "A1" },
        { """{"field":"Pages","op":"is","value":10.5}""", "" },
        { """{"field":"Price","op":"is","value":"9.5"}""", "A1" },
        { """{"field":"Price","op":"greater","value":9.5}""", "a2" },
        { """{"field":"Cost","op":"at-most","value":"0.00"}""", "B1 Ç1" },
        { """{"not":{"field":"Cost","op":"greater","value":0}}""", "B1 b10 Ç1 É'\"" },
        { """{"field":"Price","op":"is","value":0}""", "Ç1" },
        // Dates by time; a day is all of its times.
        { """{"field":"Sent","op":"is","value":"2020-01-05"}""", "A1 a2" },
        { """{"field":"Sent","op":"is","value":"2020-01-05T00:00"}""", "A1" },
        { """{"field":"Sent","op":"greater","value":"2020-01-05"}""", "B1" },
        { """{"field":"Sent","op":"greater","value":"2020-01-05 00:00:00"}""", "a2 B1" },
        { """{"field":"Sent","op":"at-most","value":"2020-01-05"}""", "A1 a2" },
        { """{"field":"Sent","op":"between","values":["2020-01-05","2020-01-06"]}""", "A1 a2 B1" },
        { """{"field":"Sent","op":"less","value":"2020-01-06"}""", "A1 a2" },
        // Yes/no.
        { """{"field":"Hot","op":"is","value":true}""", "A1" },
        { """{"field":"Hot","op":"is","value":"no"}""", "a2" },
        { """{"field":"Hot","op":"is-not","value":true}""", "a2 B1 b10 Ç1 É'\"" },
        // Several choices: it is one of them, or the parent of one.
        { """{"field":"Issues","op":"is","value":"LAW"}""", "A1 a2" },
        { """{"field":"Issues","op":"contains","value":"law\\tax"}""", "A1" },
        { """{"field":"Issues","op":"any-of","values":["lawn","Law\\Labor"]}""", "a2 B1" },
        { """{"field":"Issues","op":"is-not","value":"Law"}""", "B1 b10 Ç1 É'\"" },
        // Folders and productions.
        { """{"op":"in-folder","value":"ACME"}""", "A1 a2 Ç1" },
        { """{"op":"in-folder","value":"Acme","subfolders":false}""", "a2" },
        { """{"op":"in-folder","value":"Acme\\mail"}""", "A1 Ç1" },
        { """{"op":"in-folder","value":""}""", "A1 a2 B1 b10 Ç1 É'\"" },
        { """{"op":"in-folder","value":"","subfolders":false}""", "b10 É'\"" },
        { """{"op":"in-folder","value":"None"}""", "" },
        { """{"op":"in-production","value":"vol1"}""", "A1" },
        { """{"not":{"op":"in-production","value":"PROD Ä"}}""", "A1 a2 b10 Ç1 É'\"" },
        // A text that is kept as a file is looked into.
        { """{"field":"Body","op":"contains","value":"NEEDLE Ä"}""", "a2 B1" },
        { """{"field":"Body","op":"contains","value":"nothing"}""", "" },
        { """{"field":"Body","op":"starts-with","value":"XXXX"}""", "a2" },
        { """{"field":"Body","op":"is","value":"needle ä"}""", "B1" },
        { """{"field":"Body","op":"is-set"}""", "A1 a2 B1 É'\"" },
        { """{"not":{"field":"Body","op":"contains","value":"needle"}}""", "A1 b10 Ç1 É'\"" },
        { """{"or":[{"field":"Body","op":"contains","value":"nothing"},{"field":"Pages","op":"is","value":9}]}""", "a2" },
        { """{"and":[{"field":"Body","op":"contains","value":"xN"},{"not":{"field":"Body","op":"contains","value":"äz"}}]}""", "a2" },
        // And, or, not.
        { """{"and":[]}""", "A1 a2 B1 b10 Ç1 É'\"" },
        { """{"or":[]}""", "" },
        { """{"and":[{"field":"Title","op":"is","value":"straße"},{"field":"Pages","op":"greater","value":5},{"op":"in-folder","value":"acme"}]}""", "A1" },
        { """{"not":{"or":[{"field":"Title","op":"is","value":"straße"},{"field":"Hot","op":"is","value":false},{"field":"Pages","op":"is-not-set"}]}}""", "B1 Ç1" },
        { """{"field":"Body","op":"contains","value":"'); DROP TABLE items; --"}""", "É'\"" },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A store that is ready for use, or a skipped test where there is no server.</summary>
    protected abstract ValueTask<IRecords> StoreAsync();

    /// <summary>Whether the store leaves out all that it can know of, without a caller's look at what it lists.</summary>
    protected virtual bool IsExact => true;

    /// <summary>How many random conditions are tried.</summary>
    protected virtual int RandomConditions => 150;

    /// <summary>How deep conditions stand in each other at most.</summary>
    protected virtual int RandomDepth => 3;

    [Fact]
    public async Task A_condition_finds_what_its_words_say()
    {
        var searched = await FilledAsync(Rows);
        foreach (var (condition, found) in Conditions.Select(c => (c.Data.Item1, c.Data.Item2)))
        {
            var query = SearchedCase.Query(JsonSerializer.Deserialize<Condition>(condition)!);
            var expected = found.Length == 0 ? [] : found.Split(' ');
            var answer = await searched.FindAsync(query);
            Assert.True(expected.SequenceEqual(answer), $"{condition} found {string.Join(' ', answer)}");
            Assert.Equal(expected.Order(), Rows.Where(r => Rules.Holds(JsonSerializer.Deserialize<Condition>(condition)!, r)).Select(r => r.Id).Order());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_conditions_find_what_the_rules_say(int seed)
    {
        var random = new RandomSearches(seed);
        var rows = random.Rows(60).ToList();
        var searched = await FilledAsync(rows);
        for (var i = 0; i < RandomConditions; i++)
        {
            var condition = random.Condition(RandomDepth);
            var query = SearchedCase.Query(condition);
            var shown = JsonSerializer.Serialize(condition);
            var expected = rows.Where(r => Rules.Holds(condition, r)).Select(r => r.Id).OrderBy(Identifier.Fold, Storage.Catalog.Utf8Order.Comparer).ToList();
            var found = await searched.FindAsync(query);
            Assert.True(expected.SequenceEqual(found), $"Seed {seed}, {i}: {shown} should find {string.Join(' ', expected)} and finds {string.Join(' ', found)}.");
            if (!IsExact) continue;
            // Nothing is handed out of which the store could have known that it is not meant.
            Assert.All(await searched.AnsweredAsync(query), record => Assert.NotEqual(Match.No, query.Test(record, (_, _) => null)));
        }
    }

    private async Task<SearchedCase> FilledAsync(IEnumerable<Row> rows)
    {
        var blobs = Blobs.Connect(azurite.ConnectionString, null);
        await blobs.EnsureAsync(Stop);
        var searched = new SearchedCase(await StoreAsync(), blobs);
        await searched.FillAsync(rows);
        return searched;
    }
}

public sealed class SqliteSearchTests(AzuriteServer azurite) : SearchContract(azurite), IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<IRecords> StoreAsync() => await _file.OpenAsync();

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

/// <summary>The same through indexes, which partitions of this size would not get by themselves.</summary>
public sealed class SqliteIndexedSearchTests(AzuriteServer azurite) : SearchContract(azurite), IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    protected override async ValueTask<IRecords> StoreAsync() => await _file.OpenAsync(indexFrom: 0);

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}

[Trait("Speed", "Slow")]
public class CosmosSearchTests(AzuriteServer azurite, CosmosStores stores) : SearchContract(azurite)
{
    // What the server makes of letters beyond ASCII is its own matter.
    protected override bool IsExact => false;

    // The server takes seconds to read a condition of some depth.
    protected override int RandomConditions => 4;

    protected override int RandomDepth => 2;

    protected override ValueTask<IRecords> StoreAsync() => stores.LocalAsync("searches");
}

public sealed class CosmosAccountSearchTests(AzuriteServer azurite, CosmosStores stores) : CosmosSearchTests(azurite, stores)
{
    private readonly CosmosStores _stores = stores;

    protected override int RandomConditions => 25;

    protected override int RandomDepth => 3;

    protected override ValueTask<IRecords> StoreAsync() => _stores.AccountAsync(bulk: false);
}
