using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

public sealed class FieldMatcherTests
{
    [Theory]
    // Guide, "Map All Fields": matching names. The same, else in any case, else without blanks, _ and -
    [InlineData("Date Sent", "Date Sent", "Date Sent=Date Sent")]
    [InlineData("DATE SENT", "Date Sent", "DATE SENT=Date Sent")]
    [InlineData("Date_Sent", "Date Sent", "Date_Sent=Date Sent")]
    [InlineData("DATESENT", "date-sent", "DATESENT=date-sent")]
    [InlineData(" Subject ", "Subject", " Subject =Subject")]
    [InlineData("Last Saved\u00a0Date", "Last Saved Date", "Last Saved\u00a0Date=Last Saved Date")]
    [InlineData("Sent", "Received", "")]
    // The closer name wins
    [InlineData("DATE SENT|Date Sent", "Date Sent", "Date Sent=Date Sent")]
    [InlineData("DateSent|date sent", "Date Sent", "date sent=Date Sent")]
    // A name that fits more than one is left alone
    [InlineData("Date_Sent|Date-Sent", "Date Sent", "")]
    [InlineData("DateSent", "Date Sent|Date_Sent", "")]
    // Pairs come by name of the source
    [InlineData("C|B|A", "A|B|C", "A=A|B=B|C=C")]
    public void Fields_of_equal_name_are_paired(string columns, string fields, string expected)
        => Assert.Equal(expected, Pairs(FieldMatcher.Match(Columns(columns), Fields(fields))));

    [Fact]
    public void Identifiers_are_paired_whatever_their_names_and_come_first()
    {
        SourceField[] columns = [new("C"), new("Doc ID", IsIdentifier: true), new("A")];
        Field[] fields = [.. Fields("A|C"), Fixtures.ControlNumber];
        Assert.Equal("Doc ID=Control Number|A=A|C=C", Pairs(FieldMatcher.Match(columns, fields)));
        Assert.Equal("C=Control Number|A=A", Pairs(FieldMatcher.Match(columns, fields, "c")));
    }

    [Fact]
    public void A_pair_names_the_position_of_its_column()
        => Assert.Equal(1, Assert.Single(FieldMatcher.Match(Columns("X|Title"), Fields("Title"))).Column);

    [Theory]
    // The same type, or fixed-length text into fixed-length text that is no shorter, or into long text; text of load files fits everything
    [InlineData(null, null, FieldType.Date, null, true)]
    [InlineData(FieldType.Decimal, null, FieldType.Decimal, null, true)]
    [InlineData(FieldType.Decimal, null, FieldType.Currency, null, false)]
    [InlineData(FieldType.WholeNumber, null, FieldType.Decimal, null, false)]
    [InlineData(FieldType.FixedLengthText, 250, FieldType.LongText, null, true)]
    [InlineData(FieldType.FixedLengthText, 250, FieldType.FixedLengthText, 255, true)]
    [InlineData(FieldType.FixedLengthText, 255, FieldType.FixedLengthText, 255, true)]
    [InlineData(FieldType.FixedLengthText, 255, FieldType.FixedLengthText, 40, false)]
    [InlineData(FieldType.FixedLengthText, null, FieldType.FixedLengthText, 40, true)]
    [InlineData(FieldType.LongText, null, FieldType.FixedLengthText, 255, false)]
    [InlineData(FieldType.LongText, null, FieldType.LongText, null, true)]
    [InlineData(FieldType.SingleChoice, null, FieldType.MultipleChoice, null, false)]
    [InlineData(FieldType.SingleChoice, null, FieldType.LongText, null, false)]
    [InlineData(FieldType.Date, null, FieldType.LongText, null, false)]
    public void Types_must_fit(FieldType? source, int? sourceLength, FieldType field, int? length, bool expected)
    {
        var column = new SourceField("F", Type: source, Length: sourceLength);
        var destination = Fixtures.Field(field, "F", length);
        Assert.Equal(expected, FieldMatcher.AreCompatible(column, destination));
        Assert.Equal(expected ? 1 : 0, FieldMatcher.Match([column], [destination]).Count);
    }

    [Fact]
    public void A_header_of_a_hundred_thousand_columns_is_matched_at_once()
    {
        var names = Enumerable.Range(0, 100_000).Select(n => $"Column {n}").ToArray();
        var fields = names.Select((n, i) => new Field { Id = $"{i}", ObjectType = "Document", Name = n, Type = FieldType.LongText }).ToArray();
        Assert.Equal(100_000, FieldMatcher.Match([.. names.Select(n => new SourceField(n))], fields).Count);
    }

    private static SourceField[] Columns(string names) => [.. names.Split('|').Select(n => new SourceField(n))];

    private static Field[] Fields(string names) => [.. names.Split('|').Select(n => Fixtures.Field(FieldType.LongText, n))];

    private static string Pairs(IEnumerable<MappedField> pairs) => string.Join('|', pairs.Select(p => $"{p.ColumnName}={p.Field.Name}"));
}
