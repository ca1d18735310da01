using System.IO.Compression;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Settings;

namespace IntegrationPoints.Storage.Tests.Files;

/// <summary>Packages are read where they lie, whatever wrote them (APPNOTE 6.3), and what is laid out to deceive is refused.</summary>
public sealed class PackageTests(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly Blobs blobs = Blobs.Connect(azurite.ConnectionString, null);
    private readonly string folder = $"StructuredData/{Guid.NewGuid():n}";
    private int names;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await blobs.EnsureAsync(Stop);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A package, the path that is asked for, and the name under which the file is there.</summary>
    public static TheoryData<string, byte[], string, string> Readable => new()
    {
        { "deflated", ZipBytes.Of(("NATIVES/1.txt", "content")), "NATIVES/1.txt", "1.txt" },
        { "as it is", Zip(Part("NATIVES/1.txt") with { Method = 0 }), "NATIVES/1.txt", "1.txt" },
        { "in another case", ZipBytes.Of(("Natives/A.TXT", "content")), "NATIVES/a.txt", "A.TXT" },
        { "the same case first", ZipBytes.Of(("A.TXT", "other"), ("a.txt", "content"), ("A.txt", "other")), "a.txt", "a.txt" },
        { "the same name twice: the last, as unpacking leaves it", ZipBytes.Of(("a.txt", "other"), ("a.txt", "content")), "a.txt", "a.txt" },
        { "with backslashes (Windows, until 4.6.1)", ZipBytes.Of((@"NATIVES\1.txt", "content")), "NATIVES/1.txt", "1.txt" },
        { "with ./ before it", ZipBytes.Of(("./NATIVES//1.txt", "content")), "NATIVES/1.txt", "1.txt" },
        { "UTF-8 (flag bit 11)", ZipBytes.Of(("Zoë – 日本.txt", "content")), "zoË – 日本.txt", "Zoë – 日本.txt" },
        { "code page 437 (Appendix D)", Zip(Part("") with { Flags = 0, NameBytes = [(byte)'Z', (byte)'o', 0x89, (byte)'.', (byte)'t'] }), "Zoë.t", "Zoë.t" },
        { "zip64 (4.5.3)", ZipBytes.Of([Part("b.txt"), Part("a.txt")], wide: true), "a.txt", "a.txt" },
        { "a comment at the end that holds an end (4.3.16)", ZipBytes.Of([Part("a.txt")], comment: "PK\u0005\u0006" + new string('x', 60_000)), "a.txt", "a.txt" },
        { "a longer local header", Zip(Part("a.txt") with { LocalExtra = 5000 }), "a.txt", "a.txt" },
        { "beside a folder, a link and a name that no file may have",
            Zip(new ZipPart("NATIVES/", ""), new ZipPart("link", "/etc/passwd") { MadeBy = 0x0314, Attributes = 0xA1FF0000 }, Part("bad\u0001name"), Part("a.txt")), "a.txt", "a.txt" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task A_file_is_found_and_read_in_place(string name, byte[] zip, string path, string actual)
    {
        var index = await OpenAsync(zip);

        var file = Packages.Find(index, path, reference: "as written");

        Assert.NotNull(file);
        Assert.Equal((actual, 7, null), (file.Name, file.Bytes, file.Problem));
        Assert.EndsWith(".zip/" + file.Entry!.Path[(index.Package.Path.Length + 1)..], file.Path, StringComparison.Ordinal);
        Assert.True(await TextAsync(file) == "content", name);
    }

    /// <summary>What no file may be called cannot be asked for; it is counted.</summary>
    [Theory]
    [InlineData("bad\u0001name")]
    [InlineData("line\nbreak.txt")]
    [InlineData("CON")]
    [InlineData("notes:stream.txt")]
    public async Task A_name_that_no_file_may_have_is_left_out(string name)
    {
        var index = await OpenAsync(ZipBytes.Of((name, "content"), ("a.txt", "content")));

        Assert.Equal((1, 1), (index.Count, index.LeftOut));
        Assert.Equal(["a.txt"], index.Paths());
    }

    private static readonly PackageLimits Small = new() { Entries = 3, Bytes = 1000, Ratio = 7, BytesOfAnyRatio = 500 };

    /// <summary>A package, the code of what is wrong with it, and a word that the message must have.</summary>
    public static TheoryData<string, byte[], string, string> Refused => new()
    {
        { "no bytes", [], "archive-damaged", "no .zip" },
        { "not a package", Encoding.UTF8.GetBytes(new string('x', 300)), "archive-damaged", "no .zip" },
        { "its end is missing", ZipBytes.Of(("a.txt", "content"))[..^4], "archive-damaged", "no .zip" },
        { "its beginning is missing", ZipBytes.Of(("a.txt", "content"))[10..], "archive-damaged", "directory" },
        { "one of several parts", ZipBytes.Of([Part("a.txt")], disk: 1), "archive-damaged", "several parts" },
        { "encrypted (4.4.4, bit 0)", Zip(Part("a.txt") with { Flags = 1 }), "archive-encrypted", "password" },
        { "encrypted by AES", Zip(Part("a.txt") with { Method = 99 }), "archive-encrypted", "password" },
        { "zip slip: ..", ZipBytes.Of(("a/../../evil.txt", "x")), "path-outside-root", "evil.txt" },
        { "zip slip: .. that stays inside", ZipBytes.Of(("a/../b.txt", "x")), "path-outside-root", ".." },
        { @"zip slip: ..\", ZipBytes.Of((@"..\evil.txt", "x")), "path-outside-root", "evil.txt" },
        { "zip slip: .. and a blank", ZipBytes.Of(("a/.. /evil.txt", "x")), "path-outside-root", "evil.txt" },
        { "zip slip: a folder", ZipBytes.Of(("../evil/", "")), "path-outside-root", "evil" },
        { "absolute", ZipBytes.Of(("/etc/passwd", "x")), "path-outside-root", "etc/passwd" },
        { "a drive", ZipBytes.Of((@"C:\evil.txt", "x")), "path-outside-root", "evil.txt" },
        { "a server", ZipBytes.Of((@"\\server\share\evil.txt", "x")), "path-outside-root", "evil.txt" },
        { "too many entries", ZipBytes.Of(("a", "x"), ("b", "x"), ("c", "x"), ("d", "x")), "archive-limit", "4 entries" },
        { "too many entries: which setting", ZipBytes.Of(("a", "x"), ("b", "x"), ("c", "x"), ("d", "x")), "archive-limit", "MaxPackageEntries" },
        { "too large unpacked", Zip(Part("a.txt") with { Method = 0, Content = new byte[1001] }), "archive-limit", "1,000 bytes" },
        { "too large, by a size that lies", Zip(Part("a.txt") with { Bytes = 4_000_000_000 }), "archive-limit", "1,000 bytes" },
        { "too large all together", ZipBytes.Of([Part("a") with { Bytes = long.MaxValue }, Part("b") with { Bytes = long.MaxValue }], wide: true), "archive-limit", "MaxPackageGigabytes" },
        { "packs too well", Zip(new ZipPart("a.txt", new byte[999])), "archive-limit", "times as many" },
        { "packs too well: which setting", Zip(new ZipPart("a.txt", new byte[999])), "archive-limit", "MaxPackageRatio" },
        { "entries share bytes", Zip(Part("a.txt"), Part("b.txt") with { Offset = 0 }), "archive-damaged", "share" },
        { "an entry quotes the next one (quoted overlap)", Zip(Part("a.txt") with { Method = 8, Packed = 60 }, Part("b.txt"), Part("c.txt")), "archive-damaged", "share" },
        { "an entry lies in the directory", Zip(Part("a.txt") with { Offset = 30 }), "archive-damaged", "a.txt" },
        { "a negative place", ZipBytes.Of([Part("a.txt") with { Offset = -1 }], wide: true), "archive-damaged", "a.txt" },
        { "two sizes, though not packed", Zip(Part("a.txt") with { Method = 0, Bytes = 900 }), "archive-damaged", "two sizes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_package_that_cannot_be_trusted_is_refused_before_anything_is_read_from_it(string name, byte[] zip, string code, string says)
    {
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => OpenAsync(zip, Small));

        Assert.True(code == refused.Problem.Code, $"{name}: {refused.Problem.Message}");
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
        Assert.Contains(".zip", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_under_some_limits_is_held_against_others()
    {
        var package = await UploadAsync(ZipBytes.Of(("a", "x"), ("b", "x")));
        Assert.Equal(2, (await blobs.Packages.OpenAsync(package, Stop)).Count);
        await Assert.ThrowsAsync<ConfigurationException>(() => blobs.Within(new PackageLimits { Entries = 1 }).Packages.OpenAsync(package, Stop));
        // The same limits share what was read.
        Assert.Same(await blobs.Packages.OpenAsync(package, Stop), await blobs.Within(new PackageLimits()).Packages.OpenAsync(package, Stop));
    }

    /// <summary>A file whose bytes are not what the directory says; the others of the package are fine.</summary>
    public static TheoryData<string, ZipPart, string> Damaged => new()
    {
        { "a wrong checksum", Part("a.txt") with { Crc = 1 }, "checksum" },
        { "a wrong checksum, not packed", Part("a.txt") with { Crc = 1, Method = 0 }, "checksum" },
        { "more than it says", new ZipPart("a.txt", new byte[5_000_000]) { Bytes = 10 }, "goes on" },
        { "less than it says", Part("a.txt") with { Bytes = 8 }, "ends before" },
        { "not deflated, though it says so", new ZipPart("a.txt", Noise(100)) { Method = 0, DirectoryMethod = 8, Bytes = 900 }, "" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task A_file_that_is_not_what_its_package_says_is_an_error_and_no_end_of_bytes(string name, ZipPart part, string says)
    {
        var index = await OpenAsync(Zip(part, Part("b.txt")));

        var damaged = await Assert.ThrowsAsync<PackageEntryException>(() => TextAsync(Packages.Find(index, "a.txt", "a.txt")!));

        Assert.Equal(("archive-damaged", ProblemLevel.Item), (damaged.Problem.Code, damaged.Problem.Level));
        Assert.True(damaged.Problem.Message.Contains(says, StringComparison.Ordinal), $"{name}: {damaged.Problem.Message}");
        Assert.Contains("a.txt", damaged.Problem.Message, StringComparison.Ordinal);
        Assert.Equal("content", await TextAsync(Packages.Find(index, "b.txt", "b.txt")!));
    }

    [Fact]
    public async Task A_method_that_is_neither_deflate_nor_none_is_named()
    {
        var index = await OpenAsync(Zip(Part("a.txt") with { Method = 12 }));

        var problem = Packages.Find(index, "a.txt", "a.txt")!.Problem!;

        Assert.Equal("archive-method", problem.Code);
        Assert.Contains("method 12", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task A_package_in_a_package_is_read_and_one_deeper_is_refused(CompressionLevel level)
    {
        var innermost = Genuine(CompressionLevel.Optimal, ("deep.txt", "content"u8.ToArray()));
        var inner = Genuine(level, ("NATIVES/1.txt", "content"u8.ToArray()), ("more.zip", innermost));
        var packages = new Blobs(blobs.Service).Packages;
        var outer = await packages.OpenAsync(await UploadAsync(Genuine(level, ("first.txt", "x"u8.ToArray()), ("VOL1/inner.zip", inner))), Stop);

        var nested = await packages.InsideAsync(Packages.Find(outer, "VOL1/inner.zip", "")!, outer.Package, Stop);
        var index = await packages.OpenAsync(nested, Stop);

        Assert.Equal("content", await TextAsync(Packages.Find(index, "NATIVES/1.txt", "")!));
        Assert.Equal(outer.Package.Path + "/VOL1/inner.zip/NATIVES/1.txt", Packages.Find(index, "NATIVES/1.txt", "")!.Path);
        Assert.Equal(level != CompressionLevel.NoCompression, nested.IsUnpacked);
        var deeper = await Assert.ThrowsAsync<ConfigurationException>(() => packages.InsideAsync(Packages.Find(index, "more.zip", "")!, nested, Stop));
        Assert.Equal("archive-limit", deeper.Problem.Code);
        // Again, as another batch does it: the same.
        Assert.Equal(nested, await packages.InsideAsync(Packages.Find(outer, "VOL1/inner.zip", "")!, outer.Package, Stop));
    }

    [Fact]
    public async Task A_package_that_was_replaced_is_noticed_by_every_read()
    {
        var file = await UploadAsync(ZipBytes.Of(("a.txt", "content")));
        var index = await new Blobs(blobs.Service).Packages.OpenAsync(file, Stop);
        await blobs.Staging.GetBlobClient(file.Blob).UploadAsync(BinaryData.FromBytes(ZipBytes.Of(("a.txt", "another"))), overwrite: true, Stop);

        await Assert.ThrowsAsync<BlobChangedException>(() => TextAsync(Packages.Find(index, "a.txt", "")!));
        await Assert.ThrowsAsync<BlobChangedException>(() => new Blobs(blobs.Service).Packages.OpenAsync(file, Stop));
    }

    [Fact]
    public async Task What_the_platform_packs_is_read_back_whatever_its_size()
    {
        (string, byte[])[] files = [.. Enumerable.Range(0, 300).Select(i => ($"VOL/{i / 100}/{i}.bin", Noise(i * 997, i))), ("large.bin", Noise(9_000_000))];
        var index = await OpenAsync(Genuine(CompressionLevel.Fastest, files));

        Assert.Equal(files.Length, index.Count);
        foreach (var (path, content) in files)
        {
            var read = new MemoryStream();
            await using var stream = await blobs.OpenAsync(Packages.Find(index, path, path)!, Stop);
            await stream.CopyToAsync(read, Stop);
            Assert.Equal(content, read.ToArray());
        }
    }

    private async Task<PackageIndex> OpenAsync(byte[] zip, PackageLimits? limits = null)
        => await new Blobs(blobs.Service).Within(limits ?? new PackageLimits()).Packages.OpenAsync(await UploadAsync(zip), Stop);

    private async Task<PackageFile> UploadAsync(byte[] zip)
    {
        var name = $"{folder}/{++names}.zip";
        await blobs.Staging.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(zip), Stop);
        return PackageFile.Of((await Blobs.FindAsync(blobs.Staging, name, Stop))!);
    }

    private async Task<string> TextAsync(SourceFile file)
    {
        await using var stream = await blobs.OpenAsync(file, Stop);
        return await new StreamReader(stream).ReadToEndAsync(Stop);
    }

    private static ZipPart Part(string name) => new(name, "content");

    private static byte[] Zip(params IReadOnlyList<ZipPart> parts) => ZipBytes.Of(parts);

    private static byte[] Genuine(CompressionLevel level, params (string Name, byte[] Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    private static byte[] Noise(int bytes, int seed = 1)
    {
        var noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return noise;
    }
}
