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
        Assert.Equal("C=Control Number|A=A", Pairs(FieldMatcher.Match(columns, fields, new MatchOptions { Identifier = "c" })));
    }

    [Fact]
    public void A_pair_names_the_position_of_its_column()
        => Assert.Equal(1, Assert.Single(FieldMatcher.Match(Columns("X|Title"), Fields("Title")).Pairs).Pair.Column);

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
        Assert.Equal(expected ? 1 : 0, FieldMatcher.Match([column], [destination]).Pairs.Count);
    }

    [Fact]
    public void A_header_of_a_hundred_thousand_columns_is_matched_at_once()
    {
        var names = Enumerable.Range(0, 100_000).Select(n => $"Column {n}").ToArray();
        var fields = names.Select((n, i) => new Field { Id = $"{i}", ObjectType = "Document", Name = n, Type = FieldType.LongText }).ToArray();
        Assert.Equal(100_000, FieldMatcher.Match([.. names.Select(n => new SourceField(n))], fields).Pairs.Count);
    }

    [Theory]
    // Guide 4.2.3: "tries to find name matches between these Catalog Fields, as well"
    [InlineData("Date Sent", "Date Sent", "exact Date Sent")]
    [InlineData("date_sent", "Date Sent", "similar Date Sent")]
    [InlineData("Cust_Name", "Custodian", "synonym Custodian")]
    [InlineData("CUST-NAME", "Custodian", "synonym Custodian")]
    [InlineData("Holder", "Cust Name", "synonym Cust Name")]
    // A closer name takes the field before a synonym can
    [InlineData("Cust_Name|CUSTODIAN", "Custodian", "similar Custodian")]
    [InlineData("Cust_Name|CUSTODIAN", "Custodian|Holder", "similar Custodian|synonym Holder")]
    // Each step only where it is unambiguous on both sides
    [InlineData("Cust_Name|Holder", "Custodian", "")]
    [InlineData("Cust_Name", "Custodian|Holder", "")]
    public void It_says_why_fields_are_a_pair(string columns, string fields, string expected)
    {
        var matches = FieldMatcher.Match(Columns(columns), Fields(fields), new MatchOptions { Synonyms = Catalog });
        Assert.Equal(expected, string.Join('|', matches.Pairs.Select(p => $"{p.Why.ToString().ToLowerInvariant()} {p.Pair.Field.Name}")));
    }

    [Fact]
    public void Identifiers_are_a_pair_for_that_reason_and_only_they_when_asked()
    {
        SourceField[] columns = [new("Title"), new("Doc ID", IsIdentifier: true)];
        Field[] fields = [.. Fields("Title"), Fixtures.ControlNumber];
        var matches = FieldMatcher.Match(columns, fields, new MatchOptions { OnlyIdentifiers = true });
        Assert.Equal((PairReason.Identifier, "Doc ID"), (Assert.Single(matches.Pairs).Why, matches.Pairs[0].Pair.ColumnName));
        Assert.Equal("Title only-identifiers", Left(matches.Columns));
        Assert.Equal("Title only-identifiers", Left(matches.Fields));
    }

    [Theory]
    // Guide 4.2.3: "except single/multiple object fields"
    [InlineData(FieldType.SingleObject)]
    [InlineData(FieldType.MultipleObject)]
    public void Fields_that_name_objects_are_never_mapped_by_themselves(FieldType type)
    {
        SourceField[] columns = [new("Custodian"), new("Owner", Type: type)];
        Field[] fields = [Fixtures.Field(type, "Custodian"), Fixtures.Field(type, "Owner")];
        var matches = FieldMatcher.Match(columns, fields);
        Assert.Empty(matches.Pairs);
        Assert.Equal("Custodian object-field|Owner object-field", Left(matches.Columns));
        Assert.Equal("Custodian object-field|Owner object-field", Left(matches.Fields));
    }

    [Theory]
    [InlineData("Other", "Title", "Other no-match", "Title no-match")]
    [InlineData("DateSent", "Date Sent|Date_Sent", "DateSent ambiguous", "Date Sent ambiguous|Date_Sent ambiguous")]
    [InlineData("Title|TITLE", "Title", "TITLE taken", "")]
    [InlineData("Title", "Title|TITLE", "", "TITLE taken")]
    [InlineData("Holder", "Custodian", "", "")]
    public void What_is_left_is_said_with_the_reason(string columns, string fields, string leftOfSource, string leftOfDestination)
    {
        var matches = FieldMatcher.Match(Columns(columns), Fields(fields), new MatchOptions { Synonyms = Catalog });
        Assert.Equal((leftOfSource, leftOfDestination), (Left(matches.Columns), Left(matches.Fields)));
    }

    [Fact]
    public void Types_that_do_not_fit_are_named_both()
    {
        var matches = FieldMatcher.Match([new("Sent", Type: FieldType.FixedLengthText, Length: 200)], [Fixtures.Field(FieldType.FixedLengthText, "Sent", 40)]);
        var left = Assert.Single(matches.Columns);
        Assert.Equal("incompatible-type", left.Code);
        Assert.Contains("fixed-length text of 200 characters", left.Reason, StringComparison.Ordinal);
        Assert.Contains("fixed-length text of 40 characters", left.Reason, StringComparison.Ordinal);
        Assert.Equal("incompatible-type", Assert.Single(matches.Fields).Code);
    }

    [Fact]
    public void An_identifier_without_a_partner_says_what_to_do()
        => Assert.Contains("Map one to it", Assert.Single(FieldMatcher.Match(Columns("X"), [Fixtures.ControlNumber]).Fields).Reason, StringComparison.Ordinal);

    private static readonly Synonyms Catalog = new([new CatalogEntry("Custodian", ["Cust_Name", "Holder"])]);

    private static string Left(IEnumerable<LeftField> left) => string.Join('|', left.Select(f => $"{f.Name} {f.Code}"));

    private static SourceField[] Columns(string names) => [.. names.Split('|').Select(n => new SourceField(n))];

    private static Field[] Fields(string names) => [.. names.Split('|').Select(n => Fixtures.Field(FieldType.LongText, n))];

    private static string Pairs(FieldMatches matches) => string.Join('|', matches.Pairs.Select(p => $"{p.Pair.ColumnName}={p.Pair.Field.Name}"));
}
