using IntegrationPoints.Providers.Connections;

namespace IntegrationPoints.Providers.Csv;

/// <summary>A server of files that somebody is signed in to. What it is asked for is asked one after the other.</summary>
internal interface IFileServer : IAsyncDisposable
{
    /// <summary>The fingerprint of the key by which the server proved who it is; null: its protocol has none.</summary>
    string? HostKey { get; }

    /// <summary>The names of what lies in a folder, its subfolders among them.</summary>
    /// <param name="folder">With its slash at the end; empty: the folder in which the server begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ServerException"><c>file-not-found</c>, <c>connection-failed</c>.</exception>
    IAsyncEnumerable<string> NamesAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Copies a file, or its first bytes, after which the server can be asked nothing any more.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="to">Where to.</param>
    /// <param name="most">How many bytes at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many bytes it has; <paramref name="most"/> when it has more than that. What was copied is whole, and one version.</returns>
    /// <exception cref="ServerException"><c>file-not-found</c>, <c>file-changed</c> while it was copied, <c>connection-failed</c>.</exception>
    Task<long> CopyAsync(string path, Stream to, long most, CancellationToken cancellationToken);
}
