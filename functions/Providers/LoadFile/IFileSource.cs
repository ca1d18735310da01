using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>A source whose records are lines of a file of the staging area, from which an error file can be made.</summary>
public interface IFileSource : ISource
{
    /// <summary>Whether a file that it refers to is not there: what an upload still waits for.</summary>
    Task<bool> LacksFilesAsync(SourceLayout layout, ImportSettings import, CancellationToken cancellationToken);

    /// <summary>The bytes of rows as they stand in the file, for the error file.</summary>
    Task<Stream> OpenBytesAsync(SourceLayout layout, long offset, long length, CancellationToken cancellationToken);
}
