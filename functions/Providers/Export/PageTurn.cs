namespace IntegrationPoints.Providers.Export;

/// <summary>How a page is to be shown: turned over from left to right first, if at all, then turned clockwise.</summary>
/// <param name="Mirrored">Whether left and right change places.</param>
/// <param name="Degrees">0, 90, 180 or 270, clockwise.</param>
internal readonly record struct PageTurn(bool Mirrored, int Degrees)
{
    // TIFF 6.0, section 8, "Orientation": where the first row and the first column are to be seen.
    private static readonly int[] Plain = [1, 6, 3, 8], Over = [2, 7, 4, 5];

    /// <summary>The value of the tag of TIFF and EXIF.</summary>
    public int Orientation => (Mirrored ? Over : Plain)[Degrees / 90];

    /// <summary>What a value of the tag says; nothing when there is no such value.</summary>
    public static PageTurn Of(int orientation)
        => Array.IndexOf(Over, orientation) is >= 0 and var over ? new PageTurn(true, over * 90)
            : Array.IndexOf(Plain, orientation) is >= 0 and var plain ? new PageTurn(false, plain * 90)
            : default;

    /// <summary>Turned on by so many degrees.</summary>
    public PageTurn By(int degrees) => this with { Degrees = ((Degrees + degrees) % 360 + 360) % 360 / 90 * 90 };
}
