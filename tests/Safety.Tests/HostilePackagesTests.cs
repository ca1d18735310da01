using System.Text;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Packages that lead out of themselves, or become far more than they are: refused in words, with nothing written and nothing filled (issue "Safety tests", zip slip and zip bombs).</summary>
public sealed class HostilePackagesTests(OwnApp own) : IClassFixture<OwnApp>, IAsyncLifetime
{
    private const int MostEntries = 500;

    private const long MemoryAllowed = 400L * 1024 * 1024;

    // Unix, a symbolic link that everybody may follow.
    private const uint Link = 0xA1FFu << 16;

    private static readonly Dictionary<string, (Func<byte[]> Package, string Code)> Attacks = new()
    {
        ["a folder above"] = (() => ZipBytes.Of(("../1.txt", "x")), "path-outside-root"),
        ["above, further in"] = (() => ZipBytes.Of(("1.txt", "x"), ("a/../../../evil.txt", "x")), "path-outside-root"),
        ["above, with backslashes"] = (() => ZipBytes.Of((@"..\..\1.txt", "x")), "path-outside-root"),
        ["above, with a blank"] = (() => ZipBytes.Of((".. /1.txt", "x")), "path-outside-root"),
        ["a folder that leads above"] = (() => ZipBytes.Of(("../evil/", ""), ("1.txt", "x")), "path-outside-root"),
        ["absolute"] = (() => ZipBytes.Of(("/etc/passwd", "x"), ("1.txt", "x")), "path-outside-root"),
        ["a drive"] = (() => ZipBytes.Of((@"C:\1.txt", "x")), "path-outside-root"),
        ["a server"] = (() => ZipBytes.Of((@"\\server\share\1.txt", "x")), "path-outside-root"),
        ["a link to a file of the machine"] = (() => ZipBytes.Of([new ZipPart("1.txt", "/etc/passwd") { MadeBy = (3 << 8) | 20, Attributes = Link }]), "missing-file"),
        ["a link to a folder, and a file in it"] = (() => ZipBytes.Of([new ZipPart("a", "/etc") { MadeBy = (3 << 8) | 20, Attributes = Link }, new ZipPart("a/passwd", "x")]), "missing-file"),
        ["zeros that pack a thousand times"] = (() => ZipBytes.Of([new ZipPart("1.txt", new byte[120_000_000])]), "archive-limit"),
        ["a size that lies: more than there is room"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Bytes = 1L << 60 }], wide: true), "archive-limit"),
        ["sizes whose sum is none"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Bytes = long.MaxValue }, new ZipPart("2.txt", "x") { Bytes = long.MaxValue }], wide: true), "archive-limit"),
        ["a size that lies: less than comes out"] = (() => ZipBytes.Of([new ZipPart("1.txt", new byte[120_000_000]) { Bytes = 10 }]), "archive-damaged"),
        ["more entries than are allowed"] = (() => ZipBytes.Of([.. Enumerable.Range(0, MostEntries + 1).Select(i => new ZipPart($"{i}.txt", "x"))]), "archive-limit"),
        ["entries that share their bytes"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x"), new ZipPart("2.txt", "x") { Offset = 0 }]), "archive-damaged"),
        ["an entry in the directory"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Offset = 40 }]), "archive-damaged"),
        ["a place before the beginning"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Offset = -1 }], wide: true), "archive-damaged"),
        ["another checksum"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Crc = 1 }]), "archive-damaged"),
        ["a password"] = (() => ZipBytes.Of([new ZipPart("1.txt", "x") { Flags = 1 }]), "archive-encrypted"),
        ["torn"] = (() => ZipBytes.Of(("1.txt", "x"))[..^4], "archive-damaged"),
        ["no package"] = (() => Encoding.UTF8.GetBytes(new string('x', 5000)), "archive-damaged"),
    };

    public static TheoryData<string> Names => [.. Attacks.Keys];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Names))]
    public async Task A_package_that_deceives_brings_nothing_in(string name)
    {
        var import = await NewAsync();
        await import.StageAsync("in/VOL001.zip", Attacks[name].Package());
        var job = await import.RunAsync();
        await import.EndOfAsync(job);
        await import.UntilFreeAsync();

        var errors = (await new Api(own.App, import.Workspace).GetAsync($"jobs/{job}/errors")).Json["items"]!.AsArray();
        Assert.Equal([Attacks[name].Code], errors.Select(e => e!["code"]!.GetValue<string>()));
        Assert.Equal(0, await import.CountAsync());
        await foreach (var blob in Storage.Blobs.ListAsync(own.App.Blobs.Files, import.Workspace + "/", Stop)) Assert.Fail(blob.Name);
        await AssertHealthyAsync();
    }

    [Fact]
    public async Task An_honest_package_is_read()
    {
        var import = await NewAsync();
        await import.StageAsync("in/VOL001.zip", ZipBytes.Of(("1.txt", "content")));
        Assert.Equal("Completed", (await import.EndOfAsync(await import.RunAsync())).Text("status"));
        Assert.Equal(1, await import.CountAsync());
    }

    public async ValueTask InitializeAsync() => Assert.Equal(200, (await own.SetAsync("MaxPackageEntries", $"{MostEntries}")).Status);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Natives come out of the package beside the load file.
    private Task<SampleImport> NewAsync() => StageAsync(SampleImport.NewSmallAsync(own.App, body =>
    {
        body["runOnUpload"] = false;
        var settings = body["source"]!["settings"]!;
        settings["baseFolder"] = settings["file"]!.GetValue<string>().Replace("small.dat", "VOL001.zip", StringComparison.Ordinal);
    }));

    private static async Task<SampleImport> StageAsync(Task<SampleImport> making)
    {
        var import = await making;
        await import.StageAsync("in/small.dat", SampleImport.SmallFile(("A1", "1.txt")));
        return import;
    }

    private async Task AssertHealthyAsync()
    {
        Assert.Equal(200, (await own.Api.GetAsync("health")).Status);
        Assert.InRange(own.App.MemoryBytes(), 1, MemoryAllowed);
        new Findings().AssertNone(own.App);
    }
}
