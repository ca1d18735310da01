using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.Storage;

/// <summary>
/// Secrets of one machine: a file each in a folder that only this user may open, protected with ASP.NET Data Protection, whose keys lie in the folder,
/// too. That keeps secrets out of copies of single files and out of searches; it keeps nothing from who may read the whole folder.
/// </summary>
/// <param name="folder">The folder; it is made when the first secret is kept.</param>
public sealed partial class SecretFolder(string folder) : ISecrets
{
    private const string Ending = ".secret", Purpose = "IntegrationPoints.Secrets";

    private const UnixFileMode Ours = UnixFileMode.UserRead | UnixFileMode.UserWrite, OursToOpen = Ours | UnixFileMode.UserExecute;

    private readonly string folder = Path.GetFullPath(folder);
    private volatile IDataProtectionProvider? provider;

    private string Keys => Path.Combine(folder, "keys");

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The key that it was protected with is gone, or others may read the folder.</exception>
    public async Task<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var file = FileOf(name);
        if (!File.Exists(file)) return null;
        CheckFolder();
        byte[] kept;
        try
        {
            kept = await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            // Forgotten since the look.
            return null;
        }
        return Open(name, kept, known: provider) ?? Open(name, kept, known: null) ?? throw new ConfigurationException("secret-unreadable",
            $"The secret {Words.Quote(name)} cannot be opened: the key that it was protected with is not in {Words.QuotePath(Keys)} any more. Enter it again.");
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">Others may read the folder.</exception>
    public async Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        var file = FileOf(name);
        Make(folder);
        Make(Keys);
        CheckFolder();
        var kept = ProtectorOf(name, provider ??= NewProvider()).Protect(Encoding.UTF8.GetBytes(value));
        var unfinished = $"{file}.{Guid.NewGuid():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Ours;
        await using (var stream = new FileStream(unfinished, options))
        {
            await stream.WriteAsync(kept, cancellationToken);
            // Whatever names the secret is stored after this returns.
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder)) File.Delete(FileOf(name));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> NamesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (!Directory.Exists(folder)) yield break;
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Path.GetFileNameWithoutExtension(file);
        }
    }

    // Null: with no key that is known. Another process may have made one since ours were read, so that they are read again.
    private string? Open(string name, byte[] kept, IDataProtectionProvider? known)
    {
        try
        {
            return Encoding.UTF8.GetString(ProtectorOf(name, known ?? (provider = NewProvider())).Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // By its name, so that no file stands for another secret when it is renamed.
    private static IDataProtector ProtectorOf(string name, IDataProtectionProvider provider) => provider.CreateProtector(Purpose, name);

    private IDataProtectionProvider NewProvider()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName(Purpose).PersistKeysToFileSystem(new DirectoryInfo(Keys));
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>();
    }

    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OursToOpen);
    }

    private void CheckFolder()
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(folder) & ~OursToOpen) == 0) return;
        throw new ConfigurationException("secrets-open", $"The folder of secrets {Words.QuotePath(folder)} can be read by other users of this machine. Close it to them: chmod 700.");
    }

    private string FileOf(string name) => Name().IsMatch(name) ? Path.Combine(folder, name + Ending) : throw new ArgumentException("No name of a secret.", nameof(name));

    [GeneratedRegex("^[0-9A-Za-z-]{1,127}$")]
    private static partial Regex Name();
}
