using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace IntegrationPoints.Storage.Tests;

/// <summary>The tables of the storage emulator find by key what looking at every row would find (tools/DevStorage/tables-by-key.cjs).</summary>
public sealed class DevStorageTests(AzuriteServer azurite)
{
    private static readonly string[] Partitions = ["", "a", "a|", "A", "ä", "it's", "10", "9"];

    private static readonly string[] Rows = ["", "-", "0", "00", "9", "10", "B", "b", "b'", "b|", "b|c", "z", "é", "中"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<TableEntity, bool>> Conditions => new()
    {
        { "", _ => true },
        { "PartitionKey eq 'a'", row => row.PartitionKey == "a" },
        { "PartitionKey eq ''", row => row.PartitionKey == "" },
        { "PartitionKey eq 'it''s'", row => row.PartitionKey == "it's" },
        { "PartitionKey eq 'none'", _ => false },
        { "PartitionKey gt 'a'", row => After(row.PartitionKey, "a") },
        { "RowKey eq '10'", row => row.RowKey == "10" },
        { "PartitionKey eq 'a' and RowKey eq 'b'", row => row is { PartitionKey: "a", RowKey: "b" } },
        { "PartitionKey eq 'a' and RowKey gt 'b'", row => row.PartitionKey == "a" && After(row.RowKey, "b") },
        { "PartitionKey eq 'a' and RowKey ge 'b' and RowKey lt 'b|c'", row => row.PartitionKey == "a" && !After("b", row.RowKey) && After("b|c", row.RowKey) },
        { "RowKey le 'b' and (RowKey gt '0' and PartitionKey eq '10')", row => row.PartitionKey == "10" && After(row.RowKey, "0") && !After(row.RowKey, "b") },
        { "PartitionKey eq 'a' and (RowKey eq '0' or RowKey eq 'z')", row => row is { PartitionKey: "a", RowKey: "0" or "z" } },
        { "PartitionKey eq 'a' or PartitionKey eq 'A'", row => row.PartitionKey is "a" or "A" },
        { "not (PartitionKey eq 'a')", row => row.PartitionKey != "a" },
        { "PartitionKey eq 'a' and PartitionKey eq 'A'", _ => false },
        { "PartitionKey eq 'a' and Number gt 5", row => row.PartitionKey == "a" && row.GetInt32("Number") > 5 },
        { "PartitionKey eq 'a' and RowKey gt 'z' and RowKey lt 'b'", _ => false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task A_condition_finds_the_rows_that_meet_it_in_the_order_of_keys_page_by_page(string condition, Func<TableEntity, bool> meets)
    {
        var table = await NewTableAsync();
        var number = 0;
        var all = Partitions.SelectMany(partition => Rows.Select(row => new TableEntity(partition, row) { ["Number"] = number++ % 9 })).ToList();
        // Not in their order, and half of them in transactions.
        foreach (var row in all.Where(row => row.RowKey.Length != 1).Reverse()) await table.AddEntityAsync(row, Stop);
        foreach (var group in all.Where(row => row.RowKey.Length == 1).GroupBy(row => row.PartitionKey))
            await table.SubmitTransactionAsync(group.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertMerge, row)), Stop);
        var expected = all.Where(meets).OrderBy(row => row.PartitionKey, StringComparer.Ordinal).ThenBy(row => row.RowKey, StringComparer.Ordinal).Select(Text).ToList();
        foreach (var pageSize in (int?[])[null, 1, 3])
        {
            var found = await table.QueryAsync<TableEntity>(condition, pageSize, cancellationToken: Stop).Select(Text).ToListAsync(Stop);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task A_row_that_was_changed_or_removed_is_found_as_it_is_now_also_after_a_transaction_that_failed()
    {
        var table = await NewTableAsync();
        foreach (var row in Rows) await table.AddEntityAsync(new TableEntity("p", row) { ["Number"] = 1, ["Kept"] = "k" }, Stop);
        await table.UpdateEntityAsync(new TableEntity("p", "b") { ["Number"] = 2 }, ETag.All, TableUpdateMode.Merge, Stop);
        await table.UpdateEntityAsync(new TableEntity("p", "z") { ["Number"] = 3 }, ETag.All, TableUpdateMode.Replace, Stop);
        await table.DeleteEntityAsync("p", "10", cancellationToken: Stop);
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "b"), Stop))).Status);
        TableTransactionAction[] failing =
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "new")),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "9") { ["Number"] = 9 }, ETag.All),
            new(TableTransactionActionType.Delete, new TableEntity("p", "0"), ETag.All),
            new(TableTransactionActionType.Add, new TableEntity("p", "b")),
        ];
        Assert.Equal(409, (await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(failing, Stop))).Status);

        var found = await table.QueryAsync<TableEntity>("PartitionKey eq 'p'", cancellationToken: Stop).ToListAsync(Stop);
        Assert.Equal(Rows.Where(row => row != "10").Order(StringComparer.Ordinal), found.Select(row => row.RowKey));
        foreach (var row in found)
        {
            Assert.Equal((row.RowKey switch { "b" => 2, "z" => 3, _ => 1 }, row.RowKey == "z" ? null : "k"), (row.GetInt32("Number"), row.GetString("Kept")));
            Assert.Equal(row.ETag, (await table.GetEntityAsync<TableEntity>("p", row.RowKey, cancellationToken: Stop)).Value.ETag);
        }
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "10", cancellationToken: Stop)).HasValue);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "new", cancellationToken: Stop)).HasValue);
    }

    [Fact]
    public async Task More_rows_than_one_answer_holds_come_in_several_and_again_after_the_emulator_started_anew()
    {
        var folder = Directory.CreateTempSubdirectory("dev-storage-");
        try
        {
            await using (var first = await AzuriteServer.StartAsync(folder.FullName))
            {
                var table = await NewTableAsync(first.ConnectionString, "Kept");
                foreach (var rows in Enumerable.Range(0, 1100).Select(n => new TableEntity("p", n.ToString("d6", CultureInfo.InvariantCulture))).Chunk(100))
                    await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), Stop);
            }
            await using var second = await AzuriteServer.StartAsync(folder.FullName);
            var kept = new TableServiceClient(second.ConnectionString).GetTableClient("Kept");
            await kept.DeleteEntityAsync("p", "000007", cancellationToken: Stop);
            var found = await kept.QueryAsync<TableEntity>("PartitionKey eq 'p' and RowKey ge '000005'", cancellationToken: Stop).Select(row => row.RowKey).ToListAsync(Stop);
            Assert.Equal(Enumerable.Range(5, 1095).Where(n => n != 7).Select(n => n.ToString("d6", CultureInfo.InvariantCulture)), found);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<TableClient> NewTableAsync() => NewTableAsync(azurite.ConnectionString, $"T{Guid.NewGuid():n}");

    private static async Task<TableClient> NewTableAsync(string connectionString, string name)
    {
        var table = new TableServiceClient(connectionString).GetTableClient(name);
        await table.CreateIfNotExistsAsync(Stop);
        return table;
    }

    private static bool After(string text, string other) => string.CompareOrdinal(text, other) > 0;

    private static string Text(TableEntity row) => $"{row.PartitionKey}/{row.RowKey}/{row.GetInt32("Number")}";
}
