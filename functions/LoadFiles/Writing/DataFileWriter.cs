using System.Buffers;
using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>A cell of a data file.</summary>
/// <param name="Text">What stands in a delimited file; in a page too, when there are no <paramref name="Paths"/>.</param>
/// <param name="Paths">Files that a page links to, written as in load files; null: none.</param>
public readonly record struct DataCell(string Text, IReadOnlyList<string>? Paths = null)
{
    /// <summary>A cell that names one file.</summary>
    public static DataCell File(string path) => new(path, path.Length == 0 ? null : [path]);
}

/// <summary>What a data file could not take of a cell as it is. The row is written all the same.</summary>
/// <param name="Cell">The number of the cell in its row, from 0.</param>
/// <param name="Code"><c>character-not-in-encoding</c>, <c>character-not-in-format</c> or <c>character-is-newline</c>.</param>
/// <param name="Reason">What happened and what to do about it, in words for the user.</param>
public sealed record CellLoss(int Cell, string Code, string Reason);

/// <summary>
/// Makes the bytes of a data file, part by part: its beginning, any number of rows, its end. Parts made by different writers of the same settings can
/// be put one behind the other; only the beginning has a byte order mark. Safe for use by several threads.
/// </summary>
public abstract class DataFileWriter
{
    /// <summary>The name of the column that says where the native is.</summary>
    public abstract string NativeColumn { get; }

    /// <summary>The name of the column that says where the images are; null: this format has none.</summary>
    public abstract string? ImageColumn { get; }

    /// <summary>Writes what comes before the first row, with the names of the columns.</summary>
    public abstract IReadOnlyList<CellLoss> Head(IReadOnlyList<string> columns, IBufferWriter<byte> output);

    /// <summary>Writes one row.</summary>
    public abstract IReadOnlyList<CellLoss> Row(IReadOnlyList<DataCell> cells, IBufferWriter<byte> output);

    /// <summary>Writes what comes after the last row.</summary>
    public abstract void Foot(IBufferWriter<byte> output);

    /// <summary>A character for messages: itself when it can be seen, and its code.</summary>
    internal static string Named(Rune rune)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
        var canBeSeen = rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.SpaceSeparator or UnicodeCategory.Surrogate);
        return canBeSeen ? $"\"{rune}\" ({code})" : code;
    }

    /// <summary>How many of something, and what the first is.</summary>
    internal static string Counted(int count, Rune first) => count == 1
        ? $"1 character, {Named(first)},"
        : string.Create(CultureInfo.InvariantCulture, $"{count} characters, the first {Named(first)},");
}
