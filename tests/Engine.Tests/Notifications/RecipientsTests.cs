using System.Text.Json;
using IntegrationPoints.Engine.Notifications;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Tests.Mapping;

namespace IntegrationPoints.Engine.Tests.Notifications;

/// <summary>Who is told of a job's end: addresses separated by semicolons (guide 4.2.1; issue "Notifications").</summary>
public sealed class RecipientsTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    // Empty pieces are dropped
    [InlineData(";", "")]
    [InlineData(";;a@b.com;;", "a@b.com")]
    [InlineData("a@b.com;c@d.com", "a@b.com|c@d.com")]
    // Blanks and line breaks around an address are no part of it
    [InlineData(" a@b.com ;\r\n\tc@d.com\n", "a@b.com|c@d.com")]
    // Nobody is told twice
    [InlineData("a@b.com;A@B.COM;a@b.com", "a@b.com")]
    public void A_list(string? text, string expected)
    {
        Assert.Empty(Recipients.Check(text, "to"));
        Assert.Equal(expected, string.Join('|', Recipients.Of(text)));
    }

    [Theory]
    // Pieces of blanks are left and wrong
    [InlineData(" ", "recipient-missing")]
    [InlineData("a@b.com; ", "recipient-missing")]
    [InlineData("a@b.com; ;c@d.com;\t", "recipient-missing|recipient-missing")]
    [InlineData("a@b.com;nobody;c@d.com;x@y", "recipient-invalid|recipient-invalid")]
    [InlineData("nobody; ;", "recipient-invalid|recipient-missing")]
    [InlineData("a@b.com,c@d.com", "recipient-invalid")]
    public void A_list_that_is_wrong(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', Recipients.Check(text, "to").Select(p => p.Code)));
        Assert.All(PointRules.Check(TestPoint.Of() with { NotificationRecipients = text }), p => Assert.Equal("notificationRecipients", p.Field));
        Assert.NotEmpty(PointRules.Check(TestPoint.Of() with { NotificationRecipients = text }));
    }

    [Theory]
    // RFC 5322, 3.2.3 and 3.4.1: dot-atoms; RFC 5321, 4.5.3.1: lengths; names of Windows domains hold underscores
    [InlineData("name@example.com", true)]
    [InlineData("first.last+tag@mail.example.co.uk", true)]
    [InlineData("a*b#c!d/e=f@example.com", true)]
    [InlineData("name@sub_domain.example", true)]
    [InlineData("name@xn--mller-kva.example", true)]
    [InlineData("n@1.2", true)]
    [InlineData("{64}@example.com", true)]
    [InlineData("{65}@example.com", false)]
    [InlineData("name@{63}.com", true)]
    [InlineData("name@{64}.com", false)]
    [InlineData("name@{63}.{63}.{63}.{63}.com", false)]
    [InlineData("name", false)]
    [InlineData("@example.com", false)]
    [InlineData("name@", false)]
    [InlineData("name@host", false)]
    [InlineData("name@example.", false)]
    [InlineData("name@.example", false)]
    [InlineData("name@a..b", false)]
    [InlineData("name@-a.com", false)]
    [InlineData("name@a-.com", false)]
    [InlineData("name@a@b.com", false)]
    [InlineData(".name@example.com", false)]
    [InlineData("name.@example.com", false)]
    [InlineData("na..me@example.com", false)]
    [InlineData("na me@example.com", false)]
    [InlineData("na\\me@example.com", false)]
    [InlineData("\"name\"@example.com", false)]
    [InlineData("Name <name@example.com>", false)]
    [InlineData("name@exa!mple.com", false)]
    [InlineData("name@[127.0.0.1]", false)]
    [InlineData("näme@example.com", false)]
    // Nothing can end a header or a command and begin another
    [InlineData("name@example.com\r\nBcc: other@example.com", false)]
    [InlineData("name@example.com\nRCPT TO:<other@example.com>", false)]
    [InlineData("name\0@example.com", false)]
    [InlineData("name@example.com>", false)]
    [InlineData("name@example.com,other@example.com", false)]
    [InlineData("name@exam\u202eple.com", false)]
    public void An_address(string text, bool valid)
    {
        foreach (var length in new[] { 63, 64, 65 }) text = text.Replace($"{{{length}}}", new string('x', length), StringComparison.Ordinal);
        Assert.Equal(valid, Recipients.IsAddress(text));
    }

    [Fact]
    public void The_shared_cases()
    {
        var path = Fixtures.Vectors("notification_email_validation.json");
        Assert.SkipWhen(path is null, "The shared cases do not lie beside the checkout.");
        using var json = JsonDocument.Parse(File.ReadAllText(path!));
        var seen = 0;
        foreach (var row in json.RootElement.GetProperty("vectors").EnumerateArray())
        {
            var emails = row.GetProperty("emails").GetString();
            var problems = Recipients.Check(emails, "to").ToList();
            Assert.Equal((emails, row.GetProperty("valid").GetBoolean()), (emails, problems.Count == 0));
            foreach (var said in new[] { "errorPrefix", "errorContains" }.Where(s => row.TryGetProperty(s, out _)))
                Assert.All(problems, p => Assert.StartsWith(row.GetProperty(said).GetString()!.TrimEnd(), p.Message, StringComparison.Ordinal));
            if (row.TryGetProperty("perAddressValid", out var each))
                Assert.Equal(each.EnumerateArray().Select(v => v.GetBoolean()), Recipients.Of(emails).Select(Recipients.IsAddress));
            seen++;
        }
        Assert.True(seen >= 20, $"Only {seen} rows were read.");
    }

    [Fact]
    public void At_most_a_hundred()
    {
        static string Many(int count) => string.Join(';', Enumerable.Range(1, count).Select(n => $"n{n}@example.com"));
        Assert.Empty(Recipients.Check(Many(100), "to"));
        Assert.Equal("too-many-recipients", Assert.Single(Recipients.Check(Many(101), "to")).Code);
    }
}
