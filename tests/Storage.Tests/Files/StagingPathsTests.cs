using IntegrationPoints.Engine;

namespace IntegrationPoints.Storage.Tests.Files;

/// <summary>Which paths of the staging area a workspace may use (design, Data and Security).</summary>
public sealed class StagingPathsTests
{
    private const string Mine = "smith-a1b2";

    private static readonly StagingPaths Paths = new(new Dictionary<string, IReadOnlyCollection<string>> { ["ARM"] = [Mine, "other-1"], ["TenantVM"] = ["other-1"] });

    /// <summary>Both for reading and for writing.</summary>
    public static TheoryData<string, string> Allowed => new()
    {
        { "StructuredData/smith-a1b2/a.dat", "StructuredData/smith-a1b2/a.dat" },
        { "structureddata/smith-a1b2/Import/My point/VOL001/a.dat", "StructuredData/smith-a1b2/Import/My point/VOL001/a.dat" },
        { "StructuredData/smith-a1b2/a..b/.hidden/100%.pdf", "StructuredData/smith-a1b2/a..b/.hidden/100%.pdf" },
        { "StructuredData/smith-a1b2/100%25.pdf", "StructuredData/smith-a1b2/100%25.pdf" },
        { "StructuredData/smith-a1b2/Ünï 日本 🚀/re: y.txt", "StructuredData/smith-a1b2/Ünï 日本 🚀/re: y.txt" },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_workspace_reads_and_writes_its_own_folder(string path, string blob)
    {
        Assert.Equal(blob, Paths.ForReading(Mine, path));
        Assert.Equal(blob, StagingPaths.ForWriting(Mine, path));
    }

    /// <summary>Neither for reading nor for writing.</summary>
    public static TheoryData<string> Refused =>
    [
        // another workspace, its name as a prefix, the folder itself, no folder
        "StructuredData/other-1/a.dat", "StructuredData/smith-a1b2x/a.dat", "StructuredData/SMITH-A1B2/a.dat", "StructuredData/smith-a1b2",
        "StructuredData/smith-a1b2/", "StructuredData", "StructuredData/a.dat", "",
        // other roots, roots that are open to others only
        "files/smith-a1b2/a.dat", "Other/a.dat", "TenantVM/a.dat", "ProcessingSource/a.dat", "/StructuredData/smith-a1b2/a.dat",
        // traversal
        "StructuredData/smith-a1b2/../other-1/a.dat", "StructuredData/smith-a1b2/./a.dat", "StructuredData/smith-a1b2//a.dat", "../a.dat",
        "StructuredData/smith-a1b2/..", "StructuredData/smith-a1b2/...", "StructuredData/smith-a1b2/.. /a.dat",
        // encoded, also twice, also in part
        "StructuredData/smith-a1b2/%2e%2e/other-1/a.dat", "StructuredData/smith-a1b2/%2E./a.dat", "StructuredData/smith-a1b2/.%2e/a.dat",
        "StructuredData/smith-a1b2/%252e%252e/a.dat", "StructuredData/smith-a1b2/..%2fother-1%2fa.dat", "StructuredData/smith-a1b2/x%5c..%5ca.dat",
        "StructuredData/smith-a1b2/a%00.dat", "StructuredData/smith-a1b2/a%252Fb",
        // backslashes, drives, servers
        "StructuredData\\smith-a1b2\\a.dat", "StructuredData/smith-a1b2/..\\..\\a.dat", "StructuredData/smith-a1b2/a\\b", "C:\\a.dat", "C:/a.dat",
        "StructuredData/smith-a1b2/C:/a.dat", "StructuredData/smith-a1b2/c:a.dat", "\\\\server\\share\\a.dat", "//server/share/a.dat", "\\\\?\\C:\\a",
        "file:///etc/passwd", "https://example.org/a.dat",
        // names that storage changes, and what is no text
        "StructuredData/smith-a1b2/a.", "StructuredData/smith-a1b2/a ", "StructuredData/smith-a1b2/x./a.dat", "StructuredData/smith-a1b2/a\0.dat",
        "StructuredData/smith-a1b2/a\n.dat", "StructuredData/smith-a1b2/\u0085", "StructuredData/smith-a1b2/\u007f",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Nothing_else_is_readable_or_writable(string path)
    {
        Assert.Equal("path-outside-root", Assert.Throws<ConfigurationException>(() => Paths.ForReading(Mine, path)).Problem.Code);
        Assert.Equal("path-outside-root", Assert.Throws<ConfigurationException>(() => StagingPaths.ForWriting(Mine, path)).Problem.Code);
    }

    [Fact]
    public void Half_a_character_very_long_and_very_deep_paths_are_refused()
    {
        string[] paths =
        [
            "StructuredData/smith-a1b2/\ud83d", "StructuredData/smith-a1b2/\udc00x", "StructuredData/smith-a1b2/" + new string('x', 1000),
            "StructuredData/smith-a1b2" + string.Concat(Enumerable.Repeat("/x", 300)),
        ];
        Assert.All(paths, path => Assert.Throws<ConfigurationException>(() => Paths.ForReading(Mine, path)));
    }

    [Fact]
    public void A_root_that_the_settings_open_is_readable_and_not_writable()
    {
        Assert.Equal("ARM/2024/a.dat", Paths.ForReading(Mine, "arm/2024/a.dat"));
        Assert.Throws<ConfigurationException>(() => StagingPaths.ForWriting(Mine, "ARM/2024/a.dat"));
        Assert.Throws<ConfigurationException>(() => Paths.ForReading("third-1", "ARM/2024/a.dat"));
        Assert.Throws<ConfigurationException>(() => new StagingPaths().ForReading(Mine, "ARM/2024/a.dat"));
    }

    [Theory]
    [InlineData("StructuredData")]
    [InlineData("Other")]
    [InlineData("")]
    public void The_settings_cannot_open_anything_but_the_shared_roots(string root)
        => Assert.Throws<ArgumentException>(() => new StagingPaths(new Dictionary<string, IReadOnlyCollection<string>> { [root] = [Mine] }));

    [Fact]
    public void The_message_shows_the_path_shortened_and_without_control_characters()
    {
        var message = Assert.Throws<ConfigurationException>(() => Paths.ForReading(Mine, "x\r\n\u202e" + new string('y', 5000))).Message;
        Assert.Contains("\"x\u240d\u240a\u2423yyy", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 0, 500);
    }

    /// <summary>What paths in load files mean (load-file specification, paths): relative to the folder, in the way of Windows.</summary>
    public static TheoryData<string, string, string?> References => new()
    {
        { "StructuredData/w/VOL1", @"NATIVES\0001.doc", "StructuredData/w/VOL1/NATIVES/0001.doc" },
        { "StructuredData/w/VOL1", @".\NATIVES\0001.doc", "StructuredData/w/VOL1/NATIVES/0001.doc" },
        { "StructuredData/w/VOL1", @"\NATIVES\0001.doc", "StructuredData/w/VOL1/NATIVES/0001.doc" },
        { "StructuredData/w/VOL1/", "NATIVES/0001.doc", "StructuredData/w/VOL1/NATIVES/0001.doc" },
        { "StructuredData/w/VOL1/DATA", @"..\NATIVES\0001.doc", "StructuredData/w/VOL1/NATIVES/0001.doc" },
        { "StructuredData/w/VOL1/DATA", @"..\..\..\other\a.doc", "StructuredData/other/a.doc" },
        { "StructuredData/w/VOL1/DATA", @"..\..\..\..\a.doc", null },
        { "StructuredData/w/VOL1/DATA", @"..\..\..\..\..\a.doc", null },
        { "StructuredData/w", @"..\..\StructuredData\w\a.doc", "StructuredData/w/a.doc" },
        { "StructuredData/w", @"C:\NATIVES\a.doc", null },
        { "StructuredData/w", @"c:a.doc", null },
        { "StructuredData/w", @"\\server\share\a.doc", null },
        { "StructuredData/w", @"/\server\share\a.doc", null },
        { "StructuredData/w", @"\\?\C:\a.doc", null },
        { "StructuredData/w", @"%2e%2e\a.doc", null },
        { "StructuredData/w", "a\0.doc", null },
        { "StructuredData/w", @"x\...\a.doc", null },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void A_reference_is_resolved_against_its_folder(string folder, string reference, string? path)
        => Assert.Equal(path, StagingPaths.Join(folder, reference));
}
