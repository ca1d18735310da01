using System.Text.Json;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Tests;

/// <summary>What people see (design, Security: input is hostile).</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData("Lease – Ünit 4", "Lease – Ünit 4")]
    [InlineData("two\nlines", "two\nlines")]
    [InlineData("\u001b[31mred", "␛[31mred")]
    [InlineData("back\rover", "back␍over")]
    [InlineData("\u009b2J", "␣2J")]
    public void A_value_cannot_steer_the_terminal(string value, string shown) => Assert.Equal(shown, Terminal.Visible(value));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KB")]
    [InlineData(5 << 20, "5 MB")]
    [InlineData(3L << 30, "3 GB")]
    public void Sizes_are_short(long bytes, string shown) => Assert.Equal(shown, Terminal.Bytes(bytes));

    [Theory]
    [InlineData("""{"a": "x"}""", "x")]
    [InlineData("""{"a": null}""", "")]
    [InlineData("""{}""", "")]
    [InlineData("""{"a": 12}""", "12")]
    [InlineData("""{"a": true}""", "yes")]
    [InlineData("""{"a": ["x", "y"]}""", """["x", "y"]""")]
    public void A_property_is_shown_as_text(string json, string shown)
        => Assert.Equal(shown, Cell.TextOf(JsonSerializer.Deserialize<JsonElement>(json), "a"));
}
