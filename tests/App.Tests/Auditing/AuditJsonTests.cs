using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>What the audit keeps of things: no secrets, and no more than a table takes.</summary>
public sealed class AuditJsonTests
{
    private sealed record Kept(string Name, string Password);

    [Fact]
    public void Secrets_are_masked_by_name_and_by_look()
    {
        var (before, after) = AuditJson.Of(null, new Kept("https://u:p@h/?sig=1", "hunter2"));
        Assert.Null(before);
        Assert.Equal("""{"name":"https://***@h/?sig=***","password":"***"}""", after);
    }

    [Fact]
    public void Secrets_of_the_settings_of_a_provider_are_masked()
    {
        var point = new IntegrationPoint
        {
            Id = "p",
            Name = "P",
            Workspace = "w",
            Source = new ProviderSettings("ldap", JsonSerializer.SerializeToElement(new { host = "h", bindPassword = "hunter2", options = new[] { new { accessKey = "hunter2" } } })),
        };
        var (_, after) = AuditJson.Of(null, point);
        Assert.DoesNotContain("hunter2", after, StringComparison.Ordinal);
        Assert.Equal("""{"host":"h","bindPassword":"***","options":[{"accessKey":"***"}]}""", JsonNode.Parse(after!)!["source"]!["settings"]!.ToJsonString());
    }

    [Fact]
    public void That_a_secret_changed_is_seen_and_nothing_of_it()
    {
        var text = new string('x', 40_000);
        Assert.Equal(("""{"name":"a","password":"***"}""", """{"name":"a","password":"*** (changed)"}"""), AuditJson.Of(new Kept("a", "one"), new Kept("a", "two")));
        Assert.Equal("""{"name":"b","password":"***"}""", AuditJson.Of(new Kept("a", "one"), new Kept("b", "one")).After);
        Assert.Equal(("""{"password":"***"}""", """{"password":"*** (changed)"}"""), AuditJson.Of(new Kept(text, "one"), new Kept(text, "two")));
    }

    [Fact]
    public void Of_large_documents_what_did_not_change_is_left_out()
    {
        var text = new string('x', 40_000);
        var (before, after) = AuditJson.Of(new { text, a = 1, gone = true }, new { text, a = 2, made = true });
        Assert.Equal(("""{"a":1,"gone":true}""", """{"a":2,"made":true}"""), (before, after));
        // Of small ones everything is kept.
        Assert.Equal("""{"b":1,"a":1}""", AuditJson.Of(new { b = 1, a = 1 }, new { b = 1, a = 2 }).Before);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("\u0001")]
    [InlineData("é\ud83d\ude00")]
    [InlineData("\ud800")]
    public void What_is_still_large_is_cut_and_says_so(string part)
    {
        var (_, after) = AuditJson.Of(null, new { text = string.Concat(Enumerable.Repeat(part, 40_000)) });
        Assert.InRange(after!.Length, 1, AuditJson.Longest + 1000);
        var cut = JsonNode.Parse(after)!;
        Assert.True(cut["shortened"]!.GetValue<bool>());
        Assert.InRange(cut["characters"]!.GetValue<int>(), 40_000, int.MaxValue);
        Assert.Equal(64, cut["sha256"]!.GetValue<string>().Length);
        Assert.StartsWith("{\"text\":\"", cut["beginning"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
