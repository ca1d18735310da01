using IntegrationPoints.Engine.Statistics;

namespace IntegrationPoints.Engine.Tests.Statistics;

/// <summary>Sizes of statistics (guide 6.5: base 1024, at most two decimals, no zeros at the end).</summary>
public sealed class SizeTextTests
{
    [Theory]
    [InlineData(0, "0 Bytes")]
    [InlineData(1, "1 Byte")]
    [InlineData(2, "2 Bytes")]
    [InlineData(1_023, "1023 Bytes")]
    [InlineData(1_024, "1 KB")]
    [InlineData(1_029, "1 KB")] // 1.0049
    [InlineData(1_030, "1.01 KB")] // 1.0059
    [InlineData(1_126, "1.1 KB")] // one decimal, no zero after it
    [InlineData(1_536, "1.5 KB")]
    [InlineData(10_240, "10 KB")] // the zero of a whole number stays
    [InlineData(1_048_570, "1023.99 KB")]
    [InlineData(1_048_571, "1 MB")] // rounded, 1024 KB
    [InlineData(1_048_575, "1 MB")]
    [InlineData(1_048_576, "1 MB")]
    [InlineData(2_684_355, "2.56 MB")] // the guide's example
    [InlineData(1_073_741_824, "1 GB")]
    [InlineData(1_099_511_627_776, "1 TB")]
    [InlineData(1_125_899_906_842_624, "1 PB")]
    [InlineData(long.MaxValue, "8 EB")]
    public void A_size_has_at_most_two_decimals_and_no_zeros_at_the_end(long bytes, string expected) => Assert.Equal(expected, SizeText.Of(bytes));

    [Theory]
    [InlineData(25, 2_684_355, "25 (2.56 MB)")] // the guide's example
    [InlineData(0, 0, "0 (0 Bytes)")]
    [InlineData(1_234_567, 1_536, "1234567 (1.5 KB)")]
    public void Files_are_shown_with_their_size(long files, long bytes, string expected) => Assert.Equal(expected, SizeText.Of(files, bytes));

    [Fact]
    public void The_culture_of_the_machine_does_not_matter()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new("de-DE");
            Assert.Equal("2.56 MB", SizeText.Of(2_684_355));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void Shared_cases()
    {
        var rows = SharedVectorsTests.Rows("sizes.json");
        foreach (var row in rows)
        {
            var bytes = row.GetProperty("bytes").GetInt64();
            Assert.Equal((SharedVectorsTests.Text(row, "expected"), SharedVectorsTests.Text(row, "display25")), (SizeText.Of(bytes), SizeText.Of(25, bytes)));
        }
        Assert.NotEmpty(rows);
    }
}
