namespace IntegrationPoints.Storage.Catalog;

/// <summary>
/// The order of texts by their UTF-8 bytes, which is that of their code points and that in which stores sort. Ordinal comparison of strings
/// differs: it puts U+E000 to U+FFFF after the characters beyond them, whose UTF-16 form begins with D800 to DBFF.
/// </summary>
public sealed class Utf8Order : IComparer<string>
{
    /// <summary>The order.</summary>
    public static Utf8Order Comparer { get; } = new();

    private Utf8Order() { }

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        var same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length.CompareTo(b.Length) : Rank(a[same]).CompareTo(Rank(b[same]));
    }

    private static int Rank(char c) => c switch
    {
        >= '\uE000' => c - 0x800,
        >= '\uD800' => c + 0x2000,
        _ => c,
    };
}
