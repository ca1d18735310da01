namespace IntegrationPoints.Engine.Checks;

/// <summary>What only the whole file shows: takes the facts of all batches in their order and adds what it finds.</summary>
public sealed class WholeFile
{
    private readonly Dictionary<FactKind, IStudy> studies;
    private readonly Findings findings;
    private readonly NumberRanges ranges;
    private readonly GroupStudy groups;
    private readonly AttachmentStudy attachments;
    private readonly DocumentStudy documents;
    private readonly FileStudy files;
    private readonly ImageStudy byId = new(), byBates = new();

    /// <summary>Begins.</summary>
    /// <param name="findings">Where to add.</param>
    /// <param name="beginningsBefore">By batch: how many families began in the batches before it.</param>
    /// <param name="fromBates">Whether ranges are Bates ranges, and not identifiers that may stand for several pages.</param>
    /// <param name="reportsOrphans">Whether files are referred to at all.</param>
    public WholeFile(Findings findings, IReadOnlyList<long> beginningsBefore, bool fromBates, bool reportsOrphans)
    {
        this.findings = findings;
        ranges = new NumberRanges(findings, fromBates);
        groups = new GroupStudy(findings);
        attachments = new AttachmentStudy(findings);
        documents = new DocumentStudy(findings, beginningsBefore);
        files = new FileStudy(findings, reportsOrphans);
        studies = new()
        {
            [FactKind.Range] = ranges,
            [FactKind.Group] = groups,
            [FactKind.Attachment] = attachments,
            [FactKind.Document] = documents,
            [FactKind.Hash] = new HashStudy(findings),
            [FactKind.File] = files,
            [FactKind.ImagesById] = byId,
            [FactKind.ImagesByBates] = byBates,
            [FactKind.Page] = new PageStudy(findings),
        };
    }

    /// <summary>A few paths of images that are not there.</summary>
    public IReadOnlyList<string> MissingImages => files.MissingImages;

    /// <summary>The next fact in the order of facts.</summary>
    public void Add(Fact fact) => studies[fact.Kind].Add(fact);

    /// <summary>The report, with what the facts came to.</summary>
    public CheckReport End(CheckReport report)
    {
        foreach (var study in studies.Values) study.End();
        if (groups.HasHeads && groups.Headless > 0)
        {
            findings.Add(CheckSection.Families, FindingSeverity.Warning, FindingWords.FamilyIncomplete, null,
                () => new FindingExample(null, null, null, "The document that these families are called after is not among their documents."), groups.Headless);
        }
        // Images of a production bear Bates numbers, original images often identifiers: the way that matches more documents is the one.
        var images = byBates.Counts.Both > byId.Counts.Both ? byBates : byId;
        if (report.ImageFile is not null) findings.Add(images.Findings.ToList());
        return report with
        {
            Bates = ranges.Series,
            Families = Families(),
            Images = report.ImageFile is null ? null : images.Counts,
            ImageFiles = files.Images,
        };
    }

    private FamilyCounts? Families()
    {
        if (attachments.Counts.Documents > 0) return new FamilyCounts("attachment ranges", attachments.Counts.Families, attachments.Counts.Documents);
        if (groups.Counts.Documents > 0) return new FamilyCounts("groups", groups.Counts.Families, groups.Counts.Documents);
        return documents.Attachments == 0 ? null : new FamilyCounts("parents", documents.Parents, documents.Parents + documents.Attachments);
    }
}
