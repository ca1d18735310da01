using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>Encodings that say what they cannot do, and the bytes of the delimiters in them.</summary>
internal static class StrictText
{
    /// <summary>The same encoding, throwing for characters and bytes it does not know.</summary>
    public static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    /// <summary>
    /// What .NET makes of single bytes that the East Asian code pages do not have (<c>FD</c> in Shift-JIS): characters of private use, which it
    /// writes back as those bytes. They are no text.
    /// </summary>
    public const char FirstStray = '\uF8E6', LastStray = '\uF8F8';

    /// <summary>Whether single bytes that are no text become characters all the same: in code pages of two bytes, not in UTF and GB18030.</summary>
    public static bool HasStrays(Encoding encoding) => !encoding.IsSingleByte && encoding.CodePage is not (1200 or 1201 or 12000 or 12001 or 65001 or 54936);

    /// <summary>Whether what a byte means depends on escape sequences before it (ISO-2022, HZ).</summary>
    public static bool IsStateful(Encoding encoding) => encoding.CodePage is (>= 50220 and <= 50229) or 52936;

    /// <summary>
    /// The bytes of the character with that code; where the encoding has no such character, the single byte of that code
    /// (then <paramref name="isByte"/> is true).
    /// </summary>
    public static byte[] BytesOf(Encoding strict, int code, out bool isByte)
    {
        try
        {
            isByte = false;
            var bytes = strict.GetBytes([(char)code]);
            // Some code pages write a look-alike without saying so; only what reads back is the character.
            if (strict.GetString(bytes) == ((char)code).ToString()) return bytes;
        }
        catch (ArgumentException)
        {
            // Not a character of this encoding: the byte is meant.
        }

        isByte = true;
        return [(byte)code];
    }
}
