using IntegrationPoints.Engine.Checks;

namespace IntegrationPoints.Engine.Tests.Checks;

/// <summary>What only the whole load file shows: gaps, overlaps, families, copies, orphans.</summary>
public sealed class WholeFileTests
{
    private readonly Findings findings = new();

    /// <summary>Ranges as "first-last", each a document at the next line; what is found as "code value".</summary>
    [Theory]
    [InlineData("A001-A003 A004-A004 A005-A009", "")]
    [InlineData("A001-A003 A005-A009", "bates-gap A004")]
    [InlineData("A001-A003 A007-A009 A020-A020", "bates-gap A004 – A006;bates-gap A010 – A019")]
    [InlineData("A001-A005 A004-A009", "bates-overlap A004 – A005")]
    [InlineData("A001-A001 A001-A001", "bates-overlap A001")]
    [InlineData("A001-A009 A002-A002 A004-A004 A010-A010", "bates-overlap A002;bates-overlap A004")]
    [InlineData("A001-A001 a002-a002", "")]
    [InlineData("A001-A001 B003-B003", "")]
    [InlineData("A9-A9 A10-A10", "")]
    public void Numbers(string documents, string expected)
    {
        var facts = documents.Split(' ').Select((d, i) =>
        {
            var range = d.Split('-').Select(n => BatesNumber.Parse(n)!.Value).ToArray();
            return new Fact(FactKind.Range, range[0].Series, range[0].Number, range[1].Number, range[0].Digits, i + 2, d.Split('-')[0]);
        });
        Study(facts);
        Assert.Equal(expected, Found());
    }

    [Fact]
    public void A_series_says_where_it_begins_and_ends_and_how_much_of_it_is_missing()
    {
        var report = Study([Range("P-0001", 1, 4, 2), Range("P-0003", 3, 4, 3), Range("P-0010", 10, 12, 4)]);
        Assert.Equal([new BatesSeries("P-", "P-0001", "P-0012", 3, 7, 1, 5)], report.Bates);

        static Fact Range(string id, long from, long to, long line) => new(FactKind.Range, "P-", from, to, 4, line, id);
    }

    [Fact]
    public void Gaps_of_identifiers_are_worth_knowing_and_those_of_Bates_numbers_are_to_be_mended()
    {
        Fact[] facts = [new(FactKind.Range, "A", 1, 1, 1, 2, "A1"), new(FactKind.Range, "A", 3, 3, 1, 3, "A3")];
        Study(facts, fromBates: false);
        Assert.Equal(FindingSeverity.Note, Assert.Single(findings.ToList()).Severity);
        var bates = new Findings();
        Study(facts, into: bates);
        Assert.Equal(FindingSeverity.Error, Assert.Single(bates.ToList()).Severity);
    }

    /// <summary>Groups of the documents in the order of the file.</summary>
    [Theory]
    [InlineData("a a b b b c", "", 2, 5)]
    [InlineData("a b a", "family-scattered A", 1, 2)]
    [InlineData("a b c", "", 0, 0)]
    public void Groups(string groups, string expected, int families, int documents)
    {
        var report = Study(groups.Split(' ').Select((g, i) => new Fact(FactKind.Group, g.ToUpperInvariant(), i, g == "x" ? 0 : 1, 0, i + 2, $"D{i}")));
        Assert.Equal(expected, Found());
        Assert.Equal(documents == 0 ? null : new FamilyCounts("groups", families, documents), report.Families);
    }

    [Fact]
    public void A_family_is_not_complete_without_the_document_that_it_is_called_after_when_others_are_called_so()
    {
        Study([Member("A", 0, true), Member("A", 1, false), Member("B", 2, false), Member("B", 3, false)]);
        Assert.Equal("family-incomplete", Assert.Single(findings.ToList()).Code);
        var others = new Findings();
        Study([Member("17", 0, false), Member("17", 1, false)], into: others);
        Assert.Empty(others.ToList());

        static Fact Member(string group, long ordinal, bool isHead) => new(FactKind.Group, group, ordinal, isHead ? 1 : 0, 0, ordinal + 2, $"D{ordinal}");
    }

    /// <summary>Documents of the attachment range A01-A05, as "first-last@ordinal".</summary>
    [Theory]
    [InlineData("1-3@0 4-5@1", "")]
    [InlineData("1-3@0 5-5@1", "family-incomplete A01 – A05")]
    [InlineData("1-3@0", "family-incomplete A01 – A05")]
    [InlineData("1-3@0 4-5@2", "family-scattered A01 – A05")]
    public void Attachment_ranges(string documents, string expected)
    {
        var key = AttachmentKey.Of(BatesNumber.Parse("A01")!.Value, BatesNumber.Parse("A05")!.Value);
        Study(documents.Split(' ').Select(d => d.Split('-', '@')).Select(d
            => new Fact(FactKind.Attachment, key, long.Parse(d[2], null), long.Parse(d[0], null), long.Parse(d[1], null), 2, "D")));
        Assert.Equal(expected, Found());
    }

    /// <summary>Documents in the order of the file as "id" or "id&lt;parent", in batches of two.</summary>
    [Theory]
    [InlineData("P A<P B<P Q", "")]
    [InlineData("P A<P B<A Q", "")]
    [InlineData("P Q A<P", "family-scattered P")]
    [InlineData("A<P P", "family-scattered P")]
    [InlineData("P A<X", "parent-missing X")]
    public void Parents(string documents, string expected)
    {
        var rows = documents.Split(' ').Select((d, i) => (Id: d.Split('<')[0], Parent: d.Split('<').ElementAtOrDefault(1), Batch: i / 2, Line: i + 2)).ToList();
        var before = new List<long>();
        var facts = new List<Fact>();
        foreach (var batch in rows.GroupBy(r => r.Batch))
        {
            before.Add(rows.Count(r => r.Batch < batch.Key && r.Parent is null));
            var begun = 0;
            foreach (var row in batch)
            {
                if (row.Parent is null) begun++;
                facts.Add(new Fact(FactKind.Document, row.Id, 0, batch.Key, begun, row.Line, row.Id));
                if (row.Parent is { } parent) facts.Add(new Fact(FactKind.Document, parent, 1, batch.Key, begun, row.Line, row.Id));
            }
        }
        Study(facts, before: before);
        Assert.Equal(expected, Found());
    }

    /// <summary>Rows as "id" or "id:first-last", documents of the image load file as "id*pages".</summary>
    [Theory]
    [InlineData("A B A*3 C*2", 2, 5, 1, "images-without-document C;document-without-images B")]
    [InlineData("A:1-3 A*3", 1, 3, 1, "")]
    [InlineData("A:1-3 A*2", 1, 2, 1, "page-count-mismatch A")]
    public void Documents_of_both_load_files_are_compared_both_ways(string text, int documents, int pages, int both, string expected)
    {
        var report = Study(text.Split(' ').Select((t, i) => Images(FactKind.ImagesById, t, i)), hasImages: true);
        Assert.Equal(new ImageCounts(documents, pages, both), report.Images);
        Assert.Equal(expected, string.Join(';', findings.ToList().SelectMany(f => f.Examples.Select(e => $"{f.Code} {e.Id}"))));
    }

    [Fact]
    public void Documents_are_matched_by_whichever_matches_more_of_them()
    {
        var report = Study(
            [
                Images(FactKind.ImagesById, "CTRL1", 1), Images(FactKind.ImagesByBates, "ABC1", 1),
                Images(FactKind.ImagesById, "ABC1*2", 2), Images(FactKind.ImagesByBates, "ABC1*2", 2),
            ], hasImages: true);
        Assert.Equal(new ImageCounts(1, 2, 1), report.Images);
        Assert.Empty(findings.ToList());
    }

    [Fact]
    public void Page_ids_that_stand_twice_are_found()
    {
        Study([new(FactKind.Page, "P1", 0, 0, 0, 1, "P1"), new(FactKind.Page, "P1", 0, 0, 0, 5, "p1"), new(FactKind.Page, "P2", 0, 0, 0, 2, "P2")]);
        Assert.Equal("duplicate-page-id p1", Found());
    }

    private static Fact Images(FactKind kind, string text, int line)
    {
        var parts = text.Split('*', ':', '-');
        return text.Contains('*', StringComparison.Ordinal)
            ? new Fact(kind, parts[0], 1, long.Parse(parts[1], null), 0, line, parts[0])
            : new Fact(kind, parts[0], 0, parts.Length > 1 ? long.Parse(parts[1], null) : 0, parts.Length > 1 ? long.Parse(parts[2], null) : 0, line, parts[0]);
    }

    [Fact]
    public void Files_that_nothing_refers_to_are_orphans()
    {
        Fact[] facts = [There("A.TXT"), There("B.TXT"), Used("A.TXT"), Used("A.TXT"), Used("GONE.TXT")];
        Study(facts);
        Assert.Equal("orphan-file B.TXT", Found());
        var unreferred = new Findings();
        Study([There("A.TXT")], into: unreferred, reportsOrphans: false);
        Assert.Empty(unreferred.ToList());

        static Fact There(string path) => new(FactKind.File, path, 0, 12, 0, 0, path);
        static Fact Used(string path) => new(FactKind.File, path, 1, 0, 0, 2, "");
    }

    [Fact]
    public void Copies_are_documents_with_one_hash()
    {
        Study([new(FactKind.Hash, "AA", 0, 0, 0, 2, "D1"), new(FactKind.Hash, "AA", 5, 0, 0, 7, "D6"), new(FactKind.Hash, "BB", 1, 0, 0, 3, "D2")]);
        var copies = Assert.Single(findings.ToList());
        Assert.Equal(("duplicate-hash", FindingSeverity.Note), (copies.Code, copies.Severity));
        Assert.Equal("2 documents: D1, D6.", copies.Examples[0].Words);
    }

    private CheckReport Study(
        IEnumerable<Fact> facts, Findings? into = null, bool fromBates = true, bool hasImages = false, bool reportsOrphans = true, IReadOnlyList<long>? before = null)
    {
        var whole = new WholeFile(into ?? findings, before ?? [0], fromBates, reportsOrphans);
        foreach (var fact in facts.Order()) whole.Add(fact);
        return whole.End(new CheckReport { Id = "c", Workspace = "w", ObjectType = "Document", LoadFile = "f.dat", ImageFile = hasImages ? "f.opt" : null });
    }

    private string Found() => string.Join(';', findings.ToList().SelectMany(f => f.Examples.Select(e => $"{f.Code} {e.Value}")));
}
