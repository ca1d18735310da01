using System.Globalization;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.App.Http;

/// <summary>Names that users give to things.</summary>
internal static class Names
{
    /// <summary>The name of a field as it is kept, which may be the heading of any column: without the blanks around it.</summary>
    /// <param name="name">As it was sent.</param>
    /// <param name="member">The member of the body that holds it.</param>
    /// <param name="problems">What is wrong with it is added here.</param>
    public static string Clean(string name, string member, ICollection<Problem> problems)
    {
        var clean = name.Trim();
        if (Wrong(clean) is var (code, message)) problems.Add(new Problem(code, message) { Field = member });
        return clean;
    }

    /// <summary>Any other name, which may stand in an address or become a folder's: by the rules of integration points.</summary>
    public static string CleanForAddress(string name, string member, ICollection<Problem> problems)
    {
        var clean = name.Trim();
        if (PointRules.CheckName(clean) is { } problem) problems.Add(problem with { Field = member });
        return clean;
    }

    // Columns of load files are called "Date/Time Sent" and "Sent?"; only what cannot be shown or typed is refused.
    private static (string Code, string Message)? Wrong(string name)
    {
        if (name.Length == 0) return ("name-missing", "The name is blank. Enter one.");
        if (name.Length > PointRules.NameLength)
        {
            return ("name-too-long", string.Create(CultureInfo.InvariantCulture,
                $"The name {Words.Quote(name)} has {name.Length} characters; it may have {PointRules.NameLength}. Shorten it."));
        }
        return name.EnumerateRunes().Any(IsInvisible)
            ? ("name-invalid", $"The name {Words.Quote(name)} holds control or other invisible characters. Leave them out.")
            : null;
    }

    private static bool IsInvisible(Rune rune) => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
