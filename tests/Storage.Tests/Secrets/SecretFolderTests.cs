using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Storage.Tests.Secrets;

/// <summary>Secrets in a folder of the machine.</summary>
public sealed class SecretFolderTests : SecretStoreTests, IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("secrets-");

    private string Folder => Path.Combine(parent.FullName, "kept", "secrets");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override ISecrets Open() => new SecretFolder(Folder);

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public async Task No_file_holds_the_secret_and_nobody_else_may_open_the_folder()
    {
        const string Secret = "PLANTED-5c1f-secret";
        await Open().SetAsync("a--b", Secret, Stop);
        await Open().SetAsync("a--b", Secret, Stop);
        var files = Directory.GetFiles(Folder, "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        foreach (var file in files)
        {
            var content = await File.ReadAllBytesAsync(file, Stop);
            Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
            Assert.Equal(-1, content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)))));
        }
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Open700 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(Open700, File.GetUnixFileMode(Folder));
        Assert.Equal(Open700, File.GetUnixFileMode(Path.Combine(Folder, "keys")));
        foreach (var file in files) Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(file) & ~Open700);
    }

    [Fact]
    public async Task A_folder_that_others_can_read_is_refused()
    {
        // There are no such rights there.
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        Assert.Equal("secrets-open", (await Assert.ThrowsAsync<ConfigurationException>(() => Open().SetAsync("a--b", "value", Stop))).Problem.Code);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_secret_whose_key_is_gone_or_that_was_renamed_is_none()
    {
        var secrets = Open();
        await secrets.SetAsync("a--b", "value", Stop);
        File.Copy(Path.Combine(Folder, "a--b.secret"), Path.Combine(Folder, "a--c.secret"));
        Assert.Equal("secret-unreadable", (await Assert.ThrowsAsync<ConfigurationException>(() => secrets.GetAsync("a--c", Stop))).Problem.Code);
        foreach (var key in Directory.GetFiles(Path.Combine(Folder, "keys"))) File.Delete(key);
        var problem = (await Assert.ThrowsAsync<ConfigurationException>(() => Open().GetAsync("a--b", Stop))).Problem;
        Assert.Equal("secret-unreadable", problem.Code);
        Assert.EndsWith("Enter it again.", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a.secret")]
    public async Task A_name_is_no_path(string name) => await Assert.ThrowsAsync<ArgumentException>(() => Open().SetAsync(name, "value", Stop));
}
