using CsCheck;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.Engine.Tests.Records;

public sealed class OverlayTests
{
    private static readonly Field Title = Fixtures.Field(FieldType.FixedLengthText, "Title", 40);
    private static readonly Field Pages = Fixtures.Field(FieldType.WholeNumber, "Pages");
    private static readonly Field Issues = Fixtures.Field(FieldType.MultipleChoice, "Issues");
    private static readonly Field Group = Fixtures.Field(FieldType.FixedLengthText, "Group Identifier", 50);
    private static readonly Field Hash = Fixtures.Field(FieldType.FixedLengthText, "MD5 Hash", 8);
    private static readonly Field[] All = [Fixtures.ControlNumber, Title, Pages, Issues, Group, Hash];
    private static readonly DateTimeOffset First = new(2023, 6, 30, 9, 0, 0, TimeSpan.Zero);

    private static NewValues Row(params (Field Field, object? Value)[] values) => new()
    {
        Identifier = "REL1",
        Values = [new NewValue(Fixtures.ControlNumber, "REL1"), .. values.Select(v => new NewValue(v.Field, v.Value))],
        Stamp = new RecordStamp("job-1", 2, 3),
        WrittenUtc = First,
    };

    private static Overlay Rules(ImportSettings? import = null, params Field[] fields)
        => new(Fixtures.Document, fields.Length == 0 ? All : fields, import ?? new ImportSettings());

    private static Record Existing(params (Field Field, object? Value)[] values) => Rules().New(Row(values)).Record!;

    [Fact]
    public void A_new_record_has_the_values_of_its_row()
    {
        var row = Row((Title, "Lease"), (Pages, 3), (Issues, null)) with
        {
            Folder = FolderPath.Parse("", @"a\b").Folder,
            Native = new NativeFile("a.msg", 7, "files/ws/a.msg"),
        };
        var record = Rules().New(row).Record!;
        Assert.Equal(("Document", "REL1", First, First, row.Stamp, row.Folder, row.Native),
            (record.Type, record.Identifier, record.CreatedUtc, record.ModifiedUtc, record.Stamp, record.Folder, record.Native));
        Assert.Equal(("Lease", 3, null), (record.ValueOf(Title.Id), record.ValueOf(Pages.Id), record.ValueOf(Issues.Id)));
        // The identifier is kept once.
        Assert.Null(record.ValueOf(Fixtures.ControlNumber.Id));
    }

    [Fact]
    public void Filterable_values_lie_apart()
    {
        var record = Existing((Title, "Lease"), (Group, "REL0"));
        Assert.True(Group.Filterable);
        Assert.Equal(["REL0"], record.Filterable.Where(v => v.Key == Group.Id).Select(v => v.Value));
        Assert.Equal([Title.Id], record.Values.Keys);
    }

    [Theory]
    // Load-file specification, Fields 2 and 3: the identifier where none is set, "a group of one document"
    [InlineData("REL0", "REL0")]
    [InlineData(null, "REL1")]
    public void A_blank_group_identifier_is_the_identifier(string? cell, string expected)
    {
        Assert.Equal(expected, Existing((Group, cell)).ValueOf(Group.Id));
        Assert.Equal("REL1", Existing().ValueOf(Group.Id));
        Assert.Equal("REL1", Existing().ValueOf(Hash.Id));
    }

    [Fact]
    public void An_identifier_that_does_not_fit_the_hash_field_is_not_cut()
        => Assert.Null(Rules().New(Row() with { Identifier = "REL000000001" }).Record!.ValueOf(Hash.Id));

    [Fact]
    public void A_workspace_without_these_fields_gets_no_value()
        => Assert.Empty(Rules(null, Fixtures.ControlNumber, Title).New(Row()).Record!.Filterable);

    [Theory]
    // Blank on overlay empties the field, unless the point says keep; what the row does not map stays
    [InlineData(false, null)]
    [InlineData(true, "Lease")]
    public void A_blank_cell_empties_its_field(bool keep, string? expected)
    {
        var after = Rules(new ImportSettings { KeepOnBlank = keep }).Apply(Existing((Title, "Lease"), (Pages, 3)), Row((Title, null))).Record!;
        Assert.Equal((expected, 3), (after.ValueOf(Title.Id), after.ValueOf(Pages.Id)));
    }

    [Fact]
    public void Defaults_are_for_new_records_only()
        => Assert.Null(Rules().Apply(Existing((Group, "REL0")), Row((Group, null))).Record!.ValueOf(Group.Id));

    [Theory]
    // Guide, "Multi-Select Field Overlay Behavior"; the field's own setting is Replace unless set otherwise
    [InlineData(MultiSelectOverlay.Replace, MultiSelectOverlay.Merge, "a|b", "e", "e")]
    [InlineData(MultiSelectOverlay.Replace, MultiSelectOverlay.Replace, "a|b", "", "")]
    [InlineData(MultiSelectOverlay.Merge, MultiSelectOverlay.Replace, "a", "e", "a|e")]
    [InlineData(MultiSelectOverlay.Merge, MultiSelectOverlay.Replace, "a", "", "a")]
    [InlineData(MultiSelectOverlay.Merge, MultiSelectOverlay.Replace, "", "e", "e")]
    [InlineData(MultiSelectOverlay.UseFieldSettings, MultiSelectOverlay.Merge, "a", "e", "a|e")]
    [InlineData(MultiSelectOverlay.UseFieldSettings, MultiSelectOverlay.Replace, "a", "e", "e")]
    [InlineData(MultiSelectOverlay.UseFieldSettings, MultiSelectOverlay.UseFieldSettings, "a", "e", "e")]
    // Merged without regard to case, in the spelling that is there
    [InlineData(MultiSelectOverlay.Merge, MultiSelectOverlay.Replace, @"Hot|Hot\A", @"HOT|HOT\a|HOT\B", @"Hot|Hot\A|Hot\B")]
    public void Choices_are_merged_or_replaced(MultiSelectOverlay point, MultiSelectOverlay field, string before, string row, string expected)
    {
        var issues = Issues with { Overlay = field };
        var after = Rules(new ImportSettings { MultiSelect = point }).Apply(Existing((issues, Paths(before))), Row((issues, Paths(row)))).Record!;
        Assert.Equal(Paths(expected), after.ValueOf(issues.Id) as string[]);
    }

    [Fact]
    public void A_single_choice_is_replaced_also_when_choices_are_merged()
    {
        var choice = Fixtures.Field(FieldType.SingleChoice, "Priority");
        var rules = Rules(new ImportSettings { MultiSelect = MultiSelectOverlay.Merge });
        Assert.Equal("e", rules.Apply(Existing((choice, "a")), Row((choice, "e"))).Record!.ValueOf(choice.Id));
        Assert.Null(rules.Apply(Existing((choice, "a")), Row((choice, null))).Record!.ValueOf(choice.Id));
    }

    [Theory]
    // Move existing documents (guide, "Move Existing Documents"); with a blank path to the destination folder
    [InlineData(false, "old", "new", "old")]
    [InlineData(true, "old", "new", "new")]
    [InlineData(true, "old", "", null)]
    [InlineData(false, "", "new", null)]
    public void A_document_moves_only_when_told(bool move, string before, string row, string? expected)
    {
        var existing = Existing() with { Folder = FolderPath.Parse("", before).Folder };
        var after = Rules(new ImportSettings { MoveExisting = move }).Apply(existing, Row() with { Folder = FolderPath.Parse("", row).Folder });
        Assert.Equal(expected, after.Record!.Folder?.Path);
    }

    [Fact]
    public void A_native_is_replaced_only_when_the_row_names_one()
    {
        var old = new NativeFile("old.msg", 1, "b1");
        var young = new NativeFile("new.msg", 2, "b2");
        Assert.Equal(old, Rules().Apply(Existing() with { Native = old }, Row()).Record!.Native);
        Assert.Equal(young, Rules().Apply(Existing() with { Native = old }, Row() with { Native = young }).Record!.Native);
    }

    [Fact]
    public void Only_documents_have_folders_and_natives()
    {
        var type = new ObjectType { Name = "Custodian", IdentifierField = "x" };
        var row = Row() with { Folder = FolderPath.Parse("", "a").Folder, Native = new NativeFile("a", 1, "b") };
        var record = new Overlay(type, [], new ImportSettings { MoveExisting = true }).New(row).Record!;
        Assert.Equal((null, null), (record.Folder, record.Native));
    }

    [Fact]
    public void An_overlay_leaves_the_identifier_as_first_written_and_takes_the_stamp()
    {
        var later = First.AddDays(1);
        var row = Row() with { Identifier = "rel1", Stamp = new RecordStamp("job-2", 0, 9), WrittenUtc = later };
        var after = Rules().Apply(Existing() with { Edited = true }, row).Record!;
        Assert.Equal(("REL1", row.Stamp, First, later, false), (after.Identifier, after.Stamp, after.CreatedUtc, after.ModifiedUtc, after.Edited));
    }

    [Fact]
    public void The_record_that_was_there_is_not_touched()
    {
        var existing = Existing((Title, "Lease"), (Issues, Paths("a")));
        var before = RecordJson.Write(existing);
        Rules(new ImportSettings { MultiSelect = MultiSelectOverlay.Merge }).Apply(existing, Row((Title, null), (Issues, Paths("b"))));
        Assert.Equal(before, RecordJson.Write(existing));
    }

    [Fact]
    public void A_required_field_refuses_blanks()
    {
        var title = Title with { Required = true };
        var identifier = Fixtures.ControlNumber with { Required = true };
        var rules = Rules(null, identifier, title, Pages);
        Assert.Equal([(title, "required-field-blank")], Codes(rules.New(Row((title, null)))));
        Assert.Equal([(title, "required-field-blank")], Codes(rules.New(Row())));
        Assert.Equal([(title, "required-field-blank")], Codes(rules.Apply(Existing((title, "Lease")), Row((title, null)))));
        Assert.Empty(Codes(rules.Apply(Existing((title, "Lease")), Row((Pages, 3)))));
        Assert.Empty(Codes(rules.New(Row((title, "Lease")))));
    }

    [Fact]
    public void Applying_a_row_twice_is_applying_it_once()
        => Gen.Select(GenValues, GenValues, Gen.Bool, Gen.Bool, Gen.Bool).Sample((before, row, merge, keep, move) =>
        {
            var rules = Rules(new ImportSettings
            {
                MultiSelect = merge ? MultiSelectOverlay.Merge : MultiSelectOverlay.Replace,
                KeepOnBlank = keep,
                MoveExisting = move,
            });
            var once = rules.Apply(Rules().New(before).Record!, row).Record!;
            var twice = rules.Apply(once, row).Record!;
            Assert.Equal(RecordJson.Write(once), RecordJson.Write(twice));
        });

    private static readonly Gen<NewValues> GenValues =
        from title in Gen.Char["abc"].Array[0, 3]
        from pages in Gen.Int[0, 3]
        from issues in Gen.Int[0, 3].Array[0, 4]
        from folder in Gen.Int[0, 2]
        select Row(
            (Title, title.Length == 0 ? null : new string(title)),
            (Pages, pages == 0 ? null : pages),
            (Issues, Paths(string.Join('|', issues.Distinct().Select(i => "aBcD"[i]).Order()))))
            with
        { Folder = FolderPath.Parse("", folder == 0 ? "" : $"f{folder}").Folder };

    private static string[]? Paths(string paths) => paths.Length == 0 ? null : paths.Split('|');

    private static (Field Field, string Code)[] Codes(OverlayResult result)
    {
        Assert.Equal(result.Problems.Count > 0, result.Record is null);
        return [.. result.Problems.Select(p => (p.Field, p.Code))];
    }
}
