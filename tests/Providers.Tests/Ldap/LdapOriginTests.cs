using IntegrationPoints.Engine;
using IntegrationPoints.Providers.Ldap;

namespace IntegrationPoints.Providers.Tests.Ldap;

/// <summary>What is read of a real directory, and how (guide 4.3).</summary>
public sealed class LdapOriginTests(Slapd slapd) : IClassFixture<Slapd>, IAsyncLifetime
{
    private LdapPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => place = await LdapPlace.NewAsync(slapd);

    public ValueTask DisposeAsync() => place is null ? default : place.DisposeAsync();

    /// <summary>Issue: discovery reads up to 100 entries for attribute names.</summary>
    [Fact]
    public async Task Looking_finds_the_attributes_and_no_passwords()
    {
        var layout = await place.LookAsync(place.Secure(LdapPlace.People) with { Filter = LdapPlace.Persons });
        var names = layout.Fields.Select(f => f.Name).ToList();
        Assert.Equal(LdapTable.NameColumn, names[0]);
        Assert.Equal(names.Skip(1).Order(StringComparer.OrdinalIgnoreCase), names.Skip(1));
        foreach (var expected in (string[])["cn", "entryUUID", "givenName", "mail", "manager", "sn", "uid", "createTimestamp"]) Assert.Contains(expected, names);
        Assert.DoesNotContain("userPassword", names);
        Assert.Equal("entryUUID", Assert.Single(layout.Fields, f => f.IsIdentifier).Name);
        Assert.Equal(LdapTable.NameColumn, layout.LinkField);
        Assert.Equal((LdapPlace.People, $"LDAP://localhost:{slapd.Tls}/{LdapPlace.People}"), (layout.Found["base"], layout.Name));
        Assert.Empty(layout.Warnings);
    }

    /// <summary>Issue: 5,000 people, managers by DN, nested units; paged by 1,000; only mapped attributes are asked for.</summary>
    [Fact]
    public async Task People_are_copied_page_by_page_with_what_is_mapped()
    {
        var copied = await place.CopyAsync(place.Secure(LdapPlace.People) with { Filter = LdapPlace.Persons }, "uid", "Manager", "mail");
        Assert.Equal(["distinguishedName", "uid", "Manager", "mail"], copied.Columns);
        Assert.Equal(5000, copied["uid"].Distinct().Count());
        Assert.Equal(5000, copied.Rows.Count);
        // A manager's cell is the name of somebody who is there.
        Assert.Equal(4999, copied["Manager"].Count(m => m.Length > 0));
        Assert.Empty(copied["Manager"].Where(m => m.Length > 0).Except(copied["distinguishedName"]));
        Assert.Equal("uid=p123,ou=Team 3,ou=People,dc=example,dc=com", copied["distinguishedName"].Single(n => n.StartsWith("uid=p123,", StringComparison.Ordinal)));
        Assert.Equal(("distinguishedName", 0), (copied.Notes.LinkField, copied.Notes.Warnings.Count));
        var log = await LogAsync();
        Assert.Equal(5, log.Count(line => line.EndsWith("SRCH attr=uid Manager mail", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>What names entries is the same in a job as for whoever only looks: with all fields mapped by name it tells people apart.</summary>
    [Fact]
    public async Task A_job_that_maps_all_names_entries_by_what_is_suggested()
    {
        var settings = place.Secure(LdapPlace.People) with { Filter = "(uid=p123)" };
        Assert.Equal("entryUUID", Assert.Single((await place.LookAsync(settings)).Fields, f => f.IsIdentifier).Name);
        var copied = await place.CopyAsync(settings);
        Assert.Equal(("entryUUID", "distinguishedName"), (copied.Notes.Identifier, copied.Notes.LinkField));
        Assert.True(Guid.TryParse(Assert.Single(copied["entryUUID"]), out _));
        Assert.Equal("distinguishedName", (await place.CopyAsync(settings, "cn")).Notes.Identifier);
        Assert.Equal("distinguishedName", (await place.CopyAsync(settings with { Filter = "(uid=nobody)" })).Notes.Identifier);
    }

    [Theory]
    // Guide 4.3.2, "Import Nested Items".
    [InlineData(true, LdapPlace.Persons, 5000)]
    [InlineData(false, LdapPlace.Persons, 20)]
    [InlineData(false, null, 30)]
    [InlineData(true, null, 5011)]
    [InlineData(true, "uid=p1", 1)]
    [InlineData(true, "(&(uid=p12*)(!(mail=P123@EXAMPLE.COM)))", 110)]
    [InlineData(true, "(|(uid=p1)(uid=p2) (uid=p2) )", 2)]
    [InlineData(true, "(cn=*son p4999)", 1)]
    [InlineData(true, "(uid:caseExactMatch:=P1)", 0)]
    [InlineData(true, "(ou:dn:=Team 7)", 499)]
    [InlineData(true, @"(cn=Person\20p7)", 1)]
    [InlineData(true, "(sn=Müller)", 0)]
    [InlineData(true, "(sn~=zebra)", 0)]
    [InlineData(true, "(noSuchAttribute=x)", 0)]
    public async Task Entries_are_chosen_by_level_and_filter(bool nested, string? filter, int count)
        => Assert.Equal(count, (await place.CopyAsync(place.Plain(LdapPlace.People) with { Nested = nested, Filter = filter }, "cn")).Rows.Count);

    [Fact]
    public async Task Values_of_all_kinds_come_as_text()
    {
        var copied = await place.CopyAsync(place.Plain("dc=kinds") with { Filter = LdapPlace.Persons },
            "uid", "mail", "objectGUID", "objectSid", "jpegPhoto", "whenCreated", "description", "title", "departmentNumber", "employeeNumber", "roomNumber", "displayName", "createTimestamp", "pager", "dn");
        var row = copied.Rows.Single(r => r[1] == "all");
        Assert.Equal(
            ["uid=all,dc=kinds", "all", "all@example.com;other@example.com", "03020100-0504-0706-0809-0a0b0c0d0e0f", "S-1-5-21-2127521184-1604012920-1887927527-72713", "ffd8ffe0204a464946", "2026-03-04T05:06:07Z",
                "He said \"no\",\r\nand left", "Head; of everything;Second", "Acme®", "=1+1", " Åsa ", "tab\there"],
            row.Take(13));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", row[13]);
        Assert.Equal(("", "uid=all,dc=kinds"), (row[14], row[15]));
        Assert.Equal(["uid=few,dc=kinds", "few", "", "", "", "", "", "", "", "", "", "", ""], copied.Rows.Single(r => r[1] == "few").Take(13));
        Assert.Equal(["attribute-empty", "character-is-multi-value", "character-is-newline", "referral-not-followed"], copied.Notes.Warnings.Select(w => w.Code).Order(StringComparer.Ordinal));
        Assert.All(copied.Notes.Warnings, w => Assert.Equal(ProblemSeverity.Warning, w.Severity));
        Assert.Contains("\"pager\"", copied.Notes.Warnings[0].Message, StringComparison.Ordinal);
        Assert.Equal("objectGUID", Assert.Single((await place.LookAsync(place.Plain("dc=kinds") with { Filter = "(uid=all)" })).Fields, f => f.IsIdentifier).Name);
    }

    /// <summary>Issue: referrals are not followed and are noted.</summary>
    [Fact]
    public async Task A_referral_is_noted_and_not_followed()
    {
        var copied = await place.CopyAsync(place.Plain("dc=kinds"), "cn");
        Assert.Equal(3, copied.Rows.Count);
        Assert.Equal("referral-not-followed", Assert.Single(copied.Notes.Warnings).Code);
        Assert.Equal("referral-not-followed", Assert.Single((await place.LookAsync(place.Plain("dc=kinds"))).Warnings).Code);
        Assert.Equal("base-elsewhere", (await place.RefusalAsync(place.Plain("ou=Elsewhere,dc=kinds"))).Problem.Code);
        Assert.False(slapd.WasFollowed);
    }

    [Fact]
    public async Task An_empty_unit_is_a_header_alone()
    {
        var empty = place.Plain("ou=Empty,dc=example,dc=com") with { Nested = false };
        var copied = await place.CopyAsync(empty, "cn");
        Assert.Equal((2, 0, 0), (copied.Columns.Length, copied.Rows.Count, copied.Notes.Warnings.Count));
        var layout = await place.LookAsync(empty);
        Assert.Equal("no-entries", Assert.Single(layout.Warnings).Code);
        Assert.Equal([LdapTable.NameColumn], layout.Fields.Select(f => f.Name));
    }

    [Fact]
    public async Task With_all_fields_mapped_what_the_first_entries_have_is_asked_of_all()
    {
        var copied = await place.CopyAsync(place.Secure(LdapPlace.People) with { Filter = LdapPlace.Persons });
        Assert.Equal(5000, copied.Rows.Count);
        Assert.Equal("distinguishedName", copied.Columns[0]);
        Assert.Contains("manager", copied.Columns);
        Assert.DoesNotContain("userPassword", copied.Columns);
        Assert.DoesNotContain("SRCH attr=* userPassword", await LogAsync());
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => place.CopyAsync(place.Secure(LdapPlace.People), "cn", "UserPassword"));
        Assert.Equal("attribute-secret", refusal.Problem.Code);
    }

    /// <summary>A path may be a host alone (guide 4.3.2: "Relativity.com").</summary>
    [Fact]
    public async Task Without_a_base_the_server_says_where_it_begins()
    {
        Assert.Equal("dc=example,dc=com", (await place.LookAsync(place.Plain(""))).Found["base"]);
        var refusal = await place.RefusalAsync(place.Secure(""));
        Assert.Equal("base-missing", refusal.Problem.Code);
        Assert.Contains("\"dc=kinds\"", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<string[]> LogAsync()
    {
        using var reader = new StreamReader(new FileStream(slapd.Server.Text("log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return (await reader.ReadToEndAsync(Stop)).Split('\n');
    }
}
