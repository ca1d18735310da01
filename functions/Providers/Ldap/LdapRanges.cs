using System.DirectoryServices.Protocols;
using System.Globalization;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>
/// Attributes with so many values that a directory hands them over in parts, as Active Directory does: <c>member;range=0-1499</c> in place of
/// <c>member</c>, where the next part is asked for by <c>member;range=1500-*</c> and the last one ends with <c>*</c> (MS-ADTS 3.1.1.3.1.3.3).
/// </summary>
internal static class LdapRanges
{
    /// <summary>The most values that are read of one attribute of an entry; a cell is no list of a whole directory.</summary>
    public const int MostValues = 100_000;

    private const string Option = ";range=";

    /// <summary>The attribute of an entry in which a part of its values lies, and where the next part begins, null behind the last; null: no part of it does.</summary>
    public static (DirectoryAttribute Part, int? Next)? PartOf(SearchResultEntry entry, string attribute)
    {
        var start = attribute + Option;
        if (entry.Attributes.AttributeNames.Cast<string>().FirstOrDefault(n => n.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is not { } name) return null;
        var end = name[(name.LastIndexOf('-') + 1)..];
        if (end == "*") return (entry.Attributes[name], null);
        return int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last < int.MaxValue ? (entry.Attributes[name], last + 1) : null;
    }

    /// <summary>The name of an attribute that may be one of a part.</summary>
    public static string NameOf(string attribute) => attribute.IndexOf(Option, StringComparison.OrdinalIgnoreCase) is >= 0 and var end ? attribute[..end] : attribute;

    /// <summary>The values behind the first part.</summary>
    /// <param name="server">The directory.</param>
    /// <param name="entry">The entry's name.</param>
    /// <param name="attribute">The attribute.</param>
    /// <param name="next">Where the second part begins.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The values, and whether they are all: an entry can be changed or removed meanwhile, and no more than <see cref="MostValues"/> are read.</returns>
    public static async Task<(IReadOnlyList<byte[]> Values, bool IsWhole)> RestAsync(
        LdapServer server, string entry, string attribute, int next, CancellationToken cancellationToken)
    {
        var values = new List<byte[]>();
        for (int? from = next; from is { } at;)
        {
            var asked = string.Create(CultureInfo.InvariantCulture, $"{attribute}{Option}{at}-*");
            if (at >= MostValues || await server.EntryAsync(entry, asked, cancellationToken) is not { } found || PartOf(found, attribute) is not var (part, after)) return (values, false);
            // A server that goes in circles never ends.
            if (after <= at) return (values, false);
            values.AddRange((byte[][])part.GetValues(typeof(byte[])));
            from = after;
        }
        return (values, true);
    }
}
