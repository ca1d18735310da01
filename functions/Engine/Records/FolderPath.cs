using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace IntegrationPoints.Engine.Records;

/// <summary>Where a folder path leads.</summary>
/// <param name="Folder">The folder; null: the root, or a problem.</param>
/// <param name="Code">The error's code, null when there is none.</param>
/// <param name="Reason">What is wrong and what to do, without the line.</param>
public readonly record struct FolderPathResult(RecordFolder? Folder, string? Code, string? Reason)
{
    /// <summary>Whether the path cannot be used.</summary>
    [MemberNotNullWhen(true, nameof(Code), nameof(Reason))]
    public bool IsError => Code is not null;
}

/// <summary>
/// Folder paths of load files (load-file specification, Fields 6): levels separated by <c>\</c>, blank levels and levels of dots only left
/// out, each trimmed, characters that no file system takes replaced by <c>_</c>.
/// </summary>
public static class FolderPath
{
    /// <summary>The most characters of one level.</summary>
    public const int LevelLength = 255;

    /// <summary>The most levels, those of the destination folder included.</summary>
    public const int Depth = 100;

    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Select(c => (char)c), .. ":*?\"<>|/\u2028\u2029\ufffd"]);

    /// <summary>The folder that a row's path names below the destination folder of its integration point.</summary>
    /// <param name="destinationFolder">The point's folder, separated by <c>\</c>; blank: the root.</param>
    /// <param name="cell">The row's path; blank: the destination folder itself.</param>
    public static FolderPathResult Parse(string destinationFolder, string cell)
    {
        var levels = new List<string>();
        if (AddLevels(levels, destinationFolder) is { } wrong) return wrong;
        if (AddLevels(levels, cell) is { } problem) return problem;
        if (levels.Count == 0) return default;

        var path = new StringBuilder();
        var ids = new string[levels.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            if (i > 0) path.Append('\\');
            path.Append(levels[i]);
            ids[i] = IdFor(path.ToString());
        }
        return new(new RecordFolder(path.ToString(), ids), null, null);
    }

    /// <summary>
    /// The id of the folder with this whole path: the same wherever and whenever it is made, so that batches can make it at once; without
    /// regard to case. A cryptographic hash, because the paths come from other people's files.
    /// </summary>
    public static string IdFor(string path)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path.ToUpperInvariant())).AsSpan(0, 10));

    private static FolderPathResult? AddLevels(List<string> levels, string path)
    {
        var text = path.AsSpan();
        foreach (var range in text.Split('\\'))
        {
            var level = text[range].Trim();
            if (level.Trim('.').IsEmpty) continue;
            if (level.Length > LevelLength)
            {
                return Invalid($"The folder {Words.Quote(level)} has {level.Length} characters; a folder's name has at most {LevelLength}. Shorten it.");
            }
            if (levels.Count == Depth) return Invalid($"The folder path {Words.Quote(path)} has more than {Depth} levels. Shorten it.");
            levels.Add(Clean(level));
        }
        return null;
    }

    private static string Clean(ReadOnlySpan<char> level)
    {
        if (!level.ContainsAny(Unsafe) && !level.ContainsAnyInRange('\ud800', '\udfff')) return level.ToString();
        var cleaned = new StringBuilder(level.Length);
        for (var i = 0; i < level.Length; i++)
        {
            var paired = char.IsHighSurrogate(level[i]) && i + 1 < level.Length && char.IsLowSurrogate(level[i + 1]);
            if (paired) cleaned.Append(level[i++]).Append(level[i]);
            else cleaned.Append(Unsafe.Contains(level[i]) || char.IsSurrogate(level[i]) ? '_' : level[i]);
        }
        return cleaned.ToString();
    }

    private static FolderPathResult Invalid(FormattableString reason) => new(null, "invalid-folder", reason.ToString(CultureInfo.InvariantCulture));
}
