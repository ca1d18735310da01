using Azure.Storage.Blobs;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage;

/// <summary>A package (a .zip) as the bytes of one version of a blob: the whole of it, or a package that lies unpacked in another.</summary>
/// <param name="Path">What people call it: its path in the staging area, through other packages where it lies in one.</param>
/// <param name="Blob">The blob that holds it.</param>
/// <param name="ETag">The blob's version.</param>
/// <param name="Offset">Where it begins in the blob.</param>
/// <param name="Bytes">Its size.</param>
public sealed record PackageFile(string Path, string Blob, string ETag, long Offset, long Bytes)
{
    /// <summary>Whether the blob lies in the container of jobs, where a packed package of a package is unpacked, and not in the staging area.</summary>
    public bool IsUnpacked { get; init; }

    /// <summary>1: it lies in the staging area itself; 2: in another package.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>A package that is a blob of the staging area.</summary>
    public static PackageFile Of(BlobVersion blob) => new(blob.Name, blob.Name, blob.ETag, 0, blob.Bytes);

    /// <summary>Whether a name is one of a package.</summary>
    public static bool IsName(string name) => name.Length > 4 && name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    internal Task<Stream> OpenAsync(Blobs blobs, long offset, long length, CancellationToken cancellationToken)
        => Blobs.OpenRangeAsync(Container(blobs, IsUnpacked), Blob, Offset + offset, Math.Min(length, Bytes - offset), ETag, cancellationToken);

    internal static BlobContainerClient Container(Blobs blobs, bool isUnpacked) => isUnpacked ? blobs.Jobs : blobs.Staging;

    internal ConfigurationException Damaged(string why) => new(
        "archive-damaged", $"The package {Words.QuotePath(Path)} cannot be read: {why} Ask its sender for it again, and upload it whole.");

    internal ConfigurationException OverLimit(string why, string? setting) => new(
        "archive-limit",
        $"The package {Words.QuotePath(Path)} is not read: {why} Ask for smaller packages{(setting is null ? "" : $", or have an administrator raise the instance setting {setting}")}.");
}
