using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

/// <summary>What is said of a mapping when it is saved (guide 4.2.3): everything at once, each with the pair concerned.</summary>
public sealed class MappingRulesTests
{
    private static readonly Field[] Fields =
    [
        Fixtures.ControlNumber, Fixtures.Field(FieldType.LongText, "Title"), Fixtures.Field(FieldType.FixedLengthText, "Author", 40), Fixtures.Field(FieldType.Date, "Sent"),
        Fixtures.Field(FieldType.LongText, "Custodian"),
    ];

    [Theory]
    [InlineData("Id=Control Number|T=Title", "", "")]
    // Unknown fields, of either side; of the source's where they are known
    [InlineData("Id=Control Number|T=Titel|S=Send", "", "field-not-found mapping[1].destination Titel|field-not-found mapping[2].destination Send")]
    [InlineData("Id=Control Number|T=Title|A=Author", "ID|T|B", "column-missing mapping[2].source A")]
    // The identifier is missing
    [InlineData("T=Title", "", "identifier-not-mapped mapping Control Number")]
    [InlineData("T=Titel", "", "field-not-found mapping[0].destination Titel|identifier-not-mapped mapping Control Number")]
    public void Unknown_fields_and_a_missing_identifier(string mapping, string columns, string expected)
        => Assert.Equal(expected, Errors(Point(mapping), new MappedSides(Fixtures.Document, Fields) { Columns = Split(columns) }));

    [Fact]
    public void The_field_that_names_records_goes_to_the_identifier()
    {
        var named = Point("Id=Title|X=Control Number");
        named = named with { Import = named.Import with { IdentifierColumn = "id" } };
        Assert.Equal("identifier-mapped-twice mapping[1].source X|identifier-not-to-identifier mapping[0].destination Title", Errors(named));
        // What names the records needs no pair of its own.
        Assert.Equal("", Errors(named with { Mapping = [new FieldMapping("T", "Title")] }));
        Assert.Equal("", Errors(named with { Mapping = [new FieldMapping("ID", "Control Number")] }));
    }

    [Fact]
    public void A_column_that_is_set_and_not_there_is_named_with_its_setting()
    {
        var point = Point("Id=Control Number");
        point = point with { Import = point.Import with { IdentifierColumn = "Nr", NativeColumn = "Path", FolderColumn = "id" } };
        Assert.Contains("identifier-column-missing import.identifierColumn Nr|column-missing import.nativeColumn Path", Errors(point, new MappedSides(Fixtures.Document, Fields) { Columns = ["Id"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_that_are_found_by_another_field_and_not_made_need_no_identifier()
    {
        var overlay = Point("A=Author|T=Title");
        overlay = overlay with { Import = overlay.Import with { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Author" } };
        Assert.Equal("", Errors(overlay));
        Assert.Equal("identifier-not-mapped mapping Control Number", Errors(overlay with { Import = overlay.Import with { OverlayField = "control number" } }));
    }

    [Theory]
    // Guide 4.2.3, 6.2.3: the types of both sides are told
    [InlineData(FieldType.Decimal, null, "Title", "incompatible-types")]
    [InlineData(FieldType.WholeNumber, null, "Sent", "incompatible-types")]
    [InlineData(FieldType.FixedLengthText, 41, "Author", "length-too-short")]
    [InlineData(FieldType.LongText, null, "Author", "length-too-short")]
    [InlineData(FieldType.YesNo, null, "Title", "incompatible-types")]
    [InlineData(FieldType.Date, null, "Author", "incompatible-types")]
    [InlineData(FieldType.FixedLengthText, 40, "Author", "")]
    [InlineData(FieldType.FixedLengthText, 400, "Title", "")]
    [InlineData(null, null, "Sent", "")]
    public void Types_and_lengths_that_may_not_fit_are_told_and_refuse_nothing(FieldType? type, int? length, string destination, string expected)
    {
        var point = Point("Id=Control Number");
        point = point with { Mapping = [.. point.Mapping, new FieldMapping("S", destination) { SourceType = type, SourceLength = length }] };
        var problems = MappingRules.Check(point, new MappedSides(Fixtures.Document, Fields));
        Assert.Equal(expected.Length == 0 ? "" : $"{expected} mapping[1].destination {destination}", Text(problems));
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
        if (expected == "incompatible-types") Assert.Contains(type!.Value.InWords(), problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_source_is_known_to_hold_counts_where_a_pair_does_not_say_it()
    {
        var sides = new MappedSides(Fixtures.Document, Fields) { Typed = [new SourceField("Enabled", Type: FieldType.YesNo), new SourceField("Created", Type: FieldType.Date)] };
        Assert.Equal("incompatible-types mapping[1].destination Sent", Text(MappingRules.Check(Point("Id=Control Number|enabled=Sent"), sides)));
        Assert.Equal("", Text(MappingRules.Check(Point("Id=Control Number|created=Sent|Else=Author"), sides)));
        var said = Point("Id=Control Number") with { Mapping = [new FieldMapping("Id", "Control Number"), new FieldMapping("Created", "Sent") { SourceType = FieldType.Decimal }] };
        Assert.Contains("of the type decimal", Assert.Single(MappingRules.Check(said, sides)).Message, StringComparison.Ordinal);
        // No record is rejected for what text takes.
        Assert.Contains("kept as text", Assert.Single(MappingRules.Check(Point("Id=Control Number|Created=Title"), sides)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OverwriteMode.AppendOnly, ProblemSeverity.Error, "required-field-not-mapped mapping Custodian")]
    [InlineData(OverwriteMode.AppendOverlay, ProblemSeverity.Warning, "required-field-not-mapped mapping Custodian")]
    [InlineData(OverwriteMode.OverlayOnly, null, "")]
    public void A_field_that_must_have_a_value_is_mapped_where_records_are_made(OverwriteMode overwrite, ProblemSeverity? severity, string expected)
    {
        var point = Point("Id=Control Number|T=Title");
        point = point with { Import = point.Import with { Overwrite = overwrite } };
        var problems = MappingRules.Check(point, Required);
        Assert.Equal(expected, Text(problems));
        if (severity is { } wanted) Assert.Equal(wanted, Assert.Single(problems).Severity);
    }

    [Theory]
    // With all fields mapped by name it shows only where the names are known
    [InlineData("", "")]
    [InlineData("Id|Title", "required-field-not-mapped mapping Custodian")]
    [InlineData("Id|custodian", "")]
    [InlineData("Id|Cust_Name", "")]
    // The first names the records, and is no other field
    [InlineData("Custodian|Title", "required-field-not-mapped mapping Custodian")]
    public void What_is_mapped_by_name_counts_as_mapped(string columns, string expected) => Assert.Equal(
        expected, Errors(Point("") with { MapAllFields = true }, Required with { Columns = Split(columns), Synonyms = new Synonyms([new CatalogEntry("Custodian", ["Cust_Name"])]) }));

    [Fact]
    public void Entity_needs_first_and_last_name()
    {
        Field[] fields = [Fixtures.ControlNumber with { Name = "Full Name" }, Fixtures.Field(FieldType.FixedLengthText, "First Name", 100), Fixtures.Field(FieldType.FixedLengthText, "Last Name", 100)];
        var type = new ObjectType { Name = ObjectType.Entity, IdentifierField = fields[0].Id };
        var point = Point("N=Full Name|F=First Name") with { ObjectType = ObjectType.Entity };
        Assert.Equal("field-not-mapped mapping Last Name", Errors(point, new MappedSides(type, fields)));
        // Without a full name it is made of the two.
        Assert.Equal("", Errors(point with { Mapping = [point.Mapping[1], new FieldMapping("L", "Last Name")] }, new MappedSides(type, fields)));
        // The first column of a file is a name like the others.
        Assert.Equal("", Errors(point with { Mapping = [], MapAllFields = true }, new MappedSides(type, fields) { Columns = ["First Name", "Last Name"] }));
    }

    [Theory]
    // What tells entities apart is a field of text, is there, and is mapped (guide 6.2.3)
    [InlineData("E=Unique ID|F=First Name|L=Last Name", "Unique ID", "")]
    [InlineData("F=First Name|L=Last Name", "unique id", "unique-identifier-not-mapped import.uniqueIdentifier Unique ID")]
    [InlineData("F=First Name|L=Last Name", "Badge", "field-not-found import.uniqueIdentifier Badge")]
    [InlineData("F=First Name|L=Last Name|M=Manager", "Manager", "unique-identifier-type import.uniqueIdentifier Manager")]
    [InlineData("F=First Name", "Badge", "field-not-found import.uniqueIdentifier Badge|field-not-mapped mapping Last Name")]
    public void The_unique_identifier_of_entities_is_there_and_mapped(string mapping, string unique, string expected)
    {
        Field[] fields = [Fixtures.ControlNumber with { Name = "Full Name" }, .. EntityFields.Standard];
        var point = Point(mapping) with { ObjectType = ObjectType.Entity };
        point = point with { Import = point.Import with { UniqueIdentifier = unique } };
        var sides = new MappedSides(new ObjectType { Name = ObjectType.Entity, IdentifierField = fields[0].Id }, fields);
        Assert.Equal(expected, Errors(point, sides));
        if (!expected.StartsWith("field-not-found", StringComparison.Ordinal) || mapping == "F=First Name") return;
        Assert.Equal("", Errors(point, sides with { ImportBefore = point.Import }));
    }

    [Theory]
    [InlineData("Id=Control Number|A=Author", "author", "")]
    [InlineData("Id=Control Number", "Control Number", "")]
    [InlineData("Id=Control Number", "Autor", "field-not-found import.overlayField Autor")]
    [InlineData("Id=Control Number", "Author", "overlay-field-not-mapped import.overlayField Author")]
    public void An_overlay_field_that_is_not_there_or_not_mapped_is_told(string mapping, string overlayField, string expected)
    {
        var point = Point(mapping);
        point = point with { Import = point.Import with { Overwrite = OverwriteMode.AppendOverlay, OverlayField = overlayField } };
        var problems = MappingRules.Check(point, new MappedSides(Fixtures.Document, Fields));
        Assert.Equal(expected, Text(problems));
        Assert.All(problems, p => Assert.Equal(ProblemSeverity.Warning, p.Severity));
    }

    [Fact]
    public void A_unique_identifier_is_for_entities()
    {
        var point = Point("Id=Control Number");
        Assert.Equal("unique-identifier-unused import.uniqueIdentifier Author", Errors(point with { Import = point.Import with { UniqueIdentifier = "Author" } }));
    }

    [Fact]
    public void Fields_that_the_import_makes_need_not_be_there()
    {
        var point = Point("Id=DOCID|T=New");
        Assert.Equal("", Errors(point with { Import = point.Import with { CreateFields = new FieldSchema() } }));
    }

    [Fact]
    public void What_was_saved_before_and_is_gone_keeps_nobody_from_saving_something_else()
    {
        var point = Point("Id=Control Number|T=Gone");
        var problems = MappingRules.Check(point, new MappedSides(Fixtures.Document, Fields) { Before = point.Mapping });
        Assert.Equal(("field-not-found mapping[1].destination Gone", ProblemSeverity.Warning), (Text(problems), Assert.Single(problems).Severity));
    }

    [Fact]
    public void While_pairs_of_a_profile_are_still_to_be_mapped_what_is_missing_is_told_only()
    {
        var problems = MappingRules.Check(Point("T=Title") with { Unmapped = [new FieldMapping("Id", "DOCID")] }, new MappedSides(Fixtures.Document, Fields));
        Assert.Equal(("identifier-not-mapped mapping Control Number", ProblemSeverity.Warning), (Text(problems), Assert.Single(problems).Severity));
    }

    [Fact]
    public void A_header_of_a_hundred_thousand_columns_is_checked_at_once()
    {
        var names = Enumerable.Range(0, 100_000).Select(n => $"Column {n}").ToArray();
        var point = Point("") with { Mapping = [.. names.Select(n => new FieldMapping(n, n))] };
        Assert.Equal(100_001, MappingRules.Check(point, new MappedSides(Fixtures.Document, Fields) { Columns = names }).Count);
    }

    private static MappedSides Required => new(Fixtures.Document, [.. Fields[..^1], Fields[^1] with { Required = true }]);

    private static IntegrationPoint Point(string mapping) => TestPoint.Of() with
    {
        MapAllFields = false,
        Mapping = [.. Split(mapping).Select(pair => new FieldMapping(pair.Split('=')[0], pair.Split('=')[1]))],
    };

    private static string[] Split(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);

    private static string Errors(IntegrationPoint point) => Errors(point, new MappedSides(Fixtures.Document, Fields));

    private static string Errors(IntegrationPoint point, MappedSides sides) => Text(MappingRules.Check(point, sides).Where(p => p.Severity == ProblemSeverity.Error));

    private static string Text(IEnumerable<Problem> problems) => string.Join('|', problems.Select(p => $"{p.Code} {p.Field} {p.Name}"));
}
