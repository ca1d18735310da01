using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Engine.Tests.Records;

/// <summary>What files are by their first bytes; the name decides only among what the bytes allow.</summary>
public sealed class FileTypesTests
{
    /// <summary>First bytes in Latin-1, the file's name, its type.</summary>
    [Theory]
    [InlineData("%PDF-1.7", "a.doc", "pdf")]
    [InlineData("MZ\u0090\0\u0003\0\0\0", "letter.doc", "exe")]
    [InlineData("MZ is how this letter begins", "letter.txt", "txt")]
    [InlineData("BMW, price list", "a.txt", "txt")]
    [InlineData("BM\u0036\u0003\0\0", "a", "bmp")]
    [InlineData("\u007fELF\u0002\u0001\u0001\0", "a", "elf")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF", "a.tif", "jpg")]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "a", "png")]
    [InlineData("II*\0\u0008\0\0\0", "a", "tif")]
    [InlineData("MM\0*\0\0\0\u0008", "a", "tif")]
    [InlineData("GIF89a", "a", "gif")]
    [InlineData("{\\rtf1\\ansi", "a.doc", "rtf")]
    [InlineData("!BDN\u0001\u0002", "mail", "pst")]
    [InlineData("7z\u00bc\u00af\u0027\u001c\0", "a", "7z")]
    [InlineData("RIFF\0\0\0\0WAVEfmt ", "a", "wav")]
    [InlineData("\0\0\0\u0018ftypmp42", "a", "mp4")]
    [InlineData("<?xml version=\"1.0\"?>", "a.config", "xml")]
    [InlineData("\n <!DOCTYPE html>", "a.txt", "html")]
    [InlineData("Received: from x\r\nSubject: y\r\n", "a.eml", "eml")]
    [InlineData("no header", "a.eml", "eml")]
    [InlineData("BEGIN:VCALENDAR\r\n", "a.txt", "ics")]
    [InlineData("a,b,c\r\n", "a.csv", "csv")]
    [InlineData("just words", "a.docx", "txt")]
    [InlineData("just words", "a.exe", "txt")]
    [InlineData("just words", "no ending", "txt")]
    [InlineData("\u00ff\u00feW\0o\0r\0d\0", "a.log", "log")]
    [InlineData("\u00ef\u00bb\u00bfZoe", "a.txt", "txt")]
    [InlineData("\0\u0001\u0002\u0003", "a.dat", null)]
    [InlineData("", "a.pdf", null)]
    public void The_bytes_say_what_a_file_is(string head, string name, string? type)
        => Assert.Equal(type, FileTypes.Of(Encoding.Latin1.GetBytes(head), name));

    /// <summary>A stream of an OLE file, its name, its type (MS-CFB, 2.6).</summary>
    [Theory]
    [InlineData("WordDocument", "a.doc", "doc")]
    [InlineData("WordDocument", "a.txt", "doc")]
    [InlineData("Workbook", "a", "xls")]
    [InlineData("PowerPoint Document", "a", "ppt")]
    [InlineData("__properties_version1.0", "a", "msg")]
    [InlineData("Other", "a.msi", "msi")]
    [InlineData("Other", "a.txt", "ole")]
    public void Of_an_OLE_file_its_streams_tell_the_program(string stream, string name, string type)
    {
        var head = new byte[FileTypes.HeadBytes];
        ((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(head);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(30), 9);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(48), 3);
        Encoding.Unicode.GetBytes(stream, head.AsSpan((3 + 1) * 512));
        Assert.Equal(type, FileTypes.Of(head, name));
    }

    /// <summary>Entries of a ZIP file, its name, its type.</summary>
    [Theory]
    [InlineData("[Content_Types].xml word/document.xml", "a.docx", "docx")]
    [InlineData("[Content_Types].xml word/document.xml", "a.docm", "docm")]
    [InlineData("[Content_Types].xml word/document.xml", "a.xlsx", "docx")]
    [InlineData("[Content_Types].xml xl/workbook.xml", "a.bin", "xlsx")]
    [InlineData("[Content_Types].xml ppt/presentation.xml", "a", "pptx")]
    [InlineData("META-INF/MANIFEST.MF", "a", "jar")]
    [InlineData("x.txt", "a.zip", "zip")]
    [InlineData("x.txt", "a.doc", "zip")]
    public void Of_a_ZIP_file_its_entries_tell_the_program(string entries, string name, string type)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var entry in entries.Split(' ')) zip.CreateEntry(entry).Open().Dispose();
        Assert.Equal(type, FileTypes.Of(bytes.ToArray(), name));
    }

    [Fact]
    public void No_bytes_make_it_stumble()
    {
        var random = new Random(1);
        foreach (var start in (byte[][])[[], [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], [.. "PK\u0003\u0004"u8], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]])
        {
            for (var i = 0; i < 20_000; i++)
            {
                var rest = new byte[random.Next(700)];
                random.NextBytes(rest);
                FileTypes.Of([.. start, .. rest], "a.doc");
            }
        }
    }

    [Theory]
    [InlineData(RestrictedTypes.Usual, "exe", true)]
    [InlineData(RestrictedTypes.Usual, "bat", true)]
    [InlineData(RestrictedTypes.Usual, "pdf", false)]
    [InlineData("none", "exe", false)]
    [InlineData(".PDF; doc", "pdf", true)]
    [InlineData(".PDF; doc", "exe", false)]
    public void Restricted_types_are_a_setting(string setting, string type, bool expected)
        => Assert.Equal(expected, RestrictedTypes.Read(setting)!.Contains(type));
}
