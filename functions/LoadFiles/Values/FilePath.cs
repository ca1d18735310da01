using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>What a path of a load file points to.</summary>
public enum PathKind
{
    /// <summary>Nothing: the cell is blank.</summary>
    Blank,

    /// <summary>A file under the base folder.</summary>
    Relative,

    /// <summary>A drive letter, a server share or an address: readable only where a rule maps it into the base folder.</summary>
    Absolute,

    /// <summary>Outside the base folder, or a name that no file may have.</summary>
    Outside,
}

/// <summary>A path of a load file, taken apart.</summary>
/// <param name="Kind">What it points to.</param>
/// <param name="Segments">
/// Its folders and the file name, without <c>.</c> and <c>..</c>, spelled as in the load file. An absolute path begins with its root as one
/// segment: <c>D:</c>, <c>//server/share</c>, <c>https://host</c>. Empty for the kinds Blank and Outside.
/// </param>
public readonly record struct ReferencedPath(PathKind Kind, IReadOnlyList<string> Segments)
{
    /// <summary>The segments joined by <c>/</c>.</summary>
    public string Path => string.Join('/', Segments);
}

/// <summary>
/// Reads the paths of natives, texts and images in load files (load-file specification, "Extracted Text", "Native File Path"). They are
/// hostile input: nothing that could be taken for a way out of the base folder, by us or by whatever file system the name meets later, is
/// Relative.
/// </summary>
public static class FilePath
{
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

    /// <summary>
    /// Takes a path apart. <c>/</c> and <c>\</c> are alike; surrounding blanks, <c>.\</c> and one leading separator mean nothing;
    /// <c>..</c> is resolved and must stay inside. Never throws. Percent signs are letters: <c>50%20off.pdf</c> is the file of that name,
    /// but a name that becomes <c>..</c> or several segments when decoded is Outside.
    /// </summary>
    public static ReferencedPath Parse(string raw)
    {
        var path = raw.Trim().Replace('\\', '/');
        if (path.Length == 0) return new(PathKind.Blank, []);
        var (root, rest) = SplitRoot(path);
        if (root is not null && !IsRootSafe(root)) return new(PathKind.Outside, []);
        var segments = new List<string>();
        foreach (var segment in rest.Split('/'))
        {
            if (segment.Length == 0 || segment == ".") continue;
            if (segment == "..")
            {
                if (segments.Count == 0) return new(PathKind.Outside, []);
                segments.RemoveAt(segments.Count - 1);
                continue;
            }

            if (!IsSafe(segment)) return new(PathKind.Outside, []);
            segments.Add(segment);
        }

        if (segments.Count == 0) return new(PathKind.Outside, []);
        if (root is null) return new(PathKind.Relative, segments);
        segments.Insert(0, root);
        return new(PathKind.Absolute, segments);
    }

    /// <summary>The path of the text beside a file: the same name with the ending .txt (load-file specification, "Importing extracted text during an image load").</summary>
    public static string TextBeside(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return "";
        var (name, dot) = (path.AsSpan().LastIndexOfAny('/', '\\'), path.LastIndexOf('.'));
        return (dot > name ? path[..dot] : path) + ".txt";
    }

    private static (string? Root, string Tail) SplitRoot(string path)
    {
        if (path.StartsWith("//", StringComparison.Ordinal)) return SplitServer(path.TrimStart('/'));
        var unrooted = path.TrimStart('/');
        if (unrooted.Length >= 2 && char.IsAsciiLetter(unrooted[0]) && unrooted[1] == ':')
            return (unrooted[..2].ToUpperInvariant(), unrooted[2..]);
        var colon = path.IndexOf(':');
        if (colon < 2 || !path[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')) return (null, path);
        if (!path[(colon + 1)..].StartsWith('/')) return (null, path);
        var address = path[(colon + 1)..].TrimStart('/');
        var slash = address.IndexOf('/');
        return slash < 0 ? ($"{path[..colon]}://{address}", "") : ($"{path[..colon]}://{address[..slash]}", address[slash..]);
    }

    // \\server\share\…, and the device forms \\?\C:\…, \\?\UNC\server\share\…, \\.\C:\….
    private static (string? Root, string Tail) SplitServer(string path)
    {
        if (path.StartsWith("?/", StringComparison.Ordinal) || path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..];
            if (path.StartsWith("UNC/", StringComparison.OrdinalIgnoreCase)) path = path[4..];
            else if (path.Length >= 2 && char.IsAsciiLetter(path[0]) && path[1] == ':') return (path[..2].ToUpperInvariant(), path[2..]);
            else return ("//.", path);
        }

        var parts = path.Split('/', 3);
        return parts.Length < 3 ? ("//" + path, "") : ($"//{parts[0]}/{parts[1]}", parts[2]);
    }

    private static bool IsRootSafe(string root) => !root.Any(char.IsControl) && IsText(root) && !root.Contains("..", StringComparison.Ordinal);

    private static bool IsSafe(string segment)
    {
        if (segment.Any(char.IsControl) || segment.Contains(':') || !IsText(segment)) return false;
        // Windows drops trailing dots and blanks, so "..." and ".. ." are other spellings of "." and "..".
        if (segment.AsSpan().Trim(". ").IsEmpty) return false;
        if (IsDevice(segment)) return false;
        var decoded = segment;
        for (var round = 0; round < 4 && decoded.Contains('%'); round++)
        {
            var again = Uri.UnescapeDataString(decoded);
            if (again == decoded) break;
            decoded = again;
            if (decoded.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || decoded.AsSpan().Trim(". ").IsEmpty) return false;
        }

        return !decoded.Contains("%c0%a", StringComparison.OrdinalIgnoreCase) && !HidesDots(decoded);
    }

    // Full-width and other compatibility forms of dots and slashes, which a file system or a later step might normalise.
    private static bool HidesDots(string segment) => !Ascii.IsValid(segment) && IsText(segment)
        && segment.Normalize(NormalizationForm.FormKC).Split('/', '\\').Any(part => part.Length > 0 && part.AsSpan().Trim(". ").IsEmpty);

    private static bool IsDevice(string segment)
    {
        var end = segment.IndexOf('.');
        var name = (end < 0 ? segment : segment[..end]).TrimEnd();
        return Devices.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name.Length == 4 && name[..3].ToUpperInvariant() is "COM" or "LPT" && name[3] is (>= '1' and <= '9') or '¹' or '²' or '³');
    }

    // An unpaired surrogate and U+FFFE are no characters; no store can keep them in a name, and neither can be normalised.
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\ufffe') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return false;
        }

        return true;
    }
}
