using System.Buffers;
using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// A data file that is a page with a table (guide, 5.1, "HTML"): complete, its encoding declared, every value encoded, links to the
/// exported files. It cannot carry script: its policy allows none, and links are relative or <c>https</c>. Characters that the encoding does
/// not have are written as references, so that nothing is lost but control characters, which no page may have.
/// </summary>
public sealed class HtmlDataFile : DataFileWriter
{
    /// <summary>The name of the column of natives.</summary>
    public const string Natives = "Native Files";

    private readonly Encoding encoding, replacing;
    private readonly bool isUnicode;
    private readonly string title;

    /// <summary>A page.</summary>
    /// <param name="encoding">Its encoding.</param>
    /// <param name="title">What it is called.</param>
    public HtmlDataFile(Encoding encoding, string title)
    {
        (this.encoding, this.title) = (encoding, title);
        replacing = (Encoding)encoding.Clone();
        replacing.EncoderFallback = EncoderFallback.ReplacementFallback;
        isUnicode = encoding.CodePage is 65001 or 1200 or 1201 or 12000 or 12001;
    }

    /// <inheritdoc/>
    public override string NativeColumn => Natives;

    /// <inheritdoc/>
    public override string? ImageColumn => "Image Files";

    /// <inheritdoc/>
    public override IReadOnlyList<CellLoss> Head(IReadOnlyList<string> columns, IBufferWriter<byte> output)
    {
        var losses = new List<CellLoss>(0);
        // Numbers and formulas are text to a spreadsheet that opens the page.
        var page = new StringBuilder($"""
            <!DOCTYPE html>
            <html>
            <head>
            <meta charset="{encoding.WebName}">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>
            """.ReplaceLineEndings("\r\n"));
        page.Append(Encoded(title, -1, losses)).Append("""
            </title>
            <style>
            table { border-collapse: collapse; font: 13px sans-serif; }
            th, td { border: 1px solid #bbb; padding: 3px 6px; text-align: left; vertical-align: top; white-space: pre-wrap; mso-number-format: "\@"; }
            th { background: #eee; position: sticky; top: 0; }
            </style>
            </head>
            <body>
            <table>
            <thead>
            <tr>
            """.ReplaceLineEndings("\r\n"));
        losses.Clear();
        for (var i = 0; i < columns.Count; i++) page.Append("<th>").Append(Encoded(columns[i], i, losses)).Append("</th>");
        page.Append("</tr>\r\n</thead>\r\n<tbody>\r\n");
        output.Write(RowEncoder.Mark(encoding));
        Write(page, output);
        return losses;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CellLoss> Row(IReadOnlyList<DataCell> cells, IBufferWriter<byte> output)
    {
        var losses = new List<CellLoss>(0);
        var row = new StringBuilder("<tr>");
        for (var i = 0; i < cells.Count; i++)
        {
            row.Append("<td>");
            if (cells[i].Paths is not { Count: > 0 } paths) row.Append(Encoded(cells[i].Text, i, losses));
            else row.AppendJoin("<br/>", paths.Select(p => Link(p, i, losses)));
            row.Append("</td>");
        }
        Write(row.Append("</tr>\r\n"), output);
        return losses;
    }

    /// <inheritdoc/>
    public override void Foot(IBufferWriter<byte> output) => Write(new("</tbody>\r\n</table>\r\n</body>\r\n</html>\r\n"), output);

    private static string Link(string path, int cell, List<CellLoss> losses)
    {
        var text = Encoded(path, cell, losses);
        return Address(path) is { } address ? $"<a href=\"{Encoded(address, cell, losses)}\">{text}</a>" : text;
    }

    // Null: nothing that a page may link to, such as a drive.
    private static string? Address(string path)
    {
        if (path.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(path.Replace('\\', '/'), UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? address.AbsoluteUri : null;
        var file = FilePath.Parse(path);
        return file.Kind == PathKind.Relative ? "./" + string.Join('/', file.Segments.Select(Uri.EscapeDataString)) : null;
    }

    private static string Encoded(string value, int cell, List<CellLoss> losses)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~') && value.AsSpan().IndexOfAny("<>&\"'") < 0) return value;
        var text = new StringBuilder(value.Length + 16);
        var forbidden = 0;
        Rune first = default;
        for (var i = 0; i < value.Length; i++)
        {
            if (!Rune.TryGetRuneAt(value, i, out var rune) || IsForbidden(rune))
            {
                if (forbidden++ == 0) first = Rune.TryCreate(value[i], out var bad) ? bad : Rune.ReplacementChar;
                text.Append("&#xFFFD;");
            }
            else
            {
                Append(text, rune, followsReturn: i > 0 && value[i - 1] == '\r');
                i += rune.Utf16SequenceLength - 1;
            }
        }
        if (forbidden > 0)
        {
            losses.Add(new(cell, "character-not-in-format",
                $"{Counted(forbidden, first)} cannot stand in a page; U+FFFD stands there instead. Export as .dat or .csv to keep every character."));
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune, bool followsReturn)
    {
        switch (rune.Value)
        {
            case '<': text.Append("&lt;"); break;
            case '>': text.Append("&gt;"); break;
            case '&': text.Append("&amp;"); break;
            case '"': text.Append("&quot;"); break;
            case '\'': text.Append("&#39;"); break;
            case '\r': text.Append("<br/>"); break;
            case '\n' when followsReturn: break;
            case '\n': text.Append("<br/>"); break;
            default: text.Append(rune.ToString()); break;
        }
    }

    // Control characters and those that are never assigned (HTML, 13.1.4 and 13.2.3.5).
    private static bool IsForbidden(Rune rune)
        => (Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r')) || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    private void Write(StringBuilder html, IBufferWriter<byte> output)
    {
        var text = html.ToString();
        var bytes = replacing.GetBytes(text);
        if (!isUnicode && replacing.GetString(bytes) != text) bytes = replacing.GetBytes(WithReferences(text));
        output.Write(bytes);
    }

    // Markup is ASCII, so that every other letter stands in a value.
    private static string WithReferences(string text)
    {
        var ascii = new StringBuilder(text.Length + 64);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii) ascii.Append((char)rune.Value);
            else ascii.Append(CultureInfo.InvariantCulture, $"&#x{rune.Value:X};");
        }
        return ascii.ToString();
    }
}
