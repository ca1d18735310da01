using System.Security.Cryptography;

namespace IntegrationPoints.Cli.Dev;

/// <summary>The key that <c>ip</c> signs tokens with, and that the app which it started checks them with: 32 random bytes in Base64, which never leave the machine.</summary>
internal static class SigningKey
{
    private const int Bytes = 32;

    /// <summary>Makes the key, unless there is one.</summary>
    public static void Ensure(string path)
    {
        if (File.Exists(path)) return;
        var unfinished = $"{path}.{Guid.NewGuid():n}.new";
        // For this user's eyes only, from the first byte on.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(unfinished, options)) file.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        try
        {
            File.Move(unfinished, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another command was quicker: its key counts.
            File.Delete(unfinished);
        }
    }

    /// <summary>The key in a file.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return Convert.FromBase64String(File.ReadAllText(path).Trim()) is { Length: >= Bytes } key ? key : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new CommandException($"{path} does not hold a key: {Bytes} random bytes in Base64. Remove it and restart the app with `ip dev down` and `ip dev up`.");
        }
    }
}
