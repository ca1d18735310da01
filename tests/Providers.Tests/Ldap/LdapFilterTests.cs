using System.Text;
using IntegrationPoints.Providers.Ldap;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>Object filters (guide 4.3.2; RFC 4515).</summary>
public sealed class LdapFilterTests
{
    [Theory]
    // Guide 4.3.2: blank is all.
    [InlineData(null, "(objectClass=*)")]
    [InlineData("  ", "(objectClass=*)")]
    [InlineData("(objectClass=user)", "(objectClass=user)")]
    [InlineData("objectClass=user", "(objectClass=user)")]
    // RFC 4515, 4: its examples.
    [InlineData("(cn=Babs Jensen)", "(cn=Babs Jensen)")]
    [InlineData("(!(cn=Tim Howes))", "(!(cn=Tim Howes))")]
    [InlineData("(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))", "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))")]
    [InlineData("(o=univ*of*mich*)", "(o=univ*of*mich*)")]
    [InlineData("(seeAlso=)", "(seeAlso=)")]
    [InlineData("(cn:caseExactMatch:=Fred Flintstone)", "(cn:caseExactMatch:=Fred Flintstone)")]
    [InlineData("(cn:=Betty Rubble)", "(cn:=Betty Rubble)")]
    [InlineData("(sn:dn:2.4.6.8.10:=Barney Rubble)", "(sn:dn:2.4.6.8.10:=Barney Rubble)")]
    [InlineData("(o:dn:=Ace Industry)", "(o:dn:=Ace Industry)")]
    [InlineData("(:1.2.3:=Wilma Flintstone)", "(:1.2.3:=Wilma Flintstone)")]
    [InlineData("(:DN:2.4.6.8.10:=Dino)", "(:DN:2.4.6.8.10:=Dino)")]
    [InlineData(@"(o=Parens R Us \28for all your parenthetical needs\29)", @"(o=Parens R Us \28for all your parenthetical needs\29)")]
    [InlineData(@"(cn=*\2A*)", @"(cn=*\2a*)")]
    [InlineData(@"(filename=C:\5cMyFile)", @"(filename=C:\5cMyFile)")]
    [InlineData(@"(bin=\00\00\00\04)", @"(bin=\00\00\00\04)")]
    [InlineData(@"(sn=Lu\c4\8di\c4\87)", @"(sn=Lu\c4\8di\c4\87)")]
    [InlineData("(1.3.6.1.4.1.1466.0=x)", "(1.3.6.1.4.1.1466.0=x)")]
    // RFC 4526: true and false.
    [InlineData("(&)", "(&)")]
    [InlineData("(|)", "(|)")]
    [InlineData("(sn=Müller)", @"(sn=M\c3\bcller)")]
    [InlineData("(age>=21)", "(age>=21)")]
    [InlineData("(age<=21)", "(age<=21)")]
    [InlineData("(cn~=Jon)", "(cn~=Jon)")]
    [InlineData("(cn;lang-de=x)", "(cn;lang-de=x)")]
    [InlineData(" ( & (a=1)\r\n\t(! (b=2) ) ) ", "(&(a=1)(!(b=2)))")]
    // Blanks in values are theirs.
    [InlineData("(a= 1 )", "(a= 1 )")]
    [InlineData("(cn=**a***)", "(cn=*a*)")]
    [InlineData("(a=b=c)", "(a=b=c)")]
    public void Filters_are_written_in_one_form(string? text, string expected)
    {
        Assert.Equal(expected, LdapFilter.Clean(text, out var wrong));
        Assert.Null(wrong);
        Assert.Equal(expected, LdapFilter.Clean(expected, out _));
    }

    [Theory]
    [InlineData("(a=1", "at character 4 the filter ends before a )")]
    [InlineData("(a=1))", "at character 6 a ) closes what was not opened")]
    [InlineData("(a=1)(b=2)", "at character 6 the filter has ended already")]
    [InlineData("a=1)", "at character 4 a ) closes")]
    [InlineData("()", "at character 2 the name of an attribute")]
    [InlineData("(=x)", "at character 2 the name of an attribute")]
    [InlineData("(a)", "at character 3 behind a one of = >= <= ~= is expected")]
    [InlineData("(a>1)", "at character 3 behind a")]
    [InlineData("(a b=1)", "at character 3 behind a")]
    [InlineData("(a_b=1)", "at character 3 behind a")]
    [InlineData("(!(a=1)(b=2))", "at character 8 a ) is expected")]
    [InlineData("(!a=1)", "at character 3 a ( is expected")]
    [InlineData("(&(a=1)b=2)", "at character 8 a ) is expected")]
    [InlineData("(a=x(y)", "at character 5 a ( in a value must be written as \\28")]
    [InlineData("(a=\\)", "at character 4 a \\ must be followed by two hexadecimal digits")]
    [InlineData("(a=\\zz)", "at character 4 a \\ must be")]
    [InlineData("(a=DOMAIN\\jane)", "at character 10 a \\ must be")]
    [InlineData("(a>=1*)", "at character 6 a * can stand behind = only")]
    [InlineData("(a:=*)", "at character 5 a * can")]
    [InlineData("(:=x)", "at character 2 a matching rule")]
    [InlineData("(a=x\0y)", "at character 5 a NUL")]
    [InlineData("a=x(", "at character 4 a ( in a value")]
    public void What_is_no_filter_is_told_with_the_place(string text, string words) => AssertWrong(text, words);

    [Fact]
    public void Half_a_character_and_nesting_without_end_are_refused()
    {
        AssertWrong("(a=\ud83d)", "at character 4 half of a character");
        Assert.NotNull(LdapFilter.Clean(Nested(49), out _));
        AssertWrong(Nested(2500), "more than 50 deep");

        static string Nested(int depth) => new StringBuilder().Insert(0, "(!", depth).Append("(a=1)").Append(')', depth).ToString();
    }

    [Theory]
    [InlineData(new byte[] { 2, 20 }, @"\02\14")]
    [InlineData(new byte[] { (byte)'a', (byte)' ', (byte)'*', (byte)'(', (byte)')', (byte)'\\', 0, 127, 255 }, @"a \2a\28\29\5c\00\7f\ff")]
    public void Values_are_escaped(byte[] value, string expected) => Assert.Equal(expected, LdapFilter.Escape(value));

    private static void AssertWrong(string text, string words)
    {
        Assert.Null(LdapFilter.Clean(text, out var wrong));
        Assert.Equal("invalid-filter", wrong!.Code);
        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }
}
