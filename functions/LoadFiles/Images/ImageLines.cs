using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>What the lines of image load files say.</summary>
public static class ImageLines
{
    /// <summary>How many bytes of a file's beginning <see cref="FormatOf"/> needs at most.</summary>
    public const int HeadBytes = 16 * 1024;

    private const int OpticonFewest = 4, OpticonMost = 7;

    /// <summary>A line of Opticon.</summary>
    internal static ImageLine Opticon(string text)
    {
        var fields = Fields(text);
        var line = new ImageLine { PageId = fields[0], Fields = fields };
        if (fields.Length < OpticonFewest)
        {
            return line with
            {
                Error = $"The line has {Counted(fields.Length, "field")}, and a line of an Opticon file has 4 to 7, separated by commas: page id, volume, path, document marker, folder, box, page count.",
            };
        }
        if (fields.Skip(OpticonMost).Any(f => f.Length > 0))
        {
            // A comma too many moves the marker to the right. The line still begins its own document, so that the one before it is not spoilt.
            return line with { StartsDocument = fields.Skip(OpticonFewest - 1).Any(IsMarker), Error = $"The line has {fields.Length} fields, and a line of an Opticon file has 4 to 7. Look for a comma in the page id or the path, which would be taken for the end of the field." };
        }
        return line with
        {
            Path = fields[2],
            StartsDocument = IsMarker(fields[OpticonFewest - 1]),
            PageCount = fields.Length >= OpticonMost && int.TryParse(fields[6], out var pages) && pages > 0 ? pages : null,
        };
    }

    /// <summary>A line of IPRO LFP. The path may contain commas; what stands around it cannot.</summary>
    internal static ImageLine Lfp(string text)
    {
        var fields = Fields(text);
        if (!fields[0].Equals("IM", StringComparison.OrdinalIgnoreCase)) return new ImageLine { IsOther = true, Fields = fields };
        var head = text.Split(',', 5, StringSplitOptions.TrimEntries);
        var line = new ImageLine
        {
            PageId = head.Length > 1 ? head[1] : "",
            StartsDocument = head.Length > 2 && head[2].ToUpperInvariant() is ("D" or "C" or "S"),
            Fields = fields,
        };
        var place = head.Length == 5 ? head[4].Split(';', StringSplitOptions.TrimEntries) : [];
        if (place.Length < 3 || !int.TryParse(head[3], out var page) || page < 0)
            return line with { Error = "The line is not as image lines of an IPRO LFP file are: IM,page id,marker,page of the file,@volume;folder;file;type." };
        return line with
        {
            Path = place[1].Length == 0 ? place[2] : $@"{place[1]}\{place[2]}",
            PageOfFile = page,
            Rotation = place.Length > 3 && place[3].Split(',', StringSplitOptions.TrimEntries) is [_, var turned, ..] ? Degrees(turned) : 0,
        };
    }

    /// <summary>The kind of an image load file: LFP when its name ends in .lfp or an image line of LFP stands at its beginning, else Opticon.</summary>
    public static ImageFormat FormatOf(string fileName, ReadOnlySpan<byte> head)
    {
        if (fileName.EndsWith(".lfp", StringComparison.OrdinalIgnoreCase)) return ImageFormat.Lfp;
        foreach (var line in Encoding.Latin1.GetString(head).AsSpan().EnumerateLines())
            if (line.StartsWith("IM,", StringComparison.OrdinalIgnoreCase) && line.Contains(",@", StringComparison.Ordinal)) return ImageFormat.Lfp;
        return ImageFormat.Opticon;
    }

    private static bool IsMarker(string field) => field.Equals("Y", StringComparison.OrdinalIgnoreCase);

    private static string[] Fields(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static string Counted(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    // Quarter turns, as most programs write it, or degrees.
    private static int Degrees(string text) => text switch
    {
        "1" or "90" => 90,
        "2" or "180" => 180,
        "3" or "270" => 270,
        _ => 0,
    };
}
