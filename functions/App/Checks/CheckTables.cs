using IntegrationPoints.Engine.Checks;

namespace IntegrationPoints.App.Checks;

/// <summary>The counts that stand at the head of each part of a check's page.</summary>
internal static class CheckTables
{
    /// <summary>Whether a part has counts, also when nothing is wrong with it.</summary>
    public static bool Has(CheckReport report, CheckSection section) => section switch
    {
        CheckSection.Rows => true,
        CheckSection.Files => report.Natives.Referenced + report.Texts.Referenced + report.ImageFiles.Referenced > 0,
        CheckSection.Bates => report.Bates.Count > 0,
        CheckSection.Images => report.Images is not null,
        CheckSection.Families => report.Families is not null,
        CheckSection.Hashes => report.Hashes is not null,
        CheckSection.Dates => report.Dates.Any(d => d.Dates + d.Contrary > 0),
        _ => false,
    };

    /// <summary>Writes the counts of a part.</summary>
    public static void Write(Html html, CheckReport report, CheckSection section)
    {
        switch (section)
        {
            case CheckSection.Rows: Rows(html, report.Rows); break;
            case CheckSection.Files: Files(html, report); break;
            case CheckSection.Bates: Bates(html, report); break;
            case CheckSection.Images when report.Images is { } images: Images(html, images); break;
            case CheckSection.Families when report.Families is { } families:
                html.Element("p", $"Told by their {families.Basis}: {Html.Number(families.Families)} families of more than one document, with {Html.Number(families.Documents)} documents together.");
                break;
            case CheckSection.Hashes when report.Hashes is { } hashes: Hashes(html, hashes); break;
            case CheckSection.Dates: Dates(html, report); break;
        }
    }

    /// <summary>Writes what each column was taken for.</summary>
    public static void Columns(Html html, CheckReport report)
    {
        html.Raw("<section id=\"columns\">").Element("h2", "Columns, and what they were taken for")
            .Table(["Column", "Field", "Used as"], report.Columns.Select(c => (string?[])[
                c.Column, c.Field is null ? "not imported" : c.IsNew ? $"{c.Field}, would be made" : c.Field, c.Use]))
            .Raw("</section>\n");
    }

    private static void Rows(Html html, RowCounts rows) => html.Table(
        ["#Rows", "#New", "#Overlaid", "#Rejected", "#Warnings"],
        [[Html.Number(rows.Rows), Html.Number(rows.New), Html.Number(rows.Overlaid), Html.Number(rows.Rejected), Html.Number(rows.Warnings)]]);

    private static void Files(Html html, CheckReport report)
    {
        (string Name, ReferenceCounts Counts)[] kinds = [("Natives", report.Natives), ("Texts", report.Texts), ("Images", report.ImageFiles)];
        html.Table(["Files", "#Named", "#Found", "#Missing", "#Empty", "#Unusable path", "#Bytes"], kinds.Where(k => k.Counts.Referenced > 0).Select(k => (string?[])[
            k.Name, Html.Number(k.Counts.Referenced), Html.Number(k.Counts.Found), Html.Number(k.Counts.Missing), Html.Number(k.Counts.Empty),
            Html.Number(k.Counts.Refused), Html.Number(k.Counts.Bytes)]));
        html.Element("p", $"Base folder: {report.BaseFolder}", "class=\"small\"");
        if (report.Proposal is not { } proposal) return;
        html.Raw("<p><strong>").Element("span", $"The folder {proposal.Folder} has {proposal.Found} of {proposal.Tried} missing files that were looked for there. Use it as the base folder.")
            .Raw("</strong></p>");
    }

    private static void Bates(Html html, CheckReport report)
    {
        html.Element("p", $"Taken from {report.BatesBasis}.", "class=\"small\"");
        html.Table(["First", "Last", "#Documents", "#Numbers", "#Gaps", "#Numbers missing"], report.Bates.Select(s => (string?[])[
            s.First, s.Last, Html.Number(s.Documents), Html.Number(s.Numbers), Html.Number(s.Gaps), Html.Number(s.Missing)]));
    }

    private static void Images(Html html, ImageCounts images) => html.Table(
        ["#Documents with images", "#Images", "#Documents in both load files"],
        [[Html.Number(images.Documents), Html.Number(images.Pages), Html.Number(images.Both)]]);

    private static void Hashes(Html html, HashCounts hashes) => html.Table(
        ["#Rows with a hash", "#Natives compared", "#The same", "#Different"],
        [[Html.Number(hashes.Hashes), Html.Number(hashes.Compared), Html.Number(hashes.Same), Html.Number(hashes.Different)]]);

    private static void Dates(Html html, CheckReport report)
    {
        html.Table(
            ["Column", "#Dates", "#Could be read otherwise", "#Only as the import reads", "#Only the other way", "#Completed"],
            report.Dates.Where(d => d.Dates + d.Contrary > 0).Select(d => (string?[])[
                d.Column, Html.Number(d.Dates), Html.Number(d.Ambiguous), Html.Number(d.Proven), Html.Number(d.Contrary), Html.Number(d.Completed)]));
        html.Element("p", $"Read as in {report.Culture}; dates without a year or a day were completed from {report.StartedUtc:yyyy-MM-dd}.", "class=\"small\"");
    }
}
