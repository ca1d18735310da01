using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

public sealed class ResolvedMappingTests
{
    private static readonly SourceField[] Columns = TestPoint.Columns("DOCID", "Title", "Native Path", "Text", "Folder", "Sent");
    private static readonly Field[] Fields =
        [Fixtures.ControlNumber, TestPoint.Text("Title"), TestPoint.Text("Sent"), TestPoint.Text("Folder"), TestPoint.Text("Extracted Text")];

    private static readonly ImportSettings Everything = new()
    {
        NativeColumn = "native path",
        TextColumn = "TEXT",
        TextIsPath = true,
        FolderColumn = "Folder",
    };

    [Fact]
    public void Map_all_pairs_the_first_column_with_the_identifier_and_equal_names()
    {
        var mapping = Resolve(TestPoint.Of());
        Assert.Equal("DOCID=Control Number|Title=Title|Folder=Folder|Sent=Sent", Pairs(mapping));
        Assert.Equal((0, 0), (mapping.Identifier!.Column, mapping.Key.Column));
        Assert.Equal(["Native Path", "Text"], mapping.Unmapped);
        Assert.Equal((null, null, null, null), (mapping.NativeColumn, mapping.TextColumn, mapping.FolderColumn, mapping.TextField));
    }

    [Fact]
    public void The_columns_of_native_text_and_folder_become_no_fields()
    {
        // Acceptance contract, Commands: "need not become a field".
        var mapping = Resolve(TestPoint.Of(Everything));
        Assert.Equal("DOCID=Control Number|Title=Title|Sent=Sent", Pairs(mapping));
        Assert.Equal((2, 3, 4, "Extracted Text"), (mapping.NativeColumn, mapping.TextColumn, mapping.FolderColumn, mapping.TextField!.Name));
        Assert.Empty(mapping.Unmapped);
    }

    [Fact]
    public void A_column_named_like_the_text_field_does_not_compete_with_the_text_column()
    {
        SourceField[] columns = [.. Columns, new("Extracted Text")];
        var mapping = ResolvedMapping.Resolve(TestPoint.Of(Everything), Fixtures.Document, columns, Fields).Mapping!;
        Assert.DoesNotContain(mapping.Fields, p => p.Field.Name == "Extracted Text");
        Assert.Equal(["Extracted Text"], mapping.Unmapped);
    }

    [Fact]
    public void A_column_named_like_the_identifier_does_not_compete_with_the_identifier_column()
    {
        SourceField[] columns = [.. Columns, new("Control Number")];
        var mapping = ResolvedMapping.Resolve(TestPoint.Of(), Fixtures.Document, columns, Fields).Mapping!;
        Assert.Equal("DOCID", Assert.Single(mapping.Fields, p => p.Field.Role == FieldRole.Identifier).ColumnName);
    }

    [Fact]
    public void Unless_the_mapping_says_so()
        => Assert.Equal("DOCID=Control Number|Title=Title|Folder=Folder|Sent=Sent",
            Pairs(Resolve(TestPoint.Of(Everything, true, ("folder", "FOLDER")))));

    [Fact]
    public void The_import_names_the_identifier_column()
    {
        var mapping = Resolve(TestPoint.Of(new ImportSettings { IdentifierColumn = "sent" }));
        Assert.Equal(("Sent", "Control Number"), (mapping.Identifier!.ColumnName, mapping.Identifier.Field.Name));
        Assert.Contains("DOCID", mapping.Unmapped);
    }

    [Fact]
    public void A_schema_names_the_identifier_column_when_the_import_does_not()
        => Assert.Equal("Title", Resolve(TestPoint.Of(new ImportSettings { CreateFields = new() { Identifier = "Title" } })).Identifier!.ColumnName);

    [Fact]
    public void A_source_can_say_which_field_is_its_identifier()
        => Assert.Equal("uid", ResolvedMapping.Resolve(TestPoint.Of(), Fixtures.Document, [new("Title"), new("uid", true)], Fields).Mapping!.Identifier!.ColumnName);

    [Fact]
    public void Without_map_all_only_the_mapping_counts()
    {
        var mapping = Resolve(TestPoint.Of(null, false, ("docid", "control number"), ("Sent", "Title")));
        Assert.Equal("DOCID=Control Number|Sent=Title", Pairs(mapping));
    }

    [Fact]
    public void With_map_all_the_mapping_comes_first()
        => Assert.Equal("Title=Control Number|Sent=Title",
            Pairs(Resolve(TestPoint.Of(null, true, ("Title", "Control Number"), ("Sent", "Title")), Fields[..3])));

    [Theory]
    [InlineData("No Such Column", null, null, null, "identifier-column-missing:No Such Column")]
    [InlineData(null, "No Natives", null, null, "column-missing:No Natives")]
    [InlineData(null, null, "No Text", null, "column-missing:No Text")]
    [InlineData(null, null, null, "No Folder", "column-missing:No Folder")]
    [InlineData("A", "B", "C", "D", "column-missing:B|column-missing:C|column-missing:D|identifier-column-missing:A")]
    public void A_column_that_is_not_there_is_named_with_those_that_are(string? identifier, string? native, string? text, string? folder, string expected)
    {
        var problems = Problems(TestPoint.Of(new ImportSettings
        {
            IdentifierColumn = identifier,
            NativeColumn = native,
            TextColumn = text,
            FolderColumn = folder,
        }));
        Assert.Equal(expected, Codes(problems));
        Assert.All(problems, p => Assert.Contains($"no column \"{p.Field}\"", p.Message, StringComparison.Ordinal));
        Assert.All(problems, p => Assert.Contains("\"DOCID\", \"Title\"", p.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void One_column_only_hints_at_wrong_delimiters()
    {
        var problem = Assert.Single(ResolvedMapping.Resolve(
            TestPoint.Of(new ImportSettings { IdentifierColumn = "DOCID" }), Fixtures.Document, TestPoint.Columns("DOCID,Title,Sent"), Fields).Problems);
        Assert.Contains("check the column and quote characters", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_is_not_there_is_named()
        => Assert.Equal("field-not-found:Nowhere", Codes(Problems(TestPoint.Of(null, true, ("Title", "Nowhere")))));

    [Fact]
    public void Text_needs_its_field()
    {
        var result = ResolvedMapping.Resolve(TestPoint.Of(Everything), Fixtures.Document, Columns, Fields[..4]);
        Assert.Equal("field-not-found:Extracted Text", Codes(result.Problems));
    }

    [Fact]
    public void Two_columns_for_one_field()
        => Assert.Equal("field-mapped-twice:Title", Codes(Problems(TestPoint.Of(null, true, ("Title", "Title"), ("Sent", "title")))));

    [Fact]
    public void Two_fields_for_one_column()
        => Assert.Equal("column-mapped-twice:Title", Codes(Problems(TestPoint.Of(null, true, ("Title", "Title"), ("title", "Sent")))));

    [Fact]
    public void The_same_pair_twice_is_one() => Assert.Empty(Problems(TestPoint.Of(null, true, ("Title", "Title"), ("title", "TITLE"))));

    [Fact]
    public void Two_columns_for_the_identifier()
        => Assert.Equal("field-mapped-twice:Control Number",
            Codes(Problems(TestPoint.Of(new ImportSettings { IdentifierColumn = "DOCID" }, true, ("Title", "Control Number")))));

    [Fact]
    public void Two_columns_for_the_extracted_text()
        => Assert.Equal("field-mapped-twice:Extracted Text", Codes(Problems(TestPoint.Of(Everything, true, ("Title", "Extracted Text")))));

    [Fact]
    public void No_column_for_the_identifier()
        => Assert.Equal("identifier-column-missing:Control Number", Codes(Problems(TestPoint.Of(null, false, ("Title", "Title")))));

    [Fact]
    public void A_source_without_columns_has_no_identifier()
        => Assert.Equal("identifier-column-missing:Control Number",
            Codes(ResolvedMapping.Resolve(TestPoint.Of(), Fixtures.Document, [], Fields).Problems));

    [Fact]
    public void File_options_are_for_documents()
    {
        // Issue text, Engine: relational and file options are for documents.
        var custodian = new ObjectType { Name = "Custodian", IdentifierField = Fixtures.ControlNumber.Id };
        Assert.Equal("documents-only:", Codes(ResolvedMapping.Resolve(TestPoint.Of(Everything), custodian, Columns, Fields).Problems));
        Assert.Empty(ResolvedMapping.Resolve(TestPoint.Of(), custodian, Columns, Fields).Problems);
    }

    [Fact]
    public void Every_problem_at_once()
        => Assert.Equal("column-missing:X|column-missing:Y|field-not-found:Z|identifier-column-missing:W", string.Join('|', Codes(Problems(
            TestPoint.Of(new ImportSettings { NativeColumn = "X", IdentifierColumn = "W" }, true, ("Y", "Title"), ("Title", "Z")))).Split('|').Order()));

    private static readonly Field Bates = Fixtures.Field(FieldType.FixedLengthText, "Bates Beg", 50) with { Lookup = true };
    private static readonly Field[] WithBates = [.. Fields, Bates];
    private static readonly SourceField[] BatesColumns = TestPoint.Columns("Bates Beg", "Title");

    [Theory]
    // Overlay by another field; the identifier is needed only where records can be made
    [InlineData(OverwriteMode.OverlayOnly, "Bates Beg", null, "key Bates Beg, identifier ")]
    [InlineData(OverwriteMode.OverlayOnly, "Bates Beg", "Title", "key Bates Beg, identifier Title")]
    [InlineData(OverwriteMode.AppendOverlay, "Bates Beg", "Title", "key Bates Beg, identifier Title")]
    [InlineData(OverwriteMode.OverlayOnly, "control number", null, "key Bates Beg, identifier Bates Beg")]
    [InlineData(OverwriteMode.AppendOnly, "Bates Beg", null, "key Bates Beg, identifier Bates Beg")]
    public void Existing_records_are_found_by_the_overlay_field(OverwriteMode mode, string overlayField, string? identifier, string expected)
    {
        var point = TestPoint.Of(new ImportSettings { Overwrite = mode, OverlayField = overlayField, IdentifierColumn = identifier });
        var mapping = ResolvedMapping.Resolve(point, Fixtures.Document, BatesColumns, WithBates).Mapping!;
        Assert.Equal(expected, $"key {mapping.Key.ColumnName}, identifier {mapping.Identifier?.ColumnName}");
    }

    [Fact]
    public void A_column_named_like_the_identifier_is_the_identifier_also_when_another_field_finds_the_record()
    {
        var point = TestPoint.Of(new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates Beg" });
        var mapping = ResolvedMapping.Resolve(point, Fixtures.Document, [.. BatesColumns, new("Control Number")], WithBates).Mapping!;
        Assert.Equal(("Bates Beg", "Control Number"), (mapping.Key.ColumnName, mapping.Identifier!.ColumnName));
    }

    [Theory]
    [InlineData("No Such", "field-not-found:No Such")]
    [InlineData("Sent", "overlay-field-not-mapped:Sent")]
    [InlineData("Title", "")]
    public void An_overlay_field_must_be_there_and_mapped(string overlayField, string expected)
    {
        var point = TestPoint.Of(new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = overlayField });
        Assert.Equal(expected, Codes(ResolvedMapping.Resolve(point, Fixtures.Document, BatesColumns, WithBates).Problems));
    }

    [Fact]
    public void An_identifier_field_that_a_broken_off_change_left_behind_is_passed_over()
    {
        // The object type says which field is its identifier.
        var docId = Fixtures.Field(FieldType.FixedLengthText, "DOCID", 255) with { Role = FieldRole.Identifier };
        var type = Fixtures.Document with { IdentifierField = docId.Id };
        var mapping = ResolvedMapping.Resolve(TestPoint.Of(), type, Columns, [.. Fields, docId]).Mapping!;
        Assert.Equal("DOCID=DOCID|Title=Title|Folder=Folder|Sent=Sent", Pairs(mapping));
    }

    // Issue "Errors": a destination field whose type changed since it was mapped, or that is gone, is named before any record moves.
    [Theory]
    [InlineData(FieldType.LongText, "")]
    [InlineData(null, "")]
    [InlineData(FieldType.Date, "field-type-changed:Sent")]
    public void A_mapped_field_must_be_of_the_type_that_it_had_when_it_was_mapped(FieldType? then, string expected)
    {
        var point = TestPoint.Of() with { Mapping = [new FieldMapping("Sent", "Sent", then)] };
        Assert.Equal(expected, Codes(Problems(point)));
        Assert.Equal(expected, Codes(ResolvedMapping.CheckDestination(point, Fixtures.Document, Fields)));
    }

    [Fact]
    public void Everything_wrong_with_the_fields_is_said_at_once_and_what_to_do()
    {
        var point = TestPoint.Of(mapAll: false) with
        {
            Import = new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = "Bates" },
            Mapping = [new("DOCID", "Control Number"), new("Sent", "Sent", FieldType.Date), new("Title", "Gone", FieldType.Date), new("Folder", "Never There")],
        };
        const string Expected = "field-type-changed:Sent|field-not-found:Gone|field-not-found:Never There|field-not-found:Bates";
        Assert.Equal(Expected, Codes(Problems(point)));
        Assert.Equal(Expected, Codes(ResolvedMapping.CheckDestination(point, Fixtures.Document, Fields)));
        var thrown = Assert.Throws<ConfigurationException>(() => ResolvedMapping.Resolve(point, Fixtures.Document, Columns, Fields).OrThrow()).Problem;
        Assert.Equal("field-type-changed", thrown.Code);
        Assert.Contains("\"Sent\" was of the type date when the column \"Sent\" was mapped to it, and is long text now", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("\"Gone\", to which the column \"Title\" is mapped; it was there when the integration point was saved", thrown.Message, StringComparison.Ordinal);
        Assert.All(Problems(point), p => Assert.Contains(p.Message, thrown.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_that_the_import_makes_need_not_be_there()
        => Assert.Empty(ResolvedMapping.CheckDestination(
            TestPoint.Of(new ImportSettings { CreateFields = new FieldSchema() }, true, ("Title", "New")), Fixtures.Document, Fields));

    // Design, Rules of orchestration 2: steps hand on no more than 4 KB.
    [Fact]
    public void Of_very_many_problems_the_first_are_said_and_how_many_there_are()
    {
        var point = TestPoint.Of(mapping: [.. Enumerable.Range(1, 500).Select(n => ("Title", $"Field {n}"))]);
        var said = Problem.Together(ResolvedMapping.CheckDestination(point, Fixtures.Document, Fields)).Message;
        Assert.InRange(said.Length, 2000, 3500);
        Assert.Matches(" And 4[0-9]{2} more; mend these first\\.$", said);
    }

    private static ResolvedMapping Resolve(IntegrationPoint point, Field[]? fields = null)
    {
        var result = ResolvedMapping.Resolve(point, Fixtures.Document, Columns, fields ?? Fields);
        Assert.Empty(result.Problems);
        return result.Mapping!;
    }

    private static IReadOnlyList<Problem> Problems(IntegrationPoint point)
    {
        var result = ResolvedMapping.Resolve(point, Fixtures.Document, Columns, Fields);
        Assert.Equal(result.Problems.Count > 0, result.Mapping is null);
        Assert.All(result.Problems, p => Assert.Equal(ProblemLevel.Job, p.Level));
        return result.Problems;
    }

    private static string Codes(IEnumerable<Problem> problems) => string.Join('|', problems.Select(p => $"{p.Code}:{p.Field}"));

    private static string Pairs(ResolvedMapping mapping) => string.Join('|', mapping.Fields.Select(p => $"{p.ColumnName}={p.Field.Name}"));
}
