using System.Buffers;
using System.Globalization;
using System.Text;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Exports;

/// <summary>
/// The names of files and folders of an export, and how load files refer to them (guide, 5.1). Names come from other people's data: none can
/// leave its folder, and every name can be a file on the usual file systems and be read back by an import.
/// </summary>
public static class ExportNames
{
    /// <summary>The most bytes of a name in UTF-8, its ending included; file systems end at 255 bytes or characters, stores at 254.</summary>
    public const int LongestName = 250;

    /// <summary>The folders of a volume.</summary>
    public const string Images = "IMAGES", Natives = "NATIVES", Texts = "TEXT";

    private const int LongestEnding = 32;

    // Those that file systems refuse, those that no name may hold or that let a name pose as another: changes of direction, separators, byte order marks.
    private static readonly SearchValues<char> Illegal = SearchValues.Create(
        "\\/?:*><|\"\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff");

    /// <summary>
    /// A name without characters that names cannot hold, each <c>_</c> instead: <c>a&lt;&gt;b</c> is <c>a__b</c>. So are blanks and dots at its
    /// end, and <c>_</c> stands before the name of a device. Not shortened.
    /// </summary>
    public static string Clean(string name) => Safe(Replaced(name));

    /// <summary>
    /// The name of a page's file, without ending: its page id, cleaned also of what ends fields of image load files, and cut so that an ending of
    /// up to eight letters finds room.
    /// </summary>
    /// <param name="pageId">The page id.</param>
    /// <param name="number">As with <see cref="File"/>.</param>
    public static string Page(string pageId, int number = 1)
    {
        var behind = number < 2 ? "" : string.Create(CultureInfo.InvariantCulture, $"_{number}");
        return Safe(Cut(ImageSafe(Clean(pageId)), LongestName - 9 - behind.Length) + behind);
    }

    /// <summary>The name of the one file of a document's images.</summary>
    /// <param name="name">A cleaned name.</param>
    /// <param name="ending">The ending, without dot.</param>
    /// <param name="number">As with <see cref="File"/>.</param>
    public static string ImageFile(string name, string ending, int number = 1) => File(ImageSafe(name), ending, number);

    /// <summary>
    /// What a document's files are called, without ending: its identifier or first Bates number, cleaned; then <c>_</c> and the native's original name, when that is appended.
    /// </summary>
    public static string Document(ExportSettings settings, ListedDocument document)
    {
        var after = settings.NameAfter == FileNaming.BeginProductionNumber && !string.IsNullOrWhiteSpace(document.BeginNumber)
            ? document.BeginNumber
            : document.Identifier;
        return Appended(after, settings.AppendOriginalName ? document.Native?.Name ?? document.OriginalName : null);
    }

    /// <summary>A cleaned name with the original name of a file behind it; blank or null: without.</summary>
    public static string Appended(string name, string? originalName) => string.IsNullOrWhiteSpace(originalName) ? Clean(name) : Clean($"{name}_{originalName}");

    /// <summary>The name with an ending, unless it has it already in any case of letters; cut before the ending where it would be too long.</summary>
    /// <param name="name">A cleaned name.</param>
    /// <param name="ending">An ending without dot; blank: none.</param>
    /// <param name="number">From 2 on a number stands behind the name, because files before it have the name: <c>A_2.msg</c>.</param>
    public static string File(string name, string ending, int number = 1)
    {
        var dotted = ending.Length == 0 ? "" : "." + ending;
        // "A.msg" has its ending already, and ".msg" alone is a name.
        if (dotted.Length > 0 && name.Length > dotted.Length && name.EndsWith(dotted, StringComparison.OrdinalIgnoreCase)) (name, dotted) = (name[..^dotted.Length], name[^dotted.Length..]);
        var behind = number < 2 ? dotted : string.Create(CultureInfo.InvariantCulture, $"_{number}{dotted}");
        return Safe(Cut(name, LongestName - Encoding.UTF8.GetByteCount(behind)) + behind);
    }

    /// <summary>The name of a document's text file.</summary>
    public static string TextFile(string name, int number = 1) => File(name, "txt", number);

    /// <summary>The ending of a native's name, cleaned, without dot; blank: none, or what cannot be one.</summary>
    public static string EndingOf(string nativeName)
    {
        var name = nativeName.Trim();
        var dot = name.LastIndexOf('.');
        return dot < 0 || name.Length - dot > LongestEnding ? "" : Replaced(name[(dot + 1)..]);
    }

    /// <summary>A prefix and a number, filled up with zeros to so many digits, never cut.</summary>
    public static string Label(string prefix, long number, int digits)
        => prefix + number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    /// <summary>The data file: <c>{name}_export.dat</c>.</summary>
    /// <param name="source">The name of the folder, saved search or production.</param>
    /// <param name="ending">The ending, without dot.</param>
    public static string LoadFile(string source, string ending)
    {
        var behind = $"_export.{ending}";
        return Cut(source.Length == 0 ? "" : Clean(source), LongestName - behind.Length) + behind;
    }

    /// <summary>The ending of the data file.</summary>
    public static string EndingOf(DataFormat format) => format switch
    {
        DataFormat.Dat => "dat",
        DataFormat.Html => "html",
        DataFormat.Csv => "csv",
        _ => "txt",
    };

    /// <summary>The ending of the one file that a document's images become; null: each page is a file with its own.</summary>
    public static string? EndingOf(ImageOutput output) => output switch
    {
        ImageOutput.MultiPageTiff => "tif",
        ImageOutput.Pdf => "pdf",
        _ => null,
    };

    /// <summary>The ending of the load file of the images; null: there is none.</summary>
    public static string? EndingOf(ImageFileFormat format) => format switch
    {
        ImageFileFormat.None => null,
        ImageFileFormat.Opticon => OpticonLine.Extension,
        _ => LfpLine.Extension,
    };

    /// <summary>The folder of one job: <c>{name}_{start UTC yyyy-MM-ddTHHmmss}</c>.</summary>
    public static string Folder(string jobName, DateTimeOffset start)
    {
        var behind = start.UtcDateTime.ToString("'_'yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture);
        return Cut(Clean(jobName), LongestName - behind.Length) + behind;
    }

    /// <summary>A path of the export folder as load files write it.</summary>
    /// <param name="settings">How paths begin.</param>
    /// <param name="address">The address of the export folder, for absolute paths.</param>
    /// <param name="path">The path from the export folder, separated by <c>/</c>.</param>
    public static string InLoadFile(ExportSettings settings, Uri address, string path)
    {
        if (settings.Paths == PathStyle.Absolute)
            return $"{address.AbsoluteUri.TrimEnd('/')}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
        var local = path.Replace('/', '\\');
        if (settings.Paths == PathStyle.Relative) return $@".\{local}";
        var prefix = settings.PathPrefix ?? "";
        if (prefix.Contains("://", StringComparison.Ordinal)) return $"{prefix.TrimEnd('/')}/{path}";
        return prefix.Length == 0 || prefix[^1] is '\\' or '/' ? prefix + local : $@"{prefix}\{local}";
    }

    /// <summary>Whether an import would read the name as that of a file in a folder, and find the same.</summary>
    internal static bool IsName(string name) => FilePath.Parse(name) is { Kind: PathKind.Relative, Segments: [var only] } && only == name;

    private static string Replaced(string name)
    {
        var clean = new StringBuilder(name.Length + 1);
        for (var i = 0; i < name.Length; i++)
        {
            var isPair = char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]);
            if (isPair) clean.Append(name[i++]).Append(name[i]);
            else clean.Append(Illegal.Contains(name[i]) || char.IsControl(name[i]) || char.IsSurrogate(name[i]) ? '_' : name[i]);
        }
        for (var i = clean.Length - 1; i >= 0 && (clean[i] is '.' || char.IsWhiteSpace(clean[i])); i--) clean[i] = '_';
        if (clean.Length > 0 && char.IsWhiteSpace(clean[0])) clean[0] = '_';
        return clean.ToString();
    }

    /// <summary>The first so many bytes in UTF-8, no character cut; a name cut there has no blank or dot at its end.</summary>
    private static string Cut(string name, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(name) <= bytes) return name;
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            length += rune.Utf16SequenceLength;
        }
        return name[..length].TrimEnd(' ', '.');
    }

    // Names of devices, and names that become others when they are decoded or normalised once more.
    private static string Safe(string name)
    {
        if (IsName(name)) return name;
        if (IsName("_" + name)) return "_" + name;
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' ? c : '_'));
        return IsName(plain) ? plain : "_" + plain;
    }

    private static string ImageSafe(string name) => name.Replace(',', '_').Replace(';', '_');
}
