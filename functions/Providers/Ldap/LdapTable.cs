using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>Entries as rows: one column an attribute, the distinguished name first. Counts what rows cannot say.</summary>
/// <param name="attributes">The attributes wanted, each once.</param>
/// <param name="import">Which characters mean something in a cell.</param>
internal sealed class LdapTable(IReadOnlyList<string> attributes, ImportSettings import)
{
    /// <summary>The column that every entry has, and by which entries name each other (Active Directory's name for it).</summary>
    public const string NameColumn = "distinguishedName";

    private readonly char multiValue = (char)import.MultiValue, newline = (char)import.Newline;
    private readonly HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Attribute, string Code), (int Count, string First)> odd = [];
    private long rows;

    /// <summary>The columns.</summary>
    public IReadOnlyList<string> Columns { get; } = [NameColumn, .. attributes];

    /// <summary>What the entry's attributes are asked for by.</summary>
    public string[] Asked { get; } = [.. attributes.Where(a => !IsName(a))];

    /// <summary>Whether a column is the distinguished name, which is no attribute everywhere.</summary>
    public static bool IsName(string column) => column.Equals(NameColumn, StringComparison.OrdinalIgnoreCase) || column.Equals("dn", StringComparison.OrdinalIgnoreCase);

    /// <summary>An entry's row.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="server">Who is asked for the values that it has beside those.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Connections.ServerException">They cannot be had.</exception>
    public async Task<IReadOnlyList<string>> RowAsync(SearchResultEntry entry, LdapServer server, CancellationToken cancellationToken)
    {
        rows++;
        List<string> row = [entry.DistinguishedName];
        foreach (var attribute in attributes)
            row.Add(IsName(attribute) ? entry.DistinguishedName : Cell(entry, attribute, await ValuesAsync(entry, attribute, server, cancellationToken)));
        return row;
    }

    /// <summary>What is worth knowing of the rows there were.</summary>
    public IEnumerable<Problem> Notes()
    {
        var blank = attributes.Where(a => !IsName(a) && !seen.Contains(a)).ToList();
        if (rows > 0 && blank.Count > 0)
            yield return Note("attribute-empty", $"No entry has the attribute {Words.List(blank)}, or the user may not read {(blank.Count == 1 ? "it" : "them")}. Check the name, as the source's fields have it.");
        foreach (var ((attribute, code), (count, first)) in odd)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{Words.Quote(attribute)} of {count:N0} {(count == 1 ? "entry" : "entries")}, the first {Words.Quote(first)},");
            yield return Note(code, code switch
            {
                "character-is-multi-value" => $"The attribute {where} holds {Words.Quote(multiValue.ToString())} inside of one of several values, which is also put between values: fields with several values take it apart there. Choose another multi-value character.",
                "character-is-newline" => $"The attribute {where} holds {Words.Quote(newline.ToString())}, which stands for a line break in long text. Choose another newline character.",
                _ => $"The attribute {where} has more values than were read: no more than {LdapRanges.MostValues:N0} are, and none of those that were changed or taken away meanwhile.",
            });
        }
    }

    /// <summary>Something worth knowing.</summary>
    public static Problem Note(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };

    private string Cell(SearchResultEntry entry, string attribute, IReadOnlyList<byte[]> values)
    {
        if (values.Count == 0) return "";
        seen.Add(attribute);
        var cell = new StringBuilder();
        foreach (var value in values)
        {
            var text = LdapValues.Text(attribute, value);
            if (cell.Length > 0 || value != values[0]) cell.Append(multiValue);
            if (values.Count > 1 && text.Contains(multiValue)) Count("character-is-multi-value");
            if (text.Contains(newline)) Count("character-is-newline");
            cell.Append(text);
        }
        return cell.ToString();

        void Count(string code) => this.Count(entry, attribute, code);
    }

    private async Task<IReadOnlyList<byte[]>> ValuesAsync(SearchResultEntry entry, string attribute, LdapServer server, CancellationToken cancellationToken)
    {
        // Certificates are handed over by a name with an option (RFC 4523, 2.1).
        var found = entry.Attributes[attribute] ?? entry.Attributes[attribute + ";binary"];
        if (found is { Count: > 0 }) return (byte[][])found.GetValues(typeof(byte[]));
        if (LdapRanges.PartOf(entry, attribute) is not var (part, next)) return [];
        var first = (byte[][])part.GetValues(typeof(byte[]));
        if (next is null) return first;
        var (rest, isWhole) = await LdapRanges.RestAsync(server, entry.DistinguishedName, attribute, next.Value, cancellationToken);
        if (!isWhole) Count(entry, attribute, "values-incomplete");
        return [.. first, .. rest];
    }

    private void Count(SearchResultEntry entry, string attribute, string code)
    {
        odd.TryGetValue((attribute, code), out var before);
        odd[(attribute, code)] = (before.Count + 1, before.First ?? entry.DistinguishedName);
    }
}
