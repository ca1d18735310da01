using System.Text;
using IntegrationPoints.App.FieldNames;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;

namespace IntegrationPoints.App.Tests.FieldNames;

/// <summary>The file of synonyms: what was written comes back as it was, and opens in a spreadsheet as text.</summary>
public sealed class CatalogCsvTests
{
    [Theory]
    [InlineData("Custodian", "\"Custodian\"")]
    [InlineData("Total, \"net\"", "\"Total, \"\"net\"\"\"")]
    [InlineData("=SUM(A1)", "\"'=SUM(A1)\"")]
    [InlineData("@home", "\"'@home\"")]
    [InlineData("＝1", "\"'＝1\"")]
    // An apostrophe of its own is told from one that was put in front
    [InlineData("'=SUM(A1)", "\"''=SUM(A1)\"")]
    [InlineData("''+1", "\"'''+1\"")]
    [InlineData("' -1", "\"'' -1\"")]
    [InlineData("'Tis", "\"'Tis\"")]
    [InlineData("O'Neill", "\"O'Neill\"")]
    [InlineData("日付", "\"日付\"")]
    public void A_name_comes_back_as_it_was(string name, string cell)
    {
        var written = CatalogCsv.Write([new CatalogEntry("Entry", [name, "Other"])]);
        Assert.Equal($"\uFEFFName,Synonym\r\n\"Entry\",{cell}\r\n\"Entry\",\"Other\"\r\n", Encoding.UTF8.GetString(written));
        var problems = new List<Problem>();
        var entry = Assert.Single(CatalogCsv.Read(Encoding.UTF8.GetString(written), [], problems));
        Assert.Empty(problems);
        Assert.Equal(["Entry", name, "Other"], entry.Synonyms.Prepend(entry.Name));
        Assert.Equal(written, CatalogCsv.Write([entry]));
    }

    [Theory]
    [InlineData("", "empty-file line 1")]
    [InlineData("Custodian,Holder\n", "header-missing line 1")]
    [InlineData("name,SYNONYM\nA,B\n", "")]
    [InlineData("Name,Synonym\nA,B,C\nA\nA,\n,B\nA/B,C\nA,B\n", "column-count line 2|column-count line 3|name-missing line 4|name-missing line 5|name-invalid line 6")]
    // A name stands in one entry only, whatever case and signs
    [InlineData("Name,Synonym\nCustodian,Cust_Name\nOwner,CUST-NAME\nHolder,custodian\n", "name-in-other-entry line 3|name-in-other-entry line 4")]
    [InlineData("Name,Synonym\nOwner,Keeper\n", "name-in-other-entry line 2")]
    // A record over two lines is one, and the next line keeps its number
    [InlineData("Name,Synonym\nA,\"x\ny\"\nB,C,D\n", "name-invalid line 2|column-count line 4")]
    public void What_is_wrong_is_said_by_its_line(string csv, string expected)
    {
        var problems = new List<Problem>();
        CatalogCsv.Read(csv, [new CatalogEntry("Possessor", ["keeper"])], problems);
        Assert.Equal(expected, string.Join('|', problems.Select(p => $"{p.Code} {p.Field}")));
        Assert.All(problems, p => Assert.StartsWith($"Line {p.Line}: ", p.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_there_gets_the_new_synonyms()
    {
        var problems = new List<Problem>();
        var entries = CatalogCsv.Read("Name,Synonym\nCUSTODIAN,Holder\nCustodian,Cust\nSent,Date Sent\n", [new CatalogEntry("Custodian", ["Cust"])], problems);
        Assert.Empty(problems);
        Assert.Equal(["Custodian = Cust Holder", "Sent = Date Sent"], entries.Select(e => $"{e.Name} = {string.Join(' ', e.Synonyms)}"));
    }

    [Fact]
    public void The_line_of_the_other_is_named()
    {
        var problems = new List<Problem>();
        CatalogCsv.Read("Name,Synonym\nCustodian,Cust\nOwner,cust\n", [], problems);
        Assert.Contains("stands in the entry \"Custodian\"", Assert.Single(problems).Message, StringComparison.Ordinal);
        Assert.EndsWith("on line 2.", problems[0].Message, StringComparison.Ordinal);
    }
}
