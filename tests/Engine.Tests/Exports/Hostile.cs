using CsCheck;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>Identifiers and names as nobody would give them.</summary>
internal static class Hostile
{
    private static readonly Gen<string> Piece = Gen.Frequency(
        (6, Gen.String[Gen.Char['a', 'c'], 1, 2]),
        (4, Gen.OneOf("\\", "/", "?", ":", "*", ">", "<", "|", "\"", "_", "_2", "_3", ".", "..", " ", "%2e", "%2f", "%5c", "%")),
        (2, Gen.OneOf(".msg", ".txt", ".pdf", ".tif", "CON", "nul", "COM1", "LPT9.", "CLOCK$")),
        (2, Gen.OneOf("é", "e\u0301", "É", "日", "😀", "👨‍👩‍👧", "\u202e", "\u200f", "\u2028", "\ufeff", "．", "／", "ß", "İ", "\ud800", "\udc00", "\0", "\n", "\t", "\ufffd")));

    /// <summary>Names of 1 to 255 characters and a few more, most of them short so that they meet.</summary>
    public static readonly Gen<string> Name = Gen.Frequency(
        (8, Piece.Array[1, 3].Select(string.Concat)),
        (2, Piece.Array[1, 12].Select(string.Concat)),
        (1, Gen.Select(Piece, Gen.Int[200, 255], (p, n) => string.Concat(Enumerable.Repeat(p, n))[..n])));
}
