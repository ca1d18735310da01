using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Writes lines of IPRO LFP: <c>IM,bates,D,0,@volume;folder;file;type</c> for a page, <c>FT,bates,1,1,words</c> for its text.
/// </summary>
public static class LfpLine
{
    /// <summary>The ending of such files, without dot.</summary>
    public const string Extension = "lfp";

    // Where a word stands on its page is not known.
    private const string WordEnd = "|0|0|0|0^";

    /// <summary>The line of a page. What does not fit into Windows-1252, or would end its field, is reported and not written.</summary>
    /// <param name="bates">The page's id.</param>
    /// <param name="volume">The name of the volume.</param>
    /// <param name="path">The path of its file, as load files have it; <c>\</c> or <c>/</c> before the file's name.</param>
    /// <param name="page">Which page of its document it is, from 1.</param>
    /// <param name="pageOfFile">Which page of its file it is, from 1; 0: all of the file.</param>
    /// <param name="rotation">By how many degrees the image is to be turned: 0, 90, 180 or 270. Nothing is written for 0.</param>
    public static ImageFileLine Image(string bates, string volume, string path, int page, int pageOfFile = 0, int rotation = 0)
    {
        if (string.IsNullOrWhiteSpace(bates)) return ImageFileLine.WithoutId;
        var cut = path.AsSpan().LastIndexOfAny('\\', '/');
        var (folder, file) = cut < 0 ? ("", path) : (path[..cut], path[(cut + 1)..]);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"IM,{bates},{(page == 1 ? "D" : "")},{pageOfFile},@{volume};{folder};{file};{Type(file)}{(rotation == 0 ? "" : $",{rotation / 90}")}");
        return ImageFileLine.Of(line, ",;", [("page id", bates), ("volume", volume), ("path", path)]);
    }

    /// <summary>
    /// The line of a page's text, which stands before the page's own: spaces and line breaks (CRLF is one) as <c>|0|0|0|0^</c>, commas removed, because the format has
    /// no escape for them. Other characters that do not fit are replaced by <c>?</c> and reported: then there is a reason, and the line too. A page
    /// id that does not fit is reported, and no line written.
    /// </summary>
    public static ImageFileLine FullText(string bates, string text)
    {
        if (string.IsNullOrWhiteSpace(bates)) return ImageFileLine.WithoutId;
        var start = ImageFileLine.Of("", ",;", [("page id", bates)]);
        if (start.HasProblem) return start;
        var words = new StringBuilder("FT,").Append(bates).Append(",1,1,");
        var replaced = 0;
        Rune first = default;
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is ' ' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029 || (rune.Value == '\n' && before.Value != '\r'))
            {
                words.Append(WordEnd);
            }
            else if (rune.Value is not (',' or '\n'))
            {
                var fits = ImageFileLine.Fits(rune) && (rune.Value == '\t' || !Rune.IsControl(rune));
                if (!fits && replaced++ == 0) first = rune;
                words.Append(fits ? (char)rune.Value : '?');
            }
            before = rune;
        }
        var bytes = ImageFileLine.BytesOf(words.Append("\r\n").ToString());
        return replaced == 0 ? new(bytes) : new(bytes, "character-not-in-encoding",
            $"{DataFileWriter.Counted(replaced, first)} of the text cannot be written in Windows-1252, in which image load files are; ? stands there instead. Export text files to keep every character.");
    }

    private static string Type(string file) => file[(file.LastIndexOf('.') + 1)..].ToUpperInvariant() switch
    {
        "TIF" or "TIFF" => "2",
        "JPG" or "JPEG" => "4",
        "PDF" => "7",
        _ => "",
    };
}
