using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

/// <summary>
/// What the mapping says of a source that has other columns than when it was mapped. Issue "CSV over FTP, FTPS and SFTP": columns are matched by name; a
/// missing mapped column fails validation by name, a new one is a note.
/// </summary>
public sealed class ChangedColumnsTests
{
    private static readonly Field[] Fields = [Fixtures.ControlNumber, TestPoint.Text("Title"), TestPoint.Text("Sent On"), TestPoint.Text("Custodian"), TestPoint.Text("Extracted Text")];

    [Theory]
    // By name: the identifier, equal names, similar ones, synonyms
    [InlineData("Id,Title,Else", "Id,Title,Else", "", "")]
    [InlineData("Id,Title,Else", "Title,Else", "Id", "")]
    [InlineData("Id,Title,Else", "Id,Else", "Title", "")]
    [InlineData("Id,sent_on,Else", "Id,Else", "sent_on", "")]
    [InlineData("Id,Cust Name,Else", "Id,Else", "Cust Name", "")]
    [InlineData("Id,Title,sent_on", "Id", "Title,sent_on", "")]
    // What went nowhere is a note: also what was ambiguous
    [InlineData("Id,Title,Else", "Id,Title", "", "column-gone Else")]
    [InlineData("Id,sent_on,SENTON", "Id,sent_on", "", "column-gone SENTON")]
    // New ones
    [InlineData("Id,Title", "Id,Title,More,Even More", "", "column-new More")]
    [InlineData("Id,Title", "Id,Title,Sent On", "", "column-new Sent On")]
    [InlineData("Id,Else", "Id,More", "", "column-gone Else|column-new More")]
    // In any case of letters, in any order
    [InlineData("ID, title", "Id,TITLE", "", "")]
    [InlineData("Id,Else,Title", "Id,Title,Else", "", "")]
    public void Mapped_by_name(string known, string now, string missing, string notes) => Assert.Equal((missing, notes), Said(TestPoint.Of(), known, now));

    [Theory]
    [InlineData("Id,A,B", "Id,A", "", "column-gone B")]
    [InlineData("Id,A,B", "Id,B", "A", "")]
    [InlineData("Id,A", "Id,A,B", "", "column-new B")]
    // Mapped since
    [InlineData("Id,B", "Id,B,A", "", "")]
    public void Mapped_by_hand(string known, string now, string missing, string notes)
        => Assert.Equal((missing, notes), Said(TestPoint.Of(null, false, ("Id", "Control Number"), ("A", "Title")), known, now));

    /// <summary>Once, however many uses it had.</summary>
    [Fact]
    public void Named_for_a_use_of_its_own()
    {
        var import = new ImportSettings { IdentifierColumn = "Id", NativeColumn = "File", TextColumn = "Title", FolderColumn = "Sent On" };
        Assert.Equal(("File,Title,Sent On,Id", ""), Said(TestPoint.Of(import), "Id,File,Title,Sent On,Else", "Else"));
        Assert.Equal(("", "column-gone Else"), Said(TestPoint.Of(import), "Id,File,Title,Sent On,Else", "Id,File,Title,Sent On"));
        // Mapped before anybody saw it: it is no news.
        Assert.Equal(("", ""), Said(TestPoint.Of(import), "Id,Title", "Id,Title,File,Sent On"));
    }

    [Fact]
    public void What_is_missing_is_said_with_its_field_and_what_there_is()
    {
        var problem = Assert.Single(Result(TestPoint.Of(), "Id,sent_on", "Id,Other").Problems);
        Assert.Equal("column-missing", problem.Code);
        Assert.Contains("\"sent_on\" any more, whose values go to the field \"Sent On\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\"Id\", \"Other\"", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Title", "They are mapped by name.")]
    [InlineData("Title,More", "Nothing is mapped to \"More\": map it if its values are wanted.")]
    public void What_is_new_is_said_with_what_becomes_of_it(string added, string words)
        => Assert.Contains(words, Assert.Single(Result(TestPoint.Of(), "Id", $"Id,{added}").Mapping!.Notes).Message, StringComparison.Ordinal);

    /// <summary>Columns are matched by name: also the one that names the records because it came first.</summary>
    [Fact]
    public void The_first_column_stays_the_identifier_wherever_it_comes()
    {
        SourceField[] moved = [new("Title"), new("Id") { WasFirst = true }];
        var mapping = ResolvedMapping.Resolve(TestPoint.Of(), Fixtures.Document, moved, Fields, known: ["Id", "Title"]).Mapping!;
        Assert.Equal(("Id", "Title"), (mapping.Identifier!.ColumnName, Assert.Single(mapping.Fields, f => f != mapping.Identifier).ColumnName));
        Assert.Equal("Id", FieldPlan.Of(TestPoint.Of(), Fixtures.Document, moved, [Fixtures.ControlNumber], isFresh: true).NewIdentifier!.Name);
    }

    [Fact]
    public void Nothing_is_said_of_a_source_of_which_nothing_was_known() => Assert.Equal(("", ""), Said(TestPoint.Of(), "", "Id,Title"));

    // The names that problems have, and code and first name of each note.
    private static (string Missing, string Notes) Said(IntegrationPoint point, string known, string now)
    {
        var result = Result(point, known, now);
        var notes = result.Mapping?.Notes.Select(n => $"{n.Code} {n.Message.Split('"')[1]}") ?? [];
        return (string.Join(',', result.Problems.Select(p => p.Field)), string.Join('|', notes));
    }

    private static MappingResult Result(IntegrationPoint point, string known, string now) => ResolvedMapping.Resolve(
        point, Fixtures.Document, TestPoint.Columns(now.Split(',')), Fields, new Synonyms([new CatalogEntry("Custodian", ["Cust Name"])]), known.Length == 0 ? [] : known.Split(','));
}
