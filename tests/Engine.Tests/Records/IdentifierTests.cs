using System.Text;
using CsCheck;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Engine.Tests.Records;

public sealed class IdentifierTests
{
    [Theory]
    // Compared without regard to case (design, Words)
    [InlineData("abc", "ABC")]
    [InlineData(" abc ", "ABC")]
    [InlineData("Äöü", "ÄÖÜ")]
    [InlineData("straße", "STRASSE", false)]
    [InlineData("ı", "I", false)]
    public void Identifiers_are_compared_trimmed_and_in_upper_case(string identifier, string folded, bool same = true)
        => Assert.Equal(same, Identifier.Fold(identifier) == folded);

    [Theory]
    // Golden, computed by another implementation of XXH64: a bucket must be the same on every machine and in every version, or records are lost
    [InlineData("A", 16, 4)]
    [InlineData("REL00001", 16, 10)]
    [InlineData("AZIPPER_0007291", 16, 15)]
    [InlineData("ÄÖÜ", 16, 5)]
    [InlineData("REL00001", 64, 26)]
    public void A_bucket_never_changes(string folded, int buckets, int expected) => Assert.Equal(expected, Identifier.Bucket(folded, buckets));

    [Theory]
    // Golden: where records lie
    [InlineData("ws", "Document", " rel00001 ", "ws|10", "DOCUMENT|REL00001")]
    [InlineData("ws", "My/Type", "a|b", "ws|09", "MY%002FTYPE|A%007CB")]
    public void The_place_of_a_record_never_changes(string workspace, string type, string identifier, string partition, string id)
        => Assert.Equal(new ItemKey(partition, id), Identifier.Key(workspace, 16, type, identifier));

    [Theory]
    [InlineData("REL00001", "REL00001")]
    [InlineData("a/b\\c?d#e", "a%002Fb%005Cc%003Fd%0023e")]
    [InlineData("50%", "50%0025")]
    [InlineData("a|b", "a%007Cb")]
    [InlineData("a\nb", "a%000Ab")]
    [InlineData("%002F", "%0025002F")]
    public void What_ids_cannot_hold_is_escaped(string text, string expected) => Assert.Equal(expected, Identifier.Escape(text));

    [Fact]
    public void Two_texts_never_escape_to_one()
    {
        var text = Gen.Char["/\\?#%|002FabA\n\u0001 "].Array[0, 8].Select(c => new string(c));
        Gen.Select(text, text).Sample((a, b) => (Identifier.Escape(a) == Identifier.Escape(b)) == (a == b));
    }

    [Fact]
    public void An_escaped_text_unescapes_to_itself()
        => Gen.String.Sample(text =>
        {
            var escaped = Identifier.Escape(text);
            var back = new StringBuilder();
            for (var i = 0; i < escaped.Length; i++)
            {
                var isEscape = escaped[i] == '%';
                back.Append(isEscape ? (char)Convert.ToInt32(escaped.Substring(i + 1, 4), 16) : escaped[i]);
                if (isEscape) i += 4;
            }
            return back.ToString() == text && !escaped.AsSpan().ContainsAny("/\\?#|");
        });

    [Fact]
    public void A_long_identifier_has_a_short_id_of_its_own()
    {
        string Id(string identifier) => Identifier.Key("ws", 16, "Document", identifier).Id;
        var a = new string('文', 254) + "a";
        var b = new string('文', 254) + "b";
        Assert.True(Encoding.UTF8.GetByteCount(Id(a)) <= 1000);
        Assert.NotEqual(Id(a), Id(b));
        Assert.Equal(Id(a), Id(a.ToUpperInvariant()));
        Assert.True(Encoding.UTF8.GetByteCount(Id(new string('/', 255))) <= 1000);
    }

    [Fact]
    public void Records_of_a_type_sort_together()
    {
        Assert.StartsWith(Identifier.SortPrefix("document"), Identifier.Sort("Document", "rel1"), StringComparison.Ordinal);
        Assert.False(Identifier.Sort("Document2", "x").StartsWith(Identifier.SortPrefix("Document"), StringComparison.Ordinal));
    }
}

public sealed class IdentifierCheckTests
{
    [Theory]
    [InlineData("REL00001", "REL00001")]
    [InlineData("  REL00001\t", "REL00001")]
    [InlineData("Ü-1 (2) ®", "Ü-1 (2) ®")]
    [InlineData("😀1", "😀1")]
    [InlineData("{255}", "{255}")]
    public void An_identifier_is_trimmed(string cell, string expected)
        => Assert.Equal(Grow(expected), IdentifierCheck.Check(Grow(cell), 255).Value);

    [Theory]
    // Error codes of identifiers
    [InlineData("", "missing-identifier", "blank")]
    [InlineData(" \t ", "missing-identifier", "blank")]
    [InlineData("A\nB", "invalid-identifier", "a line break at position 2")]
    [InlineData("A\rB", "invalid-identifier", "a line break at position 2")]
    [InlineData("A\u2028B", "invalid-identifier", "a line break at position 2")]
    [InlineData("A\tB", "invalid-identifier", "a control character at position 2")]
    [InlineData("AB\0", "invalid-identifier", "a control character at position 3")]
    [InlineData("A\u0080", "invalid-identifier", "a control character at position 2")]
    [InlineData("Caf\ufffd", "invalid-identifier", "could not be decoded at position 4")]
    [InlineData("A{D800}", "invalid-identifier", "could not be decoded at position 2")]
    [InlineData("{DC00}A", "invalid-identifier", "could not be decoded at position 1")]
    [InlineData("{256}", "text-too-long", "256 characters; the field holds 255")]
    public void What_cannot_name_a_record_is_an_error(string cell, string code, string words)
    {
        var result = IdentifierCheck.Check(Grow(Fixtures.Broken(cell)), 255);
        Assert.Equal((code, null), (result.Code, result.Value));
        Assert.Contains(words, result.Reason, StringComparison.Ordinal);
    }

    private static string Grow(string text) => text switch { "{255}" => new string('x', 255), "{256}" => new string('x', 256), _ => text };
}
