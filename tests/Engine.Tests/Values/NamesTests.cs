using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Tests.Mapping;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Values;

/// <summary>Objects and users as cells name them, and what overlaying and mapping make of them.</summary>
public sealed class NamesTests
{
    private static readonly ObjectType Entity = new() { Name = "Entity", IdentifierField = Field.IdFor("Entity", "Full Name") };

    private static readonly Field[] EntityFields =
    [
        FieldPlan.NewField("Entity", "Full Name", FieldType.FixedLengthText, 255, []) with { Role = FieldRole.Identifier },
        FieldPlan.NewField("Entity", "First Name", FieldType.FixedLengthText, 100, []),
        FieldPlan.NewField("Entity", "Last Name", FieldType.FixedLengthText, 100, []),
        FieldPlan.NewField("Entity", "Unique ID", FieldType.FixedLengthText, 255, []),
        FieldPlan.NewField("Entity", "Manager", FieldType.SingleObject, null, []) with { AssociatedType = "Entity" },
    ];

    [Theory]
    // Trimmed, and never split (objects by name)
    [InlineData(FieldType.SingleObject, " Obj;1 ", "Obj;1")]
    [InlineData(FieldType.SingleObject, @"A\B", @"A\B")]
    [InlineData(FieldType.SingleObject, "  ", null)]
    [InlineData(FieldType.User, " jane.doe@x.com ", "jane.doe@x.com")]
    [InlineData(FieldType.User, "", null)]
    public void One_name_is_trimmed(FieldType type, string cell, string? expected) => Assert.Equal(expected, Fixtures.Convert(type, cell).Value);

    [Theory]
    // Several by the multi-value character; blanks left out; a name repeated in any case counts once, as it stood first
    [InlineData(" A ; ;B;", "A|B")]
    [InlineData("b;B;a;A", "a|b")]
    [InlineData(@"A\B;C", @"A\B|C")]
    [InlineData(";;", null)]
    public void Several_names_are_a_set(string cell, string? expected)
        => Assert.Equal(expected?.Split('|'), Fixtures.Convert(FieldType.MultipleObject, cell).Value as string[]);

    [Theory]
    [InlineData(FieldType.SingleObject, "a\nb", "invalid-identifier")]
    [InlineData(FieldType.MultipleObject, "ok;a\tb", "invalid-identifier")]
    [InlineData(FieldType.User, "a\0b", "invalid-identifier")]
    public void A_name_is_what_an_identifier_may_be(FieldType type, string cell, string code) => Assert.Equal(code, Fixtures.Convert(type, cell).Code);

    [Fact]
    public void A_name_longer_than_an_identifier_names_both_lengths()
    {
        var result = Fixtures.Convert(FieldType.MultipleObject, $"b;{new string('x', 256)}");
        Assert.Equal("text-too-long", result.Code);
        Assert.Contains("256", result.Reason, StringComparison.Ordinal);
        Assert.Contains("255", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    // Merge, Replace, Use Field Settings (guide, "Multi-Select Field Overlay Behavior"); blank empties, or keeps when the point says so
    [InlineData(MultiSelectOverlay.Merge, false, "b;C", @"A\x|B|C")]
    [InlineData(MultiSelectOverlay.Replace, false, "b;C", "C|b")]
    [InlineData(MultiSelectOverlay.UseFieldSettings, false, "b;C", "C|b")]
    [InlineData(MultiSelectOverlay.Merge, false, "", @"A\x|B")]
    [InlineData(MultiSelectOverlay.Replace, false, "", null)]
    [InlineData(MultiSelectOverlay.Replace, true, "", @"A\x|B")]
    public void Overlaid_objects_are_merged_or_replaced(MultiSelectOverlay behaviour, bool keep, string cell, string? expected)
    {
        var field = Fixtures.Field(FieldType.MultipleObject, "Parties") with { AssociatedType = "Person" };
        var rules = new Overlay(Fixtures.Document, [field], new ImportSettings { MultiSelect = behaviour, KeepOnBlank = keep });
        NewValues Row(object? value) => new()
        {
            Identifier = "A",
            Values = [new NewValue(field, value)],
            Stamp = new RecordStamp("job", 0, 1),
            WrittenUtc = DateTimeOffset.UnixEpoch,
        };
        var before = rules.New(Row(new[] { @"A\x", "B" })).Record!;

        var after = rules.Apply(before, Row(new ValueConverter(field, Fixtures.Settings()).Convert(cell).Value)).Record!;

        Assert.Equal(expected?.Split('|'), after.ValueOf(field.Id) as string[]);
        Assert.Equal(after.ValueOf(field.Id), RecordJson.Read(RecordJson.Write(after)).ValueOf(field.Id));
    }

    [Theory]
    // First and Last Name must be mapped, Full Name need not be (guide 4.2.3)
    [InlineData("Full Name,First Name,Last Name", "")]
    [InlineData("First Name,Last Name", "")]
    [InlineData("Email,First Name,Last Name,Unique ID", "")]
    [InlineData("Full Name,first_name,LAST NAME,Notes", "")]
    [InlineData("Full Name,First Name", "field-not-mapped Last Name")]
    [InlineData("Full Name", "field-not-mapped First Name,field-not-mapped Last Name")]
    // A field that names objects is mapped by hand only
    [InlineData("Full Name,First Name,Last Name,Manager", "")]
    public void Importing_into_Entity_needs_first_and_last_name(string columns, string problems)
    {
        var point = TestPoint.Of() with { ObjectType = "Entity" };
        var result = ResolvedMapping.Resolve(point, Entity, TestPoint.Columns(columns.Split(',')), EntityFields);
        Assert.Equal(problems, string.Join(',', result.Problems.Select(p => $"{p.Code} {p.Field}")));
    }

    [Fact]
    public void A_column_that_is_left_alone_because_its_field_names_objects_is_told()
    {
        var point = TestPoint.Of() with { ObjectType = "Entity" };
        var mapping = ResolvedMapping.Resolve(point, Entity, TestPoint.Columns("Full Name", "First Name", "Last Name", "Manager"), EntityFields).Mapping!;
        Assert.Equal(["Full Name", "First Name", "Last Name"], mapping.Fields.Select(f => f.Field.Name));
        var note = Assert.Single(mapping.Notes);
        Assert.Equal(("object-not-mapped", "Manager", ProblemSeverity.Warning), (note.Code, note.Field, note.Severity));
    }

    [Theory]
    // A format that would have no effect is a mistake
    [InlineData("Sent", "")]
    [InlineData("sent", "")]
    [InlineData("Title", "date-format-unused Title")]
    [InlineData("Sennt", "date-format-unused Sennt")]
    public void A_format_of_dates_belongs_to_a_date_field(string field, string problems)
    {
        var point = TestPoint.Of(new ImportSettings { DateFormats = new Dictionary<string, string> { [field] = "yyyy-MM-dd" } });
        var result = ResolvedMapping.Resolve(point, Fixtures.Document, TestPoint.Columns("Control Number", "Sent"),
            [Fixtures.ControlNumber, Fixtures.Field(FieldType.Date, "Sent"), TestPoint.Text("Title")]);
        Assert.Equal(problems, string.Join(',', result.Problems.Select(p => $"{p.Code} {p.Field}")));
    }

    [Theory]
    [InlineData(FieldType.SingleObject, null, false, "Person", "")]
    [InlineData(FieldType.MultipleObject, null, false, null, "associated-type-invalid")]
    [InlineData(FieldType.User, null, false, "Person", "associated-type-invalid")]
    [InlineData(FieldType.Decimal, 2, false, null, "")]
    [InlineData(FieldType.Currency, 0, false, null, "")]
    [InlineData(FieldType.Decimal, 29, false, null, "scale-invalid")]
    [InlineData(FieldType.Decimal, -1, false, null, "scale-invalid")]
    [InlineData(FieldType.LongText, 2, false, null, "scale-invalid")]
    [InlineData(FieldType.Date, null, true, null, "")]
    [InlineData(FieldType.LongText, null, true, null, "date-only-invalid")]
    public void Settings_go_with_types(FieldType type, int? scale, bool dateOnly, string? associated, string codes)
    {
        Assert.Equal(codes, string.Join(' ', FieldShape.Check(type, scale, dateOnly, associated).Select(p => p.Code)));
        var schema = new FieldSchema { Fields = [new SchemaField("F", type, Scale: scale, DateOnly: dateOnly, AssociatedType: associated)] };
        Assert.Equal(codes, string.Join(' ', PointRules.Check(TestPoint.Of(new ImportSettings { CreateFields = schema })).Select(p => p.Code)));
    }

    [Fact]
    public void A_made_field_has_the_settings_of_the_schema()
    {
        var schema = new FieldSchema
        {
            Fields =
            [
                new SchemaField("Fee", FieldType.Currency, Scale: 2), new SchemaField("Day", FieldType.Date, DateOnly: true),
                new SchemaField("Custodian", FieldType.SingleObject, AssociatedType: " Entity ", Required: true),
            ],
        };
        var plan = FieldPlan.Of(TestPoint.Of(new ImportSettings { CreateFields = schema }), Fixtures.Document,
            TestPoint.Columns("Control Number", "Fee", "Day", "Custodian", "relativity native time zone offset"), [Fixtures.ControlNumber], isFresh: true);
        Assert.Equal(
            [("Fee", 2, false, null, false), ("Day", null, true, null, false), ("Custodian", null, false, "Entity", true)],
            plan.Fields.Take(3).Select(f => (f.Name, f.Scale, f.DateOnly, f.AssociatedType, f.Required)));
        // Hours from GMT are a whole number (load-file specification, Fields 7)
        Assert.Equal((FieldType.WholeNumber, FieldRole.TimeZoneOffset), (plan.Fields[3].Type, plan.Fields[3].Role));
    }
}
