using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace IntegrationPoints.App.Checks;

/// <summary>Writes HTML: every text that is given to it is encoded, so that no value of a load file becomes markup.</summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder html = new();

    /// <summary>Adds markup of the page itself.</summary>
    public Html Raw(string markup)
    {
        html.Append(markup);
        return this;
    }

    /// <summary>Adds an element with a text in it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="text">The text.</param>
    /// <param name="attributes">Its attributes, markup of the page itself.</param>
    public Html Element(string name, string? text, string attributes = "")
    {
        html.Append('<').Append(name).Append(attributes.Length == 0 ? "" : " ").Append(attributes).Append('>');
        html.Append(Encoder.Encode(text ?? "")).Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>Adds a table; columns whose title begins with # hold numbers.</summary>
    public Html Table(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string?>> rows)
    {
        html.Append("<table><thead><tr>");
        foreach (var title in titles) Element("th", title.TrimStart('#'), title.StartsWith('#') ? "class=\"n\" scope=\"col\"" : "scope=\"col\"");
        html.Append("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Count; i++) Element("td", row[i], titles[i].StartsWith('#') ? "class=\"n\"" : "");
            html.Append("</tr>\n");
        }
        html.Append("</tbody></table>\n");
        return this;
    }

    /// <summary>A number as people read it.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => html.ToString();
}
