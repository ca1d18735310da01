using System.Globalization;
using System.Text;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

public static partial class ExportRules
{
    private static void CheckDataFile(ExportSettings settings, List<Problem> problems)
    {
        var encoding = EncodingDetector.Find(settings.Encoding);
        if (encoding is null) problems.Add(UnknownEncoding("encoding", settings.Encoding));
        if (settings.Delimiters is not null && settings.DataFormat != DataFormat.Txt)
        {
            problems.Add(At(Destination + "delimiters", "setting-not-used",
                $"The format {ExportNames.EndingOf(settings.DataFormat)} has its own characters. Leave the characters out, or choose the format txt."));
        }
        if (settings.DataFormat == DataFormat.Html)
        {
            if (encoding is not null && !IsOfPages(encoding))
                problems.Add(At(Destination + "encoding", "encoding-not-usable", $"Browsers cannot read pages in {encoding.WebName}. Choose utf-8."));
            return;
        }
        var delimiters = ExportFormat.DelimitersOf(settings);
        if (delimiters.Problem is { } problem) problems.Add(At(Destination + "delimiters", "delimiters-invalid", problem));
        else if (encoding is not null) CheckCharacters(encoding, delimiters, settings.DataFormat, problems);
    }

    // HTML names the encodings that browsers know by what they do with markup.
    private static bool IsOfPages(Encoding encoding)
        => encoding.CodePage is 1200 or 1201 || (encoding.CodePage is not (12000 or 12001) && encoding.GetBytes("<a>").AsSpan().SequenceEqual("<a>"u8));

    private static void CheckCharacters(Encoding encoding, Delimiters delimiters, DataFormat format, List<Problem> problems)
    {
        var property = Destination + (format == DataFormat.Txt ? "delimiters" : "encoding");
        foreach (var (what, code) in new[] { ("column", delimiters.Column), ("quote", delimiters.Quote) })
        {
            if (code == 0 || Has(encoding, code) || IsNoText(encoding, code)) continue;
            problems.Add(At(property, "delimiter-not-in-encoding", string.Create(CultureInfo.InvariantCulture,
                $"In {encoding.WebName} the {what} character (code {code}) is another letter, so that values could not be told apart. Choose UTF-8 or UTF-16, or other characters.")));
        }
        var others = new[] { ("multi-value", delimiters.MultiValue), ("nested-value", delimiters.Nested) };
        foreach (var (what, code) in delimiters.Quote == 0 ? [.. others, ("newline", delimiters.Newline)] : others)
        {
            if (Has(encoding, code)) continue;
            problems.Add(At(property, "delimiter-not-in-encoding", string.Create(CultureInfo.InvariantCulture,
                $"{encoding.WebName} does not have the {what} character (code {code}). Choose UTF-8 or UTF-16, or another character.")));
        }
        if (delimiters.Quote == 0 && delimiters.Newline is '\r' or '\n')
            problems.Add(At(property, "delimiters-invalid", "Without quotes a line break in a value would end its row. Choose a newline character that is no line break, or use quotes."));
    }

    private static bool Has(Encoding encoding, int code)
    {
        var text = ((char)code).ToString();
        var bytes = encoding.GetBytes(text);
        return encoding.GetString(bytes) == text;
    }

    // The byte of that code stands for no letter (FE in Shift-JIS), so that it can only be the delimiter.
    private static bool IsNoText(Encoding encoding, int code)
    {
        if (encoding.IsSingleByte) return encoding.GetString([(byte)code]) is "\ufffd" or "?";
        var pair = encoding.GetString([(byte)code, (byte)'A', (byte)'A']);
        return pair.Length == 3 && pair[1] == 'A' && (pair[0] == '\ufffd' || char.GetUnicodeCategory(pair[0]) == UnicodeCategory.PrivateUse);
    }

    private static void CheckImages(ExportSettings settings, List<Problem> problems)
    {
        CheckNames(settings.Productions, Destination + "productions", "production", problems);
        if (!settings.Images || settings.ImageFile == ImageFileFormat.None) return;
        var separators = settings.ImageFile == ImageFileFormat.Opticon ? "," : ",;";
        foreach (var (property, value) in new[] { ("pathPrefix", settings.PathPrefix ?? ""), ("volume.prefix", settings.Volume.Prefix), ("imagePrefix", settings.ImagePrefix) })
        {
            var wrong = value.AsSpan().IndexOfAny(separators);
            if (wrong >= 0)
            {
                problems.Add(At(Destination + property, "name-invalid",
                    $"{Words.Quote(value)} holds {Words.Quote(value.AsSpan(wrong, 1))}, which ends a field in the load file of the images. Remove it, or export without that load file."));
            }
            else if (!Has(ExportFormat.EncodingOf("windows-1252"), value))
            {
                problems.Add(At(Destination + property, "name-invalid",
                    $"{Words.Quote(value)} holds a character that Windows-1252 does not have, in which load files of images are written. Remove it, or export without that load file."));
            }
        }
    }

    private static bool Has(Encoding encoding, string text) => encoding.GetString(encoding.GetBytes(text)) == text;

    private static void CheckPrefixes(ExportSettings settings, List<Problem> problems)
    {
        (string Property, string Prefix)[] all =
        [
            ("volume.prefix", settings.Volume.Prefix), ("imagePrefix", settings.ImagePrefix), ("nativePrefix", settings.NativePrefix), ("textPrefix", settings.TextPrefix),
        ];
        foreach (var (property, prefix) in all)
        {
            if (string.IsNullOrWhiteSpace(prefix)) problems.Add(At(Destination + property, "name-missing", "The prefix is blank. Enter one."));
            else if (prefix.Length > LongestPrefix) problems.Add(At(Destination + property, "name-too-long", string.Create(CultureInfo.InvariantCulture, $"The prefix {Words.Quote(prefix)} has {prefix.Length} characters; it may have {LongestPrefix}. Shorten it.")));
            else if (ExportNames.Clean(prefix + "1") != prefix + "1") problems.Add(At(Destination + property, "name-invalid", $"The prefix {Words.Quote(prefix)} cannot begin the name of a folder. Leave out \\ / : * ? \" < > |, and names of devices such as COM."));
        }
    }

    private const int LongestPrefix = 100;

    private static Problem UnknownEncoding(string property, string name) => At(Destination + property, "unknown-encoding",
        $"{Words.Quote(name)} is not an encoding. Use a name such as utf-8, utf-16 or windows-1252.");
}
