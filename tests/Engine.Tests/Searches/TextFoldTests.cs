using System.Text;
using IntegrationPoints.Engine.Searches;

namespace IntegrationPoints.Engine.Tests.Searches;

/// <summary>Text without regard to case, whole and as it comes out of a file.</summary>
public sealed class TextFoldTests
{
    [Theory]
    [InlineData("hot", "HOT", true)]
    [InlineData("ärger", "ÄRGER", true)]
    [InlineData("\U00010437", "\U0001040f", true)]
    [InlineData("straße", "STRASSE", false)]
    [InlineData("ſ", "S", false)]
    [InlineData("\u212a", "k", false)]
    [InlineData("ı", "I", false)]
    [InlineData("日本", "日本", true)]
    public void Texts_are_equal_without_regard_to_case(string one, string other, bool equal) => Assert.Equal(equal, TextFold.Of(one) == TextFold.Of(other));

    /// <summary>Stores look for the ASCII part of a value on their own terms: no other letter may count as one of it.</summary>
    [Fact]
    public void No_character_changes_its_length_or_becomes_ASCII_and_folding_twice_changes_nothing()
    {
        for (var code = 0; code < 0x110000; code++)
        {
            if (code is >= 0xd800 and < 0xe000) continue;
            var text = char.ConvertFromUtf32(code);
            var folded = TextFold.Of(text);
            Assert.True(folded.Length == text.Length && (code < 0x80) == (folded[0] < 0x80) && TextFold.Of(folded) == folded, $"U+{code:X4}");
        }
    }

    public static TheoryData<int, string, TextMatch, string, bool> Files => new()
    {
        // how much stands before, what stands there, how it is compared, with what, the outcome
        { 0, "Needle", TextMatch.Contains, "NEEDLE", true },
        { 0, "", TextMatch.Contains, "NEEDLE", false },
        { 100_000, "Needle", TextMatch.Contains, "NEEDLE", true },
        { 100_000, "Needl", TextMatch.Contains, "NEEDLE", false },
        { 32 * 1024 + 3, "Needle", TextMatch.Contains, "XNEEDLE", true },
        { 0, "Needle and more", TextMatch.StartsWith, "NEEDLE", true },
        { 1, "Needle", TextMatch.StartsWith, "NEEDLE", false },
        { 0, "Needle", TextMatch.Is, "NEEDLE", true },
        { 0, "Needles", TextMatch.Is, "NEEDLE", false },
        { 0, "Needl", TextMatch.StartsWith, "NEEDLE", false },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_is_compared_like_the_text_in_it(int before, string text, TextMatch match, string value, bool passes)
        => Assert.Equal(passes, await MatchesAsync(new string('x', before) + text + (match == TextMatch.Contains ? new string('y', 70_000) : ""), match, value));

    [Fact]
    public async Task Nothing_is_missed_wherever_the_pieces_of_a_file_end()
    {
        const string value = "\U00010437Ä-needle\U00010437";
        for (var before = 32 * 1024 - 20; before < 32 * 1024 + 40; before++)
        {
            Assert.True(await MatchesAsync(new string('x', before) + "\U0001040fä-NEEDLE\U0001040f" + new string('y', 40_000), TextMatch.Contains, TextFold.Of(value)), $"{before}");
            Assert.False(await MatchesAsync(new string('x', before) + "\U0001040fä-NEEDLE\U00010410" + new string('y', 40_000), TextMatch.Contains, TextFold.Of(value)), $"{before}");
        }
    }

    private static async Task<bool> MatchesAsync(string text, TextMatch match, string value)
    {
        using var reader = new StreamReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return await TextFold.MatchesAsync(reader, match, value, TestContext.Current.CancellationToken);
    }
}
