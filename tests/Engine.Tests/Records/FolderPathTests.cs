using CsCheck;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Engine.Tests.Records;

public sealed class FolderPathTests
{
    [Theory]
    // Load-file specification, Fields 6: levels separated by \, each trimmed, blank ones left out
    [InlineData("", @"Slinger, Ryan\Email\deleted_items", @"Slinger, Ryan\Email\deleted_items")]
    [InlineData("", @"\a\b", @"a\b")]
    [InlineData("", @"a\", "a")]
    [InlineData("", @"aaa\\\\\\bbb\\cc", @"aaa\bbb\cc")]
    [InlineData("", @" a \ b ", @"a\b")]
    [InlineData("", "a b", "a b")]
    // Unsafe characters are replaced
    [InlineData("", @"C:\data\x", @"C_\data\x")]
    [InlineData("", "a/b", "a_b")]
    [InlineData("", "b?c*d<e>f|g\"h", "b_c_d_e_f_g_h")]
    [InlineData("", "a\tb\0c\u2028d", "a_b_c_d")]
    [InlineData("", "a{D800}b😀", "a_b😀")]
    // Dots lead nowhere in a tree of folders
    [InlineData("", @"..\..\x", "x")]
    [InlineData("", @".\x", "x")]
    [InlineData("", @"a\b.", @"a\b.")]
    [InlineData("", @"\\server\share\x", @"server\share\x")]
    // Below the destination folder of the integration point
    [InlineData(@"Imported\2019", @"a\b", @"Imported\2019\a\b")]
    [InlineData(@"\Imported\", "", "Imported")]
    [InlineData("Imported", @"..\x", @"Imported\x")]
    public void A_path_is_cleaned(string destination, string cell, string expected)
    {
        var result = FolderPath.Parse(destination, Fixtures.Broken(cell));
        Assert.Equal(expected, result.Folder!.Path);
        Assert.Equal(expected.Count(c => c == '\\') + 1, result.Folder.Ids.Count);
        Assert.False(result.IsError);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" ", "   ")]
    [InlineData(@"\", @"\\")]
    [InlineData("", ".")]
    public void A_blank_path_is_the_root(string destination, string cell) => Assert.Equal(default, FolderPath.Parse(destination, cell));

    [Theory]
    // At most 255 characters a level, 100 levels
    [InlineData(255, 1, null)]
    [InlineData(256, 1, "256 characters")]
    [InlineData(255, 100, null)]
    [InlineData(1, 101, "more than 100 levels")]
    public void A_path_that_is_too_long_or_too_deep_is_an_error(int characters, int levels, string? words)
    {
        var path = string.Join('\\', Enumerable.Repeat(new string('x', characters), levels));
        foreach (var result in new[] { FolderPath.Parse("", path), FolderPath.Parse(path, "") })
        {
            Assert.Equal(words is null ? null : "invalid-folder", result.Code);
            Assert.Equal(words is null, result.Folder is not null);
            if (words is not null) Assert.Contains(words, result.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_levels_of_the_destination_folder_count()
        => Assert.Equal("invalid-folder", FolderPath.Parse("a", string.Join('\\', Enumerable.Repeat("x", 100))).Code);

    [Fact]
    public void A_record_carries_the_ids_of_its_folder_and_of_those_above_root_first()
    {
        var ids = FolderPath.Parse("", @"Landlord\Letters\2019").Folder!.Ids;
        Assert.Equal([FolderPath.IdFor("Landlord"), FolderPath.IdFor(@"Landlord\Letters"), FolderPath.IdFor(@"Landlord\Letters\2019")], ids);
    }

    [Fact]
    public void An_id_depends_on_the_whole_path_without_regard_to_case_and_never_changes()
    {
        // The first ten bytes of SHA-256 of LANDLORD.
        Assert.Equal("ba91c9d18b9f735606de", FolderPath.IdFor("Landlord"));
        Assert.Equal(FolderPath.IdFor(@"landlord\LETTERS"), FolderPath.IdFor(@"Landlord\Letters"));
        Assert.NotEqual(FolderPath.IdFor(@"a\x"), FolderPath.IdFor(@"b\x"));
    }

    [Fact]
    public void Cleaning_a_clean_path_changes_nothing()
        => Gen.Char["ab\\/.:*? \t"].Array[0, 12].Select(c => new string(c)).Sample(text =>
        {
            var once = FolderPath.Parse("", text).Folder;
            var twice = FolderPath.Parse("", once?.Path ?? "").Folder;
            Assert.Equal(once?.Path, twice?.Path);
            Assert.Equal(once?.Ids, twice?.Ids);
        });
}
