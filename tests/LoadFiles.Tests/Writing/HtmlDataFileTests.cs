using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;

namespace IntegrationPoints.LoadFiles.Tests.Writing;

/// <summary>Data files that are pages (guide, 5.1, "HTML": HTML, and "Safety").</summary>
public partial class HtmlDataFileTests
{
    private static readonly string[] Schemes = ["./", "https://"];

    [Fact]
    public void A_page_is_complete()
    {
        var writer = new HtmlDataFile(EncodingDetector.Find("utf-8")!, "Ready & done");
        var file = new ArrayBufferWriter<byte>();
        writer.Head(["Control Number", "a<b", writer.ImageColumn!, writer.NativeColumn], file);
        writer.Row([new("AS 1"), new("Dear \"R\" & D,\r\n\r\n<script>"), new("", ["IMAGES/1.tif", "IMAGES/2.tif"]), DataCell.File(@".\VOL01\NATIVES\NATIVE001\AS 1#.msg")], file);
        writer.Foot(file);
        Assert.Equal("""
            <!DOCTYPE html>
            <html>
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>Ready &amp; done</title>
            <style>
            table { border-collapse: collapse; font: 13px sans-serif; }
            th, td { border: 1px solid #bbb; padding: 3px 6px; text-align: left; vertical-align: top; white-space: pre-wrap; mso-number-format: "\@"; }
            th { background: #eee; position: sticky; top: 0; }
            </style>
            </head>
            <body>
            <table>
            <thead>
            <tr><th>Control Number</th><th>a&lt;b</th><th>Image Files</th><th>Native Files</th></tr>
            </thead>
            <tbody>
            <tr><td>AS 1</td><td>Dear &quot;R&quot; &amp; D,<br/><br/>&lt;script&gt;</td><td><a href="./IMAGES/1.tif">IMAGES/1.tif</a><br/><a href="./IMAGES/2.tif">IMAGES/2.tif</a></td><td><a href="./VOL01/NATIVES/NATIVE001/AS%201%23.msg">.\VOL01\NATIVES\NATIVE001\AS 1#.msg</a></td></tr>
            </tbody>
            </table>
            </body>
            </html>

            """.ReplaceLineEndings("\r\n"), Encoding.UTF8.GetString(file.WrittenSpan[3..]));
        Assert.Equal([0xEF, 0xBB, 0xBF], file.WrittenSpan[..3].ToArray());
    }

    /// <summary>Encoding, what the file begins with, how 日é stands in it.</summary>
    public static TheoryData<string, string, string, string> Encodings => new()
    {
        { "utf-8", "EFBBBF", "utf-8", "日é" },
        { "utf-16", "FFFE", "utf-16", "日é" },
        { "windows-1252", "", "windows-1252", "&#x65E5;&#xE9;" },
        { "shift_jis", "", "shift_jis", "&#x65E5;&#xE9;" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Characters_that_the_encoding_lacks_are_references_and_nothing_is_lost(string name, string mark, string declared, string value)
    {
        var encoding = EncodingDetector.Find(name)!;
        var writer = new HtmlDataFile(encoding, "t");
        var file = new ArrayBufferWriter<byte>();
        Assert.Empty(writer.Head(["H"], file));
        Assert.Empty(writer.Row([new("日é")], file));
        Assert.StartsWith(mark, Convert.ToHexString(file.WrittenSpan), StringComparison.Ordinal);
        var page = encoding.GetString(file.WrittenSpan[(mark.Length / 2)..]);
        Assert.Contains($"<meta charset=\"{declared}\">", page, StringComparison.Ordinal);
        Assert.Contains($"<td>{value}</td>", page, StringComparison.Ordinal);
    }

    /// <summary>A path as load files have it, and where the page leads; null: nowhere.</summary>
    public static TheoryData<string, string?> Links => new()
    {
        { @".\VOL01\TEXT\TEXT001\A.txt", "./VOL01/TEXT/TEXT001/A.txt" },
        { @"VOL01\A.txt", "./VOL01/A.txt" },
        { @"PREFIX\VOL01\A.txt", "./PREFIX/VOL01/A.txt" },
        { "https://store.example.com/staging/A%20b.txt", "https://store.example.com/staging/A%20b.txt" },
        { "https://store.example.com/a b/\"><script>.txt", "https://store.example.com/a%20b/%22%3E%3Cscript%3E.txt" },
        { ".\\50%.txt", "./50%25.txt" },
        { ".\\é😀.txt", "./%C3%A9%F0%9F%98%80.txt" },
        { @"D:\VOL01\A.txt", null },
        { @"\\server\share\A.txt", null },
        { "http://store.example.com/A.txt", null },
        { "javascript:alert(1)", null },
        { "JaVaScRiPt:alert(1)//a.txt", null },
        { "java\tscript:alert(1)", null },
        { "data:text/html,x", null },
        { @"..\..\A.txt", null },
        { "https://", null },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void A_path_is_a_link_when_it_leads_into_the_export(string path, string? address)
    {
        var cell = Body(new HtmlDataFile(EncodingDetector.Find("utf-8")!, "t"), [DataCell.File(path)], out _);
        var link = cell.Descendants("a").SingleOrDefault();
        Assert.Equal(address, link?.Attribute("href")?.Value);
        Assert.Equal(path.Replace('\t', ' '), cell.Value.Replace('\t', ' '));
    }

    [Theory]
    [InlineData("a\0b", "a\ufffdb", "1 character, U+0000,")]
    [InlineData("\u0007\u001b", "\ufffd\ufffd", "2 characters, the first U+0007,")]
    [InlineData("\u0085\uffff", "\ufffd\ufffd", "2 characters, the first U+0085,")]
    public void Characters_that_no_page_may_have_are_reported(string value, string expected, string words)
    {
        var cell = Body(new HtmlDataFile(EncodingDetector.Find("utf-8")!, "t"), [new(value)], out var losses);
        Assert.Equal(expected, cell.Value);
        var loss = Assert.Single(losses);
        Assert.Equal((0, "character-not-in-format"), (loss.Cell, loss.Code));
        Assert.Contains(words, loss.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_values_make_a_page_without_script_in_which_they_can_be_read()
    {
        var text = Gen.String[Gen.Frequency((4, Gen.Char[' ', '~']), (2, Gen.OneOf('<', '>', '&', '"', '\'', '\\', '/', ':', '\n', '\r')), (1, Gen.Char)), 0, 20];
        var cell = Gen.Select(text, Gen.OneOf(Gen.Const("x"), text.Select(t => "https://h/" + t), text.Select(t => "javascript:" + t)), Gen.Bool);
        Gen.Select(cell.Array[1, 5], Gen.OneOf("utf-8", "utf-16", "utf-16BE", "windows-1252", "shift_jis")).Sample((cells, name) =>
        {
            var writer = new HtmlDataFile(EncodingDetector.Find(name)!, cells[0].Item1);
            var row = cells.Select(c => c.Item3 ? DataCell.File(c.Item2) : new DataCell(c.Item1)).ToList();
            var body = Body(writer, row, out var losses, EncodingDetector.Find(name)!);
            Assert.All(body.Descendants(), e => Assert.Contains(e.Name.LocalName, new[] { "tr", "td", "br", "a" }));
            Assert.All(body.Descendants("a"), a => Assert.Contains(Schemes, s => a.Attribute("href")!.Value.StartsWith(s, StringComparison.OrdinalIgnoreCase)));
            var read = body.Descendants("td").ToList();
            Assert.Equal(row.Count, read.Count);
            for (var i = 0; i < row.Count; i++)
            {
                if (losses.Any(l => l.Cell == i)) continue;
                foreach (var br in read[i].Descendants("br").ToList()) br.ReplaceWith("\n");
                Assert.Equal(LineEnd().Replace(row[i].Text, "\n"), read[i].Value);
            }
        });
    }

    [Fact]
    public void Parts_written_apart_are_the_file_written_in_one()
    {
        foreach (var name in new[] { "utf-8", "utf-16", "utf-16BE", "windows-1252", "shift_jis" })
        {
            HtmlDataFile New() => new(EncodingDetector.Find(name)!, "Exporté");
            var (whole, apart) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
            var one = New();
            one.Head(["é", "日"], whole);
            one.Row([new("1"), new("日")], whole);
            one.Row([new("2"), new("é")], whole);
            one.Foot(whole);
            New().Head(["é", "日"], apart);
            New().Row([new("1"), new("日")], apart);
            New().Row([new("2"), new("é")], apart);
            New().Foot(apart);
            Assert.Equal(whole.WrittenSpan.ToArray(), apart.WrittenSpan.ToArray());
        }
    }

    // Rows are XML as well, once references are known.
    private static XElement Body(HtmlDataFile writer, IReadOnlyList<DataCell> cells, out IReadOnlyList<CellLoss> losses, Encoding? encoding = null)
    {
        var row = new ArrayBufferWriter<byte>();
        losses = writer.Row(cells, row);
        return XElement.Parse("<tbody>" + (encoding ?? Encoding.UTF8).GetString(row.WrittenSpan).TrimEnd('\r', '\n') + "</tbody>", LoadOptions.PreserveWhitespace);
    }

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineEnd();
}
