using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

/// <summary>Importing people: what is shown, what tells them apart, who manages whom (guide 4.2.3 and 9).</summary>
public sealed class EntityMappingTests
{
    private static readonly ObjectType Entity = new() { Name = "Entity", IdentifierField = Field.IdFor("Entity", "Full Name") };

    private static readonly Field[] Fields =
    [
        FieldPlan.NewField("Entity", "Full Name", FieldType.FixedLengthText, 255, []) with { Role = FieldRole.Identifier },
        .. EntityFields.Standard,
        FieldPlan.NewField("Entity", "Employee Number", FieldType.FixedLengthText, 20, []),
        FieldPlan.NewField("Entity", "Floor", FieldType.WholeNumber, null, []),
    ];

    [Theory]
    // "Last, First"; one missing: the other; both blank: none
    [InlineData("Ann", "Lee", "Lee, Ann")]
    [InlineData("Ann", "", "Ann")]
    [InlineData("", "Lee", "Lee")]
    [InlineData(" Ann ", "\tLee ", "Lee, Ann")]
    [InlineData("Mary Ann", "van der Berg", "van der Berg, Mary Ann")]
    [InlineData("", "", null)]
    [InlineData("  ", "\t", null)]
    public void A_full_name_is_made_of_first_and_last_name(string first, string last, string? expected) => Assert.Equal(expected, EntityFields.FullName(first, last));

    [Theory]
    // What is stored under | what existing ones are found by | whether it is made of two columns
    [InlineData("Full Name,First Name,Last Name", null, null, "Full Name|Full Name|False")]
    [InlineData("First Name,Last Name,Email", null, null, "Full Name|Full Name|True")]
    [InlineData("First Name,Last Name,Unique ID", null, null, "Unique ID|Unique ID|False")]
    [InlineData("Full Name,First Name,Last Name,unique_id", null, null, "Unique ID|Unique ID|False")]
    [InlineData("Full Name,First Name,Last Name,Unique ID", "Full Name", null, "Full Name|Full Name|False")]
    [InlineData("First Name,Last Name,Employee Number,Unique ID", "employee number", null, "Employee Number|Employee Number|False")]
    [InlineData("First Name,Last Name,Unique ID,Email", null, "Email", "Unique ID|Email|False")]
    [InlineData("First Name,Last Name,Unique ID", null, "Unique ID", "Unique ID|Unique ID|False")]
    [InlineData("Full Name,First Name,Last Name,Unique ID", null, "Full Name", "Unique ID|Full Name|False")]
    public void The_unique_identifier_is_a_setting_of_its_own(string columns, string? unique, string? overlay, string expected)
    {
        var mapping = Resolve(new ImportSettings { UniqueIdentifier = unique, OverlayField = overlay, Overwrite = OverwriteMode.AppendOverlay }, columns).OrThrow();
        Assert.Equal(expected, $"{mapping.Identifier!.Field.Name}|{mapping.Key.Field.Name}|{mapping.IsKeyDerived}");
    }

    [Theory]
    [InlineData("First Name,Last Name", "Unique ID", "unique-identifier-not-mapped Unique ID")]
    [InlineData("First Name,Last Name", "Badge", "field-not-found Badge")]
    [InlineData("First Name,Last Name,Floor", "Floor", "unique-identifier-type Floor")]
    [InlineData("Last Name,Unique ID", null, "field-not-mapped First Name")]
    [InlineData("Unique ID", null, "field-not-mapped First Name,field-not-mapped Last Name")]
    public void What_does_not_fit_is_said_by_field(string columns, string? unique, string expected)
        => Assert.Equal(expected, string.Join(',', Resolve(new ImportSettings { UniqueIdentifier = unique }, columns).Problems.Select(p => $"{p.Code} {p.Field}")));

    [Fact]
    public void Documents_have_no_unique_identifier_beside_their_own()
    {
        var result = ResolvedMapping.Resolve(TestPoint.Of(new ImportSettings { UniqueIdentifier = "Title" }), Fixtures.Document,
            TestPoint.Columns("Control Number", "Title"), [Fixtures.ControlNumber, TestPoint.Text("Title")]);
        Assert.Equal("unique-identifier-unused", Assert.Single(result.Problems).Code);
    }

    [Fact]
    public void What_a_source_tells_people_apart_by_is_suggested_for_Unique_ID_and_never_for_their_name()
    {
        SourceField[] columns = [new("objectGUID", IsIdentifier: true), new("First Name"), new("Last Name")];
        Assert.Equal(["Unique ID objectGUID", "First Name First Name", "Last Name Last Name"], Pairs(columns));
        Assert.Equal(["Unique ID Unique ID"], Pairs([new("objectGUID", IsIdentifier: true), new("Unique ID")]));
        Assert.Contains("First Name and Last Name", FieldMatcher.Match(columns, Fields).Fields.Single(f => f.Name == "Full Name").Reason, StringComparison.Ordinal);

        static IEnumerable<string> Pairs(SourceField[] columns)
            => FieldMatcher.Match(columns, Fields).Pairs.Select(p => $"{p.Pair.Field.Name} {p.Pair.ColumnName}");
    }

    [Theory]
    // RFC 4519, 2.12 givenName, 2.32 sn; RFC 2798 mail; Microsoft Graph, user: surname, jobTitle, businessPhones
    [InlineData("givenName|sn|mail|telephoneNumber", "Email=mail|First Name=givenName|Last Name=sn|Phone Number=telephoneNumber")]
    [InlineData("id|GIVENNAME|surname|jobTitle|businessPhones", "First Name=GIVENNAME|Last Name=surname|Phone Number=businessPhones|Title=jobTitle")]
    // A name of its own is closer, and one that fits more than one is left alone
    [InlineData("First Name|givenName|surname", "First Name=First Name|Last Name=surname")]
    [InlineData("givenName|sn|surname", "First Name=givenName")]
    [InlineData("manager|cn|displayName", "")]
    public void Directories_have_names_of_their_own_for_what_is_in_Entity(string columns, string expected)
    {
        SourceField[] source = [.. columns.Split('|').Select(c => new SourceField(c))];
        Assert.Equal(expected, string.Join('|', FieldMatcher.Match(source, Fields).Pairs.Select(p => $"{p.Pair.Field.Name}={p.Pair.ColumnName}").Order(StringComparer.Ordinal)));
        // Of documents it is a name like any other.
        Field[] documents = [Fixtures.ControlNumber, TestPoint.Text("Email"), TestPoint.Text("Title")];
        Assert.DoesNotContain(FieldMatcher.Match(source, documents).Pairs, p => p.Why == PairReason.Directory);
    }

    [Theory]
    [InlineData("givenName|sn|mail|floor", "floor")]
    [InlineData("givenName|sn|mail|E-Mail", "mail|E-Mail")]
    [InlineData("givenName|sn|surname", "sn|surname")]
    public void Fields_are_made_for_what_has_none(string columns, string made)
    {
        var point = TestPoint.Of(new ImportSettings { CreateFields = new FieldSchema() }) with { ObjectType = "Entity" };
        var fields = Fields.Where(f => f.Name != "Floor").ToArray();
        Assert.Equal(made, string.Join('|', FieldPlan.Of(point, Entity, TestPoint.Columns(["Employee", .. columns.Split('|')]), fields, isFresh: false).Fields.Select(f => f.Name)));
    }

    [Fact]
    public void What_a_source_identifies_people_by_goes_to_the_unique_identifier_and_not_to_the_name()
    {
        SourceField[] columns = [new("distinguishedName", IsIdentifier: true), new("First Name"), new("Last Name"), new("Manager")];
        var mapping = ResolvedMapping.Resolve(TestPoint.Of() with { ObjectType = "Entity" }, Entity, columns, Fields).OrThrow();
        Assert.Equal(("Unique ID", 0), (mapping.Key.Field.Name, mapping.Key.Column));
        Assert.Equal("Lee, Ann", mapping.Name!.Of(["cn=a", "Ann", "Lee", ""]));
    }

    [Theory]
    // Like every field that names objects it is mapped by hand; no other may name entities, which may not be there yet
    [InlineData("Manager", "Manager", 2, "")]
    [InlineData("Boss", "manager", 2, "")]
    [InlineData("Boss", "Deputy", null, "self-association Deputy")]
    public void A_manager_is_no_value_but_a_link(string column, string field, int? linked, string problems)
    {
        var deputy = FieldPlan.NewField("Entity", "Deputy", FieldType.SingleObject, null, []) with { AssociatedType = "Entity" };
        var point = TestPoint.Of() with { ObjectType = "Entity", Mapping = [new FieldMapping(column, field)] };
        var result = ResolvedMapping.Resolve(point, Entity, TestPoint.Columns("First Name", "Last Name", column), [.. Fields, deputy]);
        Assert.Equal(problems, string.Join(',', result.Problems.Select(p => $"{p.Code} {p.Field}")));
        Assert.Equal(linked, result.Mapping?.Manager?.Column);
        Assert.DoesNotContain(result.Mapping?.Fields ?? [], f => f.Field.Name == "Manager");
    }

    private static MappingResult Resolve(ImportSettings import, string columns)
        => ResolvedMapping.Resolve(TestPoint.Of(import) with { ObjectType = "Entity" }, Entity, TestPoint.Columns(columns.Split(',')), Fields);
}
