using System.Text.Json;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.Tests.Csv;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>What the settings of a directory must be to be saved (guide 4.3.2; RFC 4514; RFC 4513, 5.1.2).</summary>
public sealed class LdapRulesTests
{
    [Theory]
    // Guide 4.3.2: its examples.
    [InlineData("Relativity.com", "relativity.com", null, "", "LDAP://relativity.com")]
    [InlineData("ldap.Relativity.com:636/OU=Employees,OU=Accounts,OU=Relativity,DC=Relativity,DC=C=corp", "ldap.relativity.com", 636, "OU=Employees,OU=Accounts,OU=Relativity,DC=Relativity,DC=C=corp",
        "LDAP://ldap.relativity.com:636/OU=Employees,OU=Accounts,OU=Relativity,DC=Relativity,DC=C=corp")]
    [InlineData("dc1/OU=x", "dc1", null, "OU=x", "LDAP://dc1/OU=x")]
    [InlineData(" LDAP://dc1:389/ DC=a , DC=b ", "dc1", 389, "DC=a , DC=b", "LDAP://dc1:389/DC=a , DC=b")]
    [InlineData("ldaps://10.0.0.7/", "10.0.0.7", null, "", "LDAP://10.0.0.7")]
    [InlineData("[2606:4700::1111]:636/DC=a", "2606:4700::1111", 636, "DC=a", "LDAP://[2606:4700::1111]:636/DC=a")]
    // A slash is a plain character in names.
    [InlineData("h/OU=a/b,DC=c", "h", null, "OU=a/b,DC=c", "LDAP://h/OU=a/b,DC=c")]
    public void Paths_are_read(string text, string host, int? port, string @base, string written)
    {
        var path = LdapPath.Parse(text, out var wrong);
        Assert.Null(wrong);
        Assert.Equal((host, port, @base, written), (path!.Host, path.Port, path.Base, path.ToString()));
        Assert.Equal((port ?? 636, port ?? 389), (path.PortFor(DirectoryProtocol.Ldaps), path.PortFor(DirectoryProtocol.Ldap)));
    }

    [Theory]
    [InlineData("a b/DC=c", "invalid-host", "\"a b\" is no host")]
    [InlineData("/DC=c", "invalid-host", "is no host")]
    [InlineData("http://h/DC=c", "invalid-path", "\"\" is no port")]
    [InlineData("h:/DC=c", "invalid-path", "\"\" is no port")]
    [InlineData("h:0/DC=c", "invalid-path", "from 1 to 65535")]
    [InlineData("h:65536", "invalid-path", "\"65536\"")]
    [InlineData("h:63x6", "invalid-path", "\"63x6\"")]
    [InlineData("h/Employees", "invalid-base", "at character 10 a = is expected behind Employees")]
    [InlineData("h/OU=a,,DC=b", "invalid-base", "at character 6 the name of an attribute is expected")]
    [InlineData("h/OU=a,", "invalid-base", "at character 6 the name")]
    [InlineData("h/OU=a;DC=b", "invalid-base", "at character 5 a ; must be written as \\;")]
    [InlineData("h/OU=\"a\"", "invalid-base", "at character 4 a \" must")]
    [InlineData("h/OU=a\\xb", "invalid-base", "at character 5 a \\ must be followed")]
    [InlineData("h/OU=#12z", "invalid-base", "at character 7 a comma is expected")]
    [InlineData("h/OU=#1", "invalid-base", "at character 4 a # begins")]
    [InlineData("h/1.x=a", "invalid-base", "at character 1 the name")]
    [InlineData("h/OU=a\0", "invalid-base", "at character 5 stands a character")]
    public void What_is_no_path_is_told(string text, string code, string words)
    {
        Assert.Null(LdapPath.Parse(text, out var wrong));
        Assert.Equal(code, wrong!.Code);
        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>RFC 4514, 4: its examples, and blanks as directories take them.</summary>
    [Theory]
    [InlineData("UID=jsmith,DC=example,DC=net")]
    [InlineData("OU=Sales+CN=J.  Smith,DC=example,DC=net")]
    [InlineData(@"CN=James \""Jim\"" Smith\, III,DC=example,DC=net")]
    [InlineData(@"CN=Before\0dAfter,DC=example,DC=net")]
    [InlineData("1.3.6.1.4.1.1466.0=#04024869")]
    [InlineData(@"CN=Lu\C4\8Di\C4\87")]
    [InlineData("CN=😀, OU = x")]
    [InlineData("CN=")]
    [InlineData("CN=#41,DC=b")]
    public void Names_are_taken(string name) => Assert.Null(DistinguishedName.WhatIsWrong(name));

    [Theory]
    [InlineData("ok", "")]
    [InlineData("anonymous", "")]
    [InlineData("plain and anonymous", "")]
    [InlineData("plain with a password", "protocol invalid-settings")]
    [InlineData("no password", "password invalid-settings")]
    [InlineData("no user", "user invalid-settings")]
    [InlineData("control character", "user invalid-settings")]
    [InlineData("filter", "filter invalid-filter")]
    [InlineData("authority of plain", "certificateAuthority invalid-settings")]
    [InlineData("damaged authority", "certificateAuthority invalid-certificate")]
    [InlineData("all at once", "path invalid-base, filter invalid-filter, password invalid-settings")]
    public void Settings_are_checked(string what, string expected)
    {
        using var authority = new TestAuthority();
        var anonymous = new LdapSettings { Path = "h:636/DC=a", Filter = " ", CertificateAuthority = authority.Pem };
        var ok = anonymous with { User = " u ", Password = Secret.Named("p") };
        var problems = new List<Problem>();
        var clean = LdapRules.Clean(what switch
        {
            "ok" => ok,
            "anonymous" => anonymous with { User = " " },
            "plain and anonymous" => anonymous with { Protocol = DirectoryProtocol.Ldap, CertificateAuthority = null },
            "plain with a password" => ok with { Protocol = DirectoryProtocol.Ldap, CertificateAuthority = null },
            "no password" => ok with { Password = null },
            "no user" => ok with { User = null },
            "control character" => ok with { User = "a\0b" },
            "filter" => ok with { Filter = "(a" },
            "authority of plain" => anonymous with { Protocol = DirectoryProtocol.Ldap },
            "damaged authority" => ok with { CertificateAuthority = "-----BEGIN" },
            _ => ok with { Path = "h/x", Filter = "(", Password = null },
        }, problems);
        Assert.Equal(expected, string.Join(", ", problems.Select(p => $"{p.Field} {p.Code}")));
        if (what == "ok") Assert.Equal(("u", null, "h:636/DC=a"), (clean.User, clean.Filter, clean.Path));
    }

    /// <summary>The cases beside the checkout, where they are; every rule has rows of its own elsewhere.</summary>
    [Fact]
    public void Shared_cases()
    {
        var file = Ancestors(AppContext.BaseDirectory).Select(f => Path.Combine(f, "shared", "vectors", "ldap_values.json")).FirstOrDefault(File.Exists);
        if (file is null) Assert.Skip("The cases are not beside the checkout.");
        foreach (var vector in JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("vectors").EnumerateArray())
        {
            var expected = vector.GetProperty("expected").GetString();
            if (vector.GetProperty("kind").GetString() == "path") Assert.Equal(expected, LdapPath.Parse(vector.GetProperty("in").GetString()!, out _)!.ToString());
            else Assert.Equal(expected, LdapFilter.Escape([.. vector.GetProperty("bytes").EnumerateArray().Select(b => b.GetByte())]));
        }

        static IEnumerable<string> Ancestors(string? folder)
        {
            for (; folder is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
        }
    }
}
