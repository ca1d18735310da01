using System.Globalization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>The order of exported documents: the sort of the view or search, then the identifier; a production by its Bates numbers.</summary>
public sealed class DocumentOrderTests(Stores stores) : IClassFixture<Stores>
{
    public static TheoryData<FieldType, object?[], string> Sorts => new()
    {
        // Text without regard to case, by the numbers of its characters; equal ones by identifier; blank ones last.
        { FieldType.FixedLengthText, ["b", "A", "a", null, "B2", "10", "2", "é"], "F G B C A E H D" },
        { FieldType.SingleChoice, ["x", "x\\y", "X\\a"], "A C B" },
        // One text that another begins with comes first.
        { FieldType.User, ["ab", "abc", "a", "a b", "a\u0001"], "C E D A B" },
        { FieldType.WholeNumber, [10, 9, -1, null, int.MinValue, int.MaxValue, 0, -10], "E H C G B A F D" },
        // As numbers, not as text: 28 digits, and zeros at the end do not count.
        {
            FieldType.Decimal,
            ["10", "9.5", "-1", "-1.5", "0", "0.0000000000000000000000000001", "9.50", "-10", null, "9999999999999999999999999999", "-0.5", "100.25"],
            "H D C K E F B G A L J I"
        },
        { FieldType.Currency, ["2.10", "2.1", "2.09"], "C A B" },
        { FieldType.Date, ["2021-03-04T05:06:07", "1999-12-31T23:59:59", null, "2021-03-04T00:00:00"], "B D A C" },
        { FieldType.YesNo, [true, false, null, true], "B A D C" },
    };

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Documents_come_in_the_order_of_a_field(FieldType type, object?[] values, string expected)
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var field = await workspace.FieldAsync("Sorted", type);
        // The first document is A, the second B: the order in which values are written here.
        await workspace.AddAsync(values.Select((value, i) => DocumentWorkspace.Document(((char)('A' + i)).ToString(), null, value is null ? [] : [(field, value)])));

        Assert.Equal(expected.Split(' '), await workspace.RunAsync(change: By((field, false))));
        Assert.Equal(Descending(expected.Split(' '), values), await workspace.RunAsync(change: By((field, true))));
    }

    // Descending: the other way round, but equal values still by identifier and blank ones last (SortColumn).
    private static IEnumerable<string> Descending(string[] ascending, object?[] values)
    {
        var groups = ascending.GroupBy(id => values[id[0] - 'A'] switch
        {
            string text when decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) => number.ToString("0.############################", CultureInfo.InvariantCulture),
            string text => text.ToUpperInvariant(),
            var value => value?.ToString(),
        }).ToList();
        return groups.Where(g => g.Key is not null).Reverse().Concat(groups.Where(g => g.Key is null)).SelectMany(g => g);
    }

    [Fact]
    public async Task Several_fields_sort_one_after_the_other()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var (kind, pages) = (await workspace.FieldAsync("Kind", FieldType.FixedLengthText), await workspace.FieldAsync("Pages", FieldType.WholeNumber));
        await workspace.AddAsync(
            [
                DocumentWorkspace.Document("A", null, (kind, "mail"), (pages, 1)), DocumentWorkspace.Document("B", null, (kind, "Mail"), (pages, 10)),
                DocumentWorkspace.Document("C", null, (kind, "mail")), DocumentWorkspace.Document("D", null, (pages, 5)), DocumentWorkspace.Document("E", null, (kind, "deed"), (pages, 7)),
            ]);

        Assert.Equal(["E", "B", "A", "C", "D"], await workspace.RunAsync(change: By((kind, false), (pages, true))));
    }

    [Fact]
    public async Task The_identifier_can_be_sorted_by_as_well()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        await workspace.AddAsync("A", "b", "C");

        Assert.Equal(["C", "b", "A"], await workspace.RunAsync(change: s => s with { Sort = [new SelectedSort(s.IdentifierField, FieldType.FixedLengthText, true)] }));
    }

    [Fact]
    public async Task Twenty_thousand_documents_are_sorted_in_small_runs_on_disk()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var field = await workspace.FieldAsync("Amount", FieldType.Decimal);
        // 7,919 is prime: every document has another number, and numbers of equal amounts lie far apart.
        var documents = Enumerable.Range(0, 20_000).Select(i => (Id: $"DOC-{i}", Amount: i * 7919L % 5000)).ToList();
        await workspace.AddAsync(documents.Select(d => DocumentWorkspace.Document(d.Id, null, (field, d.Amount.ToString(CultureInfo.InvariantCulture)))));

        var expected = documents.OrderByDescending(d => d.Amount).ThenBy(d => d.Id, StringComparer.Ordinal).Select(d => d.Id).Skip(123);
        var settings = new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders, StartAtRecord = 124 };
        Assert.Equal(expected, await workspace.RunAsync(settings, change: By((field, true)), runLines: 700));
    }

    // Bates numbers of one prefix count up: 999 comes before 1000, however many zeros there are.
    [Fact]
    public async Task A_production_is_read_in_the_order_of_its_first_Bates_numbers()
    {
        var workspace = await DocumentWorkspace.NewAsync(stores);
        var (produced, other) = (await workspace.ProductionAsync("Volume 1"), await workspace.ProductionAsync("Volume 2"));
        var numbers = new[] { "ABC1000", "ABC999", "abc0001001", "AB0002", "ABC1001.0002", "ABC1002", "XYZ", "ABC99999999999999999999999", "1", "ABC-5" };
        for (var i = 0; i < numbers.Length; i++)
        {
            var document = await workspace.WithImagesAsync(DocumentWorkspace.Document($"D{i}"), produced.Id, DocumentWorkspace.Page(numbers[i]), DocumentWorkspace.Page("ZZZ" + i));
            await workspace.AddAsync([await workspace.WithImagesAsync(document, other.Id, DocumentWorkspace.Page($"OTHER{9 - i}"))]);
        }
        await workspace.AddAsync([await workspace.WithImagesAsync(DocumentWorkspace.Document("D90"), other.Id, DocumentWorkspace.Page("OTHER90")), DocumentWorkspace.Document("D91")]);
        var settings = new WorkspaceSettings { Part = WorkspacePart.Production, Production = "volume 1" };

        Assert.Equal(["D8", "D3", "D9", "D1", "D0", "D2", "D4", "D5", "D7", "D6"], await workspace.RunAsync(settings));
        Assert.Equal(["D7", "D6"], await workspace.RunAsync(settings with { StartAtRecord = 9 }, runLines: 2));
    }

    private static Func<SelectedDocuments, SelectedDocuments> By(params (Field Field, bool Descending)[] fields)
        => selection => selection with { Sort = [.. fields.Select(f => new SelectedSort(f.Field.Id, f.Field.Type, f.Descending))] };
}
