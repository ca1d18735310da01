namespace IntegrationPoints.Cli.Dev;

/// <summary>A file that one process at a time holds; the system lets go of it when the process dies.</summary>
internal static class LockFile
{
    /// <summary>Waits until nobody holds it, and holds it until the result is disposed of.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static async Task<FileStream> TakeAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}

/// <summary>Output of a background process.</summary>
internal static class LogFile
{
    private const int LastLines = 12;

    /// <summary>What it has written so far.</summary>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>The last lines of it.</summary>
    public static string End(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(LastLines));
}
