using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace IntegrationPoints.Engine.Records;

/// <summary>
/// What a file is, from its first bytes. Containers that many programs share (OLE, ZIP, XML, text) are told apart as far as these bytes go; where
/// they do not say which program's a file is, its ending decides among those that fit.
/// </summary>
public static class FileTypes
{
    /// <summary>How many bytes from the beginning are enough.</summary>
    public const int HeadBytes = 8 * 1024;

    // The offset at which the bytes stand, the bytes (Latin-1), the type; the first that fits counts.
    private static readonly (int At, byte[] Bytes, string Type)[] Marks =
    [
        .. new (int At, string Bytes, string Type)[]
        {
            (0, "%PDF-", "pdf"), (0, "MZ", "exe"), (0, "\u007fELF", "elf"), (0, "\u00fe\u00ed\u00fa\u00ce", "mach-o"), (0, "\u00fe\u00ed\u00fa\u00cf", "mach-o"),
            (0, "\u00ce\u00fa\u00ed\u00fe", "mach-o"), (0, "\u00cf\u00fa\u00ed\u00fe", "mach-o"), (0, "\u00ff\u00d8\u00ff", "jpg"), (0, "\u0089PNG\r\n\u001a\n", "png"),
            (0, "GIF87a", "gif"), (0, "GIF89a", "gif"), (0, "II*\0", "tif"), (0, "MM\0*", "tif"), (0, "II+\0", "tif"), (0, "MM\0+", "tif"), (8, "WEBP", "webp"), (8, "WAVE", "wav"),
            (8, "AVI ", "avi"), (4, "ftypheic", "heic"), (4, "ftypqt", "mov"), (4, "ftypM4A", "m4a"), (4, "ftyp", "mp4"), (0, "BM", "bmp"), (0, "8BPS", "psd"), (0, "{\\rtf", "rtf"),
            (0, "!BDN", "pst"), (0, "7z\u00bc\u00af\u0027\u001c", "7z"), (0, "Rar!\u001a\u0007", "rar"), (0, "\u001f\u008b", "gz"), (0, "BZh", "bz2"), (0, "\u00fd7zXZ\0", "xz"),
            (257, "ustar", "tar"), (0, "ID3", "mp3"), (0, "\u00ff\u00fb", "mp3"), (0, "OggS", "ogg"), (0, "fLaC", "flac"), (0, "0&\u00b2u\u008ef\u00cf\u0011", "wmv"),
            (0, "\u001aE\u00df\u00a3", "mkv"), (0, "%!PS", "ps"), (0, "\u00d7\u00cd\u00c6\u009a", "wmf"), (40, " EMF", "emf"), (0, "SQLite format 3\0", "sqlite"),
            (4, "Standard Jet DB", "mdb"), (4, "Standard ACE DB", "accdb"), (0, "AC10", "dwg"), (0, "L\0\0\0\u0001\u0014\u0002\0", "lnk"), (0, "\0\0\u0001\0", "ico"),
            (0, "x\u009f>\u0022", "tnef"), (0, "\u00ffWPC", "wpd"), (0, "MSCF", "cab"), (0, "ITSF", "chm"), (0, "#!", "script"),
        }.Select(m => (m.At, Encoding.Latin1.GetBytes(m.Bytes), m.Type)),
    ];

    // Streams of an OLE file, by which its program is known (MS-DOC, MS-XLS, MS-PPT, MS-OXMSG, MS-VSD); names are in UTF-16 in its directory.
    private static readonly (string Stream, string Type)[] OleStreams =
        [("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"), ("__properties_version1.0", "msg"), ("__substg1.0_", "msg"), ("VisioDocument", "vsd")];

    private static readonly (string Name, string Type)[] ZipNames =
    [
        ("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("visio/", "vsdx"), ("opendocument.text", "odt"), ("opendocument.spreadsheet", "ods"),
        ("opendocument.presentation", "odp"), ("application/epub+zip", "epub"), ("META-INF/MANIFEST.MF", "jar"), ("AndroidManifest.xml", "apk"),
    ];

    private static readonly string[] OleEndings = ["doc", "dot", "xls", "xlt", "ppt", "pps", "pot", "msg", "vsd", "pub", "mpp", "msi", "msp", "one", "db"];
    private static readonly string[] ZipEndings = ["docx", "docm", "dotx", "xlsx", "xlsm", "xlsb", "pptx", "pptm", "ppsx", "vsdx", "odt", "ods", "odp", "jar", "apk", "epub", "xps", "kmz"];

    private static ReadOnlySpan<byte> Ole => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>The type as the ending that such files usually have, in small letters: <c>pdf</c>, <c>docx</c>, <c>msg</c>. Null: not known, or empty.</summary>
    /// <param name="head">The first <see cref="HeadBytes"/>, or the whole file.</param>
    /// <param name="name">Its name.</param>
    public static string? Of(ReadOnlySpan<byte> head, string name)
    {
        if (head.IsEmpty) return null;
        var ending = Ending(name);
        if (head.StartsWith(Ole)) return OfOle(head, ending);
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8)) return OfZip(head, ending);
        foreach (var (at, bytes, type) in Marks)
        {
            if (head.Length < at + bytes.Length || !head.Slice(at, bytes.Length).SequenceEqual(bytes)) continue;
            // A letter may begin with "MZ" or "BM", too; what a computer reads has bytes that no letter has.
            if (bytes.Length >= 5 || type is "ps" or "script" || bytes.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~') || IsBinary(head)) return type;
        }
        return OfText(head, ending);
    }

    /// <summary>The ending of a name without its dot, in small letters; blank when it has none.</summary>
    public static string Ending(string name) => Path.GetExtension(name).TrimStart('.').ToLowerInvariant();

    private static string OfOle(ReadOnlySpan<byte> head, string ending)
    {
        foreach (var (stream, type) in OleStreams)
            if (Directory(head).IndexOf(Encoding.Unicode.GetBytes(stream)) >= 0) return type;
        return OleEndings.Contains(ending) ? ending : "ole";
    }

    private static bool IsBinary(ReadOnlySpan<byte> head) => head.ContainsAnyInRange((byte)0, (byte)8);

    // Its directory begins at the sector named at 48; sectors are numbered behind the header, which is one itself (MS-CFB 2.2).
    private static ReadOnlySpan<byte> Directory(ReadOnlySpan<byte> head)
    {
        if (head.Length < 512) return default;
        var shift = BinaryPrimitives.ReadUInt16LittleEndian(head[30..]);
        var at = shift is 9 or 12 ? (BinaryPrimitives.ReadUInt32LittleEndian(head[48..]) + 1L) << shift : head.Length;
        return at < head.Length ? head[(int)at..] : default;
    }

    private static string OfZip(ReadOnlySpan<byte> head, string ending)
    {
        foreach (var (name, type) in ZipNames)
        {
            if (head.IndexOf(Encoding.ASCII.GetBytes(name)) < 0) continue;
            // A document with macros is another ending of the same kind.
            return ending.Length > 0 && ending[0] == type[0] && ZipEndings.Contains(ending) ? ending : type;
        }
        return ZipEndings.Contains(ending) ? ending : "zip";
    }

    private static string? OfText(ReadOnlySpan<byte> head, string ending)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return TextEnding(ending);
        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) head = head[3..];
        if (IsBinary(head)) return null;
        var start = Encoding.Latin1.GetString(head[..Math.Min(head.Length, 1024)]).TrimStart();
        if (start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase)) return ending is "html" or "htm" or "svg" or "xhtml" ? ending : "xml";
        if (start.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase)) return "html";
        if (start.StartsWith("BEGIN:VCALENDAR", StringComparison.OrdinalIgnoreCase)) return "ics";
        if (start.StartsWith("BEGIN:VCARD", StringComparison.OrdinalIgnoreCase)) return "vcf";
        if (ending is "eml" or "mht" or "mhtml" && IsHeader(start)) return ending;
        return Utf8.IsValid(Whole(head)) || !head.ContainsAnyInRange((byte)0x80, (byte)0x9F) ? TextEnding(ending) : null;
    }

    // A text of any kind goes by its ending; one with that of another kind of file, or with none, is just text.
    private static string TextEnding(string ending)
        => ending.Length is > 0 and <= 5 && ending.All(char.IsAsciiLetterOrDigit) && !OleEndings.Contains(ending) && !ZipEndings.Contains(ending) && !Marks.Any(m => m.Type == ending)
            ? ending
            : "txt";

    // A letter may be cut at the end of what was read.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> head)
        => head.LastIndexOfAnyInRange((byte)0xC0, (byte)0xFF) is var lead && lead >= 0 && lead >= head.Length - 3 ? head[..lead] : head;

    private static bool IsHeader(string start)
    {
        var end = start.AsSpan().IndexOfAny('\r', '\n');
        var line = end < 0 ? start : start[..end];
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return line.StartsWith("From ", StringComparison.Ordinal) || (colon > 0 && line.AsSpan(0, colon).IndexOfAnyExceptInRange('!', '~') < 0);
    }
}
