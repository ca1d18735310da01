using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Statistics;

namespace IntegrationPoints.Engine.Tests.Statistics;

/// <summary>What statistics count of records.</summary>
public sealed class StatisticsCountsTests
{
    private static readonly SourceFile Missing = new("gone") { Problem = new("missing-file", "") };
    private static readonly SourceFile Refused = new(@"D:\x") { Problem = new("path-absolute", "") };

    public static TheoryData<string, SourceRecord, StatisticsCounts> Records => new()
    {
        { "a native", Native(File("a", 10)), new() { Documents = 1, Natives = new() { Referenced = 1, Found = 1, Bytes = 10 }, Images = new() } },
        { "an empty native", Native(File("a", 0)), new() { Documents = 1, Natives = new() { Referenced = 1, Found = 1, Empty = 1 }, Images = new() } },
        { "a native that is not there", Native(Missing), new() { Documents = 1, Natives = new() { Referenced = 1, Missing = 1 }, Images = new() } },
        { "a native on a drive", Native(Refused), new() { Documents = 1, Natives = new() { Referenced = 1, Refused = 1 }, Images = new() } },
        { "no native", Row(), new() { Documents = 1, Natives = new(), Images = new() } },
        { "a file of another field", Row() with { Files = new Dictionary<int, SourceFile> { [3] = File("t", 7) } }, new() { Documents = 1, Natives = new(), Images = new() } },
        { "a row that cannot be read", Native(File("a", 10)) with { Problem = new("column-count", "") }, new() { Unreadable = 1, Natives = new(), Images = new() } },
        { "images", Pages(File("1", 10), File("2", 20)), new() { Documents = 1, Natives = new(), Images = new() { Referenced = 2, Found = 2, Bytes = 30 } } },
        {
            "pages of one file: its bytes are there once", Pages(File("1", 10), File("1", 10), File("2", 5)),
            new() { Documents = 1, Natives = new(), Images = new() { Referenced = 3, Found = 3, Bytes = 15 } }
        },
        {
            "images that are not there, not named, not reachable", Pages(Missing, null, Refused, File("1", 10)),
            new() { Documents = 1, Natives = new(), Images = new() { Referenced = 4, Found = 1, Missing = 2, Refused = 1, Bytes = 10 } }
        },
    };

    [Theory, MemberData(nameof(Records))]
    public void A_record_counts(string what, SourceRecord record, StatisticsCounts expected)
    {
        Assert.NotEmpty(what);
        Assert.Equal(expected, new StatisticsCounts { Natives = new(), Images = new() }.With(record, nativeField: 1));
    }

    [Fact]
    public void What_an_integration_point_does_not_transfer_is_not_counted()
        => Assert.Equal(new StatisticsCounts { Documents = 2 }, new StatisticsCounts().With(Native(File("a", 10)), null).With(Pages(File("1", 10)), null));

    [Fact]
    public void Counts_are_added_up()
    {
        var natives = new StatisticsCounts { Documents = 2, Unreadable = 1, Natives = new ReferenceCounts { Referenced = 2, Found = 1, Missing = 1, Bytes = 10 } };
        Assert.Equal(natives, new StatisticsCounts().Plus(natives));
        Assert.Equal(
            new StatisticsCounts { Documents = 4, Unreadable = 2, Natives = new ReferenceCounts { Referenced = 4, Found = 2, Missing = 2, Bytes = 20 } }, natives.Plus(natives));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("native path", 1)]
    public void Natives_are_those_of_the_integration_points_column(string? column, int? expected) => Assert.Equal(expected, Source(column).NativeField());

    [Fact]
    public void A_column_that_is_not_there_is_named()
    {
        var problem = Assert.Throws<ConfigurationException>(() => Source("Natives").NativeField()).Problem;
        Assert.Equal("column-missing", problem.Code);
        Assert.Contains("\"Natives\"", problem.Message, StringComparison.Ordinal);
    }

    private static StatisticsSource Source(string? nativeColumn) => new(
        new Job
        {
            Id = "j",
            Point = new IntegrationPoint
            {
                Id = "p",
                Name = "P",
                Workspace = "w",
                Source = new ProviderSettings("load-file", default),
                Import = new ImportSettings { NativeColumn = nativeColumn },
            },
            Trigger = "statistics",
            StartedBy = "tester",
            StartedUtc = DateTimeOffset.UnixEpoch,
        },
        new SourceLayout { Name = "docs.dat", Fields = [new SourceField("Control Number"), new SourceField("Native Path")] });

    private static SourceRecord Row() => new() { Line = 2, Cells = ["A", ""] };

    private static SourceRecord Native(SourceFile file) => Row() with { Files = new Dictionary<int, SourceFile> { [1] = file } };

    private static SourceRecord Pages(params SourceFile?[] files) => Row() with { Pages = [.. files.Select((f, i) => new SourcePage($"P{i}", i) { File = f })] };

    private static SourceFile File(string name, long bytes) => new(name) { Name = name, Blob = name, Bytes = bytes };
}
