using System.Buffers;
using System.Globalization;
using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Finds the encoding of a text file. The rule: a byte order mark always wins; else what the user said; else UTF-16 when every second
/// byte is zero; else UTF-8 when the text is valid UTF-8; else Shift-JIS, EUC-KR, GB18030 or Big5 when it is clearly that; else Windows-1252.
/// </summary>
public static class EncodingDetector
{
    private const int Window = 1024 * 1024;

    static EncodingDetector() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>UTF-8 without byte order mark, the encoding of most load files.</summary>
    internal static Encoding Utf8 { get; } = new UTF8Encoding(false);

    /// <summary>
    /// The encoding of that name ("utf-8", "windows-1252", "shift_jis") or code page number ("1252", "cp1252"); null when .NET has none,
    /// or when it is UTF-7, which cannot be read safely.
    /// </summary>
    public static Encoding? Find(string name)
    {
        name = name.Trim();
        var digits = name.StartsWith("cp", StringComparison.OrdinalIgnoreCase) ? name.AsSpan(2) : name;
        try
        {
            var encoding = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var page)
                ? page is 0 or > 65535 ? null : Encoding.GetEncoding(page)
                : Encoding.GetEncoding(name);
            return encoding switch { null or { CodePage: 65000 } => null, { CodePage: 65001 } => Utf8, _ => encoding };
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads from <paramref name="stream"/>, which stands at the start of the file, as far as it must (1 MiB; more while the text is plain
    /// ASCII, which any encoding could be) and says which encoding the file has. The stream is left where reading ended.
    /// </summary>
    /// <param name="stream">The file.</param>
    /// <param name="declared">What the user said; null or "auto" to detect.</param>
    /// <param name="ct">Cancels reading.</param>
    /// <exception cref="ArgumentException">The declared encoding is unknown: ask <see cref="Find"/> first.</exception>
    public static async Task<DetectedEncoding> DetectAsync(Stream stream, string? declared, CancellationToken ct)
    {
        var told = string.IsNullOrWhiteSpace(declared) || declared.Trim().Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? null
            : Find(declared) ?? throw new ArgumentException($"There is no encoding named '{declared}'.", nameof(declared));
        var buffer = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, Window), Window, throwOnEndOfStream: false, ct).ConfigureAwait(false);
            if (Mark(buffer.AsSpan(0, length)) is var (marked, preamble))
                return new(marked, preamble, "byte order mark", told is null ? null : Contradiction(told, marked));
            if (told is not null)
                return new(told, 0, "as told", Doubt(told, buffer.AsSpan(0, length), length < Window));
            return Guess(buffer.AsSpan(0, length), length < Window) ?? await GuessFurtherAsync(stream, buffer, length, ct).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (Encoding Encoding, int Length)? Mark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(true, true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        [0x84, 0x31, 0x95, 0x33, ..] => (Encoding.GetEncoding(54936), 4),
        _ => null,
    };

    // "utf-16" and "utf-32" name a family whose byte order the mark decides, so either order agrees with them.
    private static string? Contradiction(Encoding told, Encoding marked) =>
        told.CodePage == marked.CodePage || (told.CodePage, marked.CodePage) is (1200, 1201) or (12000, 12001)
            ? null
            : $"The file was said to be {told.WebName}, but its byte order mark says {marked.WebName}; it is read as {marked.WebName}.";

    // Only what disagrees strongly: half of all pairs of bytes are text in some encoding.
    private static string? Doubt(Encoding told, ReadOnlySpan<byte> start, bool whole)
    {
        if (told.CodePage == Utf8.CodePage)
        {
            return IsUtf8(start, whole) ? null : "The file was said to be UTF-8, but has bytes that UTF-8 cannot have; the rows that hold them are errors.";
        }

        var isWide = told.CodePage is 1200 or 1201 or 12000 or 12001;
        if (isWide && start.Length > 16 && !start.Contains((byte)0)) return Words(told, "it holds no zero byte, as text of that encoding does");
        if (!isWide && ZeroesSayUtf16(start) is { } utf16) return Words(told, $"it has a zero in every second byte, as {utf16.WebName} has");
        return !isWide && !StrictText.IsStateful(told) && !Ascii.IsValid(start) && IsUtf8(start, whole) && start.ContainsAnyInRange((byte)0xC2, (byte)0xF4)
            ? Words(told, "its letters beyond ASCII are valid UTF-8 all through")
            : null;

        static string Words(Encoding told, string why) => $"The file was said to be {told.WebName}, but {why}; it is read as {told.WebName}. Check the encoding.";
    }

    private static bool IsUtf8(ReadOnlySpan<byte> text, bool whole)
    {
        // A character may be cut at the end of what was read: drop its first bytes, three at most.
        if (!whole && text.LastIndexOfAnyInRange((byte)0xC0, (byte)0xFF) is var lead && lead >= 0 && lead >= text.Length - 3
            && !System.Text.Unicode.Utf8.IsValid(text[lead..]))
        {
            text = text[..lead];
        }

        return System.Text.Unicode.Utf8.IsValid(text);
    }

    private static DetectedEncoding? Guess(ReadOnlySpan<byte> text, bool whole)
    {
        if (ZeroesSayUtf16(text) is { } utf16)
            return new(utf16, 0, "every second byte is zero", $"The file has no byte order mark; it is read as {utf16.WebName}.");
        if (!IsUtf8(text, whole))
            return NotUtf8(text, whole, "not valid UTF-8");
        if (whole) return new(Utf8, 0, Ascii.IsValid(text) ? "plain ASCII" : "valid UTF-8", null);
        return Ascii.IsValid(text) ? null : new(Utf8, 0, "valid UTF-8 in the first 1 MiB", null);
    }

    private static DetectedEncoding NotUtf8(ReadOnlySpan<byte> text, bool whole, string why) => MultiByteGuess.Of(text, whole) is var (encoding, because)
        ? new(encoding, 0, because, $"The file has no byte order mark; it is read as {encoding.WebName} ({because}).")
        : new(Encoding.GetEncoding(1252), 0, why, null);

    private static Encoding? ZeroesSayUtf16(ReadOnlySpan<byte> text)
    {
        var sample = text[..(Math.Min(text.Length, 64 * 1024) & ~1)];
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i += 2)
        {
            if (sample[i] == 0) even++;
            if (sample[i + 1] == 0) odd++;
        }

        var enough = sample.Length / 2 * 0.9;
        if (sample.Length < 4) return null;
        return odd >= enough && even * 10 < odd ? Encoding.Unicode : even >= enough && odd * 10 < even ? Encoding.BigEndianUnicode : null;
    }

    private static async Task<DetectedEncoding> GuessFurtherAsync(Stream stream, byte[] buffer, int length, CancellationToken ct)
    {
        for (long seen = length; length == Window; seen += length)
        {
            length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, Window), Window, throwOnEndOfStream: false, ct).ConfigureAwait(false);
            var text = buffer.AsSpan(0, length);
            if (Ascii.IsValid(text)) continue;
            return IsUtf8(text, length < Window)
                ? new(Utf8, 0, $"valid UTF-8 where the first letters beyond ASCII stand, after {seen / Window} MiB", null)
                : NotUtf8(text, length < Window, $"not valid UTF-8 after {seen / Window} MiB");
        }

        return new(Utf8, 0, "plain ASCII", null);
    }
}
