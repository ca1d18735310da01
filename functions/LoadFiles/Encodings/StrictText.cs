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
