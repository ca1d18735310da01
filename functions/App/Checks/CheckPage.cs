using System.Globalization;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.App.Checks;

/// <summary>
/// The report of a check as one page for people: the verdict first, then what to mend, then everything found with examples. It needs nothing
/// beside itself, runs no script, and prints.
/// </summary>
internal static class CheckPage
{
    private const string Style =
        """
        body{font:15px/1.45 system-ui,"Segoe UI",Helvetica,Arial,sans-serif;color:#1b1f24;max-width:62rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.5rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:1px solid #ccd3da;padding-bottom:.2rem}
        h3{font-size:1rem;margin:1.2rem 0 .2rem}p{margin:.3rem 0}.verdict{font-size:1.2rem;font-weight:600;padding:.8rem 1rem;border-left:6px solid #1a7f37;background:#eefaf1}
        .verdict.error{border-color:#b42318;background:#fdf1f0}.verdict.warning{border-color:#b7791f;background:#fdf8ec}
        .verdict p{margin:.15rem 0}.small,.facts{color:#57606a;font-size:.87rem}.tag{font-size:.75rem;font-weight:600;padding:.05rem .4rem;border-radius:.6rem;border:1px solid;margin-right:.4rem}
        .tag.error{color:#b42318}.tag.warning{color:#8a5a0b}.tag.note{color:#57606a}
        table{border-collapse:collapse;margin:.4rem 0 .8rem;width:100%;font-size:.87rem}th,td{border:1px solid #d5dbe1;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;unicode-bidi:isolate}
        th{background:#f3f5f7}td.n,th.n{text-align:right;white-space:nowrap;width:5rem}a{color:inherit}
        @media print{body{margin:0;max-width:none;font-size:11px}h2,h3{break-after:avoid}tr{break-inside:avoid}a{text-decoration:none}}
        """;

    private static readonly (CheckSection Section, string Id, string Title)[] Sections =
    [
        (CheckSection.Rows, "rows", "Rows and values"),
        (CheckSection.Files, "files", "Natives, texts and other files"),
        (CheckSection.Bates, "bates", "Bates numbers"),
        (CheckSection.Images, "images", "Images"),
        (CheckSection.Families, "families", "Families"),
        (CheckSection.Duplicates, "duplicates", "Duplicates"),
        (CheckSection.Hashes, "hashes", "Hashes"),
        (CheckSection.Dates, "dates", "Dates"),
        (CheckSection.LoadFile, "load-file", "The load file"),
    ];

    /// <summary>The page.</summary>
    public static string Write(CheckReport report)
    {
        var html = new Html().Raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Element("title", $"Check of {report.LoadFile}").Raw($"<style>{Style}</style></head><body>\n");
        Verdict(html, report);
        List(html, report, FindingSeverity.Error, "What to mend");
        List(html, report, FindingSeverity.Warning, "What to look at");
        foreach (var (section, id, title) in Sections)
        {
            var findings = report.Findings.Where(f => f.Section == section).ToList();
            var counts = CheckTables.Has(report, section);
            if (findings.Count == 0 && !counts) continue;
            html.Raw($"<section id=\"{id}\">").Element("h2", title);
            if (counts) CheckTables.Write(html, report, section);
            foreach (var finding in findings) Detail(html, report, finding);
            html.Raw("</section>\n");
        }
        CheckTables.Columns(html, report);
        return html.Raw("</body></html>\n").ToString();
    }

    private static void Verdict(Html html, CheckReport report)
    {
        var (errors, warnings) = (report.Findings.Count(f => f.Severity == FindingSeverity.Error), report.Findings.Count(f => f.Severity == FindingSeverity.Warning));
        html.Element("h1", $"Check of {report.LoadFile} before import")
            .Raw($"<div class=\"verdict {(errors > 0 ? "error" : warnings > 0 ? "warning" : "")}\">").Element("p", report.Verdict)
            .Element("p", errors > 0 ? $"{Kinds(errors)} to mend{(warnings > 0 ? $", {Kinds(warnings)} to look at" : "")}."
                : warnings > 0 ? $"Nothing to mend; {Kinds(warnings)} to look at." : "Nothing to mend: the load file and its files are whole.", "class=\"small\"")
            .Raw("</div>\n");
        var images = report.ImageFile is { } file ? $", with {file}" : "";
        html.Element("p", string.Create(CultureInfo.InvariantCulture,
            $"{report.LoadFile}{images} ({Html.Number(report.Bytes)} bytes, {report.Encoding}) into {report.ObjectType} of the workspace {report.Workspace}, {Overwrite(report.Overwrite)}; ")
            + string.Create(CultureInfo.InvariantCulture,
                $"dates and numbers as in {report.Culture}. Checked {report.StartedUtc:yyyy-MM-dd HH:mm} UTC, check {report.Id}. Nothing was written into the workspace."), "class=\"facts\"");
    }

    private static string Kinds(int count) => count == 1 ? "one thing" : $"{count} things";

    private static string Overwrite(OverwriteMode mode) => mode switch
    {
        OverwriteMode.OverlayOnly => "Overlay Only",
        OverwriteMode.AppendOverlay => "Append/Overlay",
        _ => "Append Only",
    };

    private static void List(Html html, CheckReport report, FindingSeverity severity, string title)
    {
        if (!report.Findings.Any(f => f.Severity == severity)) return;
        html.Element("h2", title).Raw("<table><tbody>\n");
        for (var i = 0; i < report.Findings.Count; i++)
        {
            var finding = report.Findings[i];
            if (finding.Severity != severity) continue;
            html.Raw($"<tr><td class=\"n\"><a href=\"#f{i}\">").Element("span", Html.Number(finding.Count)).Raw("</a></td>")
                .Element("td", finding.Title).Element("td", finding.Remedy).Raw("</tr>\n");
        }
        html.Raw("</tbody></table>\n");
    }

    private static void Detail(Html html, CheckReport report, Finding finding)
    {
        var place = report.Findings.TakeWhile(f => !ReferenceEquals(f, finding)).Count();
        var severity = finding.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "note" };
        html.Raw($"<h3 id=\"f{place}\"><span class=\"tag {severity}\">{severity}</span>").Element("span", $"{finding.Title} ({Html.Number(finding.Count)})").Raw("</h3>")
            .Element("p", $"{finding.Remedy} Code: {finding.Code}.", "class=\"small\"");
        var examples = finding.Examples.Where(e => e is not { Line: null, Id: null, Value: null, Words: null }).ToList();
        if (examples.Count == 0) return;
        html.Table(["#Line", "Document", "Value", "What is wrong, and what to do"], examples.Select(e => (string?[])[
            e.Line?.ToString(CultureInfo.InvariantCulture), e.Id, e.Value, e.Words]));
        if (finding.Count > examples.Count) html.Element("p", $"These are the first {examples.Count} of {Html.Number(finding.Count)}.", "class=\"small\"");
    }
}
