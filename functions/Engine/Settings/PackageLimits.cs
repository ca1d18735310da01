namespace IntegrationPoints.Engine.Settings;

/// <summary>What a package (.zip) may be at most (design, Security; instance settings): beyond it, it is refused before anything is read from it.</summary>
public sealed record PackageLimits
{
    /// <summary>How many files and folders it may list.</summary>
    public int Entries { get; init; } = 1_000_000;

    /// <summary>How many bytes its files may have together once they are unpacked.</summary>
    public long Bytes { get; init; } = 4L * 1024 * 1024 * 1024 * 1024;

    /// <summary>How many times its own size its files may have once they are unpacked. Text seldom passes 20, deflate cannot pass 1,032.</summary>
    public int Ratio { get; init; } = 200;

    /// <summary>How deep packages may lie in packages; 2: a package in a package.</summary>
    public int Nesting { get; init; } = 2;

    /// <summary>Below so many unpacked bytes the ratio does not matter: a small blank file packs a thousand times and harms nobody.</summary>
    public long BytesOfAnyRatio { get; init; } = 100 * 1024 * 1024;
}
