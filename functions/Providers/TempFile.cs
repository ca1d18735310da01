namespace IntegrationPoints.Providers;

/// <summary>Files of this machine that hold what is too large for memory, and are gone when they are closed or the process dies.</summary>
internal static class TempFile
{
    /// <summary>A new empty file that only this process knows.</summary>
    public static FileStream Create() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 128 * 1024,
        });
}
