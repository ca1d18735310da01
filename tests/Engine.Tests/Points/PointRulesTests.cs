using System.Text.Json;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Schedules;
using IntegrationPoints.Engine.Tests.Mapping;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Points;

public sealed class PointRulesTests
{
    [Fact]
    public void A_point_as_people_make_it_is_right() => Assert.Equal("", Codes(TestPoint.Of()));

    [Theory]
    // Names become folders of the staging area: no path, no control character
    [InlineData("Weekly production", null)]
    [InlineData("Müller & Co. (2nd) – 100%", null)]
    [InlineData("{255}", null)]
    [InlineData("", "name-missing")]
    [InlineData("  ", "name-missing")]
    [InlineData("{256}", "name-too-long")]
    [InlineData("Bad\\Name", "name-invalid")]
    [InlineData("Bad/Name", "name-invalid")]
    [InlineData("Bad?Name", "name-invalid")]
    [InlineData("Bad*Name", "name-invalid")]
    [InlineData("Bad:Name", "name-invalid")]
    [InlineData("Bad|Name", "name-invalid")]
    [InlineData("Bad<Name>", "name-invalid")]
    [InlineData("Bad\"Name", "name-invalid")]
    [InlineData("Bad\tName", "name-invalid")]
    [InlineData("Bad\nName", "name-invalid")]
    [InlineData("Bad\0Name", "name-invalid")]
    [InlineData("Bad\u202eName", "name-invalid")]
    [InlineData("Bad{D800}Name", "name-invalid")]
    [InlineData(" Name", "name-invalid")]
    [InlineData("Name ", "name-invalid")]
    [InlineData("Name.", "name-invalid")]
    [InlineData("..", "name-invalid")]
    public void A_name(string name, string? code)
    {
        name = name switch { "{255}" => new string('x', 255), "{256}" => new string('x', 256), _ => Fixtures.Broken(name) };
        Assert.Equal(code, PointRules.CheckName(name)?.Code);
        Assert.Equal(code is null ? "" : $"{code}:name", Codes(TestPoint.Of() with { Name = name }));
    }

    [Theory]
    // Any characters of the codes 1 to 255, all different
    [InlineData(59, 92, 174, "")]
    [InlineData(1, 255, 10, "")]
    [InlineData(0, 92, 174, "character-out-of-range:import.multiValue")]
    [InlineData(59, 256, 174, "character-out-of-range:import.nested")]
    [InlineData(59, 92, -1, "character-out-of-range:import.newline")]
    [InlineData(59, 59, 174, "characters-equal:import.nested")]
    [InlineData(59, 92, 59, "characters-equal:import.newline")]
    [InlineData(0, 0, 174, "character-out-of-range:import.multiValue|character-out-of-range:import.nested|characters-equal:import.nested")]
    public void The_characters(int multiValue, int nested, int newline, string expected)
        => Assert.Equal(expected, Codes(new ImportSettings { MultiValue = multiValue, Nested = nested, Newline = newline }));

    [Theory]
    [InlineData("en-US", "")]
    [InlineData("de-DE", "")]
    [InlineData("", "")]
    [InlineData("xx-YY", "unknown-culture:import.culture")]
    [InlineData("not a culture", "unknown-culture:import.culture")]
    [InlineData("../..", "unknown-culture:import.culture")]
    public void The_culture(string culture, string expected) => Assert.Equal(expected, Codes(new ImportSettings { Culture = culture }));

    [Theory]
    [InlineData(null, "")]
    [InlineData("auto", "")]
    [InlineData("utf-8", "")]
    [InlineData("windows-1252", "")]
    [InlineData("no-such-encoding", "unknown-encoding:import.textEncoding")]
    [InlineData("utf-7", "unknown-encoding:import.textEncoding")]
    public void The_encoding_of_text_files(string? encoding, string expected) => Assert.Equal(expected, Codes(new ImportSettings { TextEncoding = encoding }));

    [Theory]
    [InlineData("yyyy-MM-dd", "")]
    [InlineData("dd/MM/yyyy HH:mm", "")]
    [InlineData("yyyy-MM-ddTHH:mm:sszzz", "")]
    [InlineData("HH:mm", "date-format-invalid:import.dateFormats")]
    [InlineData("yyyy", "date-format-invalid:import.dateFormats")]
    [InlineData("", "date-format-invalid:import.dateFormats")]
    [InlineData("%", "date-format-invalid:import.dateFormats")]
    [InlineData("plugh", "date-format-invalid:import.dateFormats")]
    public void The_format_of_a_date(string format, string expected)
        => Assert.Equal(expected, Codes(new ImportSettings { DateFormats = new Dictionary<string, string> { ["Sent"] = format } }));

    [Fact]
    public void The_destination_folder()
    {
        Assert.Equal("", Codes(new ImportSettings { DestinationFolder = @"Imported\2019" }));
        Assert.Equal("invalid-folder:import.destinationFolder", Codes(new ImportSettings { DestinationFolder = new string('x', 256) }));
    }

    [Fact]
    public void The_mapping()
    {
        Assert.Equal("mapping-empty:mapping", Codes(TestPoint.Of(null, false)));
        Assert.Equal("", Codes(TestPoint.Of(null, false, ("A", "B"))));
        Assert.Equal("field-mapped-twice:mapping[1].destination", Codes(TestPoint.Of(null, true, ("A", "F"), ("B", " f "))));
        Assert.Equal("column-mapped-twice:mapping[1].source", Codes(TestPoint.Of(null, true, ("A", "F"), ("a", "G"))));
        Assert.Equal("name-missing:mapping[0].destination", Codes(TestPoint.Of(null, true, ("A", " "))));
    }

    [Fact]
    public void The_schema()
    {
        static string Of(params SchemaField[] fields) => Codes(new ImportSettings { CreateFields = new() { Fields = fields } });
        Assert.Equal("", Of(new SchemaField("A", FieldType.FixedLengthText, 1), new SchemaField("B", FieldType.Date)));
        Assert.Equal("field-named-twice:import.createFields", Of(new SchemaField("A", FieldType.Date), new SchemaField("a", FieldType.YesNo)));
        Assert.Equal("length-invalid:import.createFields", Of(new SchemaField("A", FieldType.FixedLengthText, 0)));
    }

    [Fact]
    public void The_names_of_columns()
        => Assert.Equal("name-missing:import.identifierColumn|name-missing:import.nativeColumn|name-missing:import.textColumn|name-missing:import.folderColumn|name-missing:import.overlayField",
            Codes(new ImportSettings { IdentifierColumn = "", NativeColumn = " ", TextColumn = "", FolderColumn = "", OverlayField = "" }));

    [Fact]
    public void Everything_at_once_each_in_words()
    {
        var point = TestPoint.Of(new ImportSettings { Culture = "xx-YY", Nested = 0 }, false) with
        {
            Name = "",
            ObjectType = "",
            Source = new ProviderSettings("", JsonDocument.Parse("{}").RootElement),
            Schedule = new Schedule { StartDate = new(2023, 3, 1), LocalTime = new(9, 0), TimeZone = "x" },
        };
        Assert.Equal(
            "name-missing:name|object-type-missing:objectType|provider-missing:source.provider|character-out-of-range:import.nested"
            + "|unknown-culture:import.culture|mapping-empty:mapping|unknown-time-zone:schedule.timeZone", Codes(point));
        Assert.All(PointRules.Check(point), p => Assert.InRange(p.Message.Length, 25, 300));
    }

    private static string Codes(ImportSettings import) => Codes(TestPoint.Of(import));

    private static string Codes(IntegrationPoint point) => string.Join('|', PointRules.Check(point).Select(p => $"{p.Code}:{p.Field}"));
}
