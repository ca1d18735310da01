namespace IntegrationPoints.Storage;

/// <summary>One version of a blob.</summary>
/// <param name="Name">Its path in its container.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ETag">Its version, without quotes.</param>
/// <param name="ContentHash">Its MD5, when the store knows it.</param>
/// <param name="LastModifiedUtc">When this version was written.</param>
public sealed record BlobVersion(string Name, long Bytes, string ETag, byte[]? ContentHash = null, DateTimeOffset LastModifiedUtc = default);

/// <summary>What lies in a folder of a container: a file or a sub-folder.</summary>
/// <param name="Name">Its name in the folder, without the folder's path and without slashes.</param>
/// <param name="File">The file's version; null for a sub-folder.</param>
public sealed record FolderItem(string Name, BlobVersion? File);

/// <summary>A blob is not the version any more that was asked for: somebody wrote it meanwhile.</summary>
public sealed class BlobChangedException(string container, string name, Exception? cause = null)
    : IOException($"{container}/{name} was changed by somebody else.", cause)
{
    /// <summary>The blob's path in its container.</summary>
    public string Name { get; } = name;
}

/// <summary>There is no such blob.</summary>
public sealed class BlobMissingException(string container, string name, Exception? cause = null)
    : IOException($"{container}/{name} does not exist.", cause)
{
    /// <summary>The blob's path in its container.</summary>
    public string Name { get; } = name;
}
