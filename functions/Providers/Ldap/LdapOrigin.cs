using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Spool;
using ConfigurationException = IntegrationPoints.Engine.ConfigurationException;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>The entries of a directory (guide 4.3).</summary>
/// <param name="point">The integration point.</param>
/// <param name="outside">The way out.</param>
internal sealed class LdapOrigin(IntegrationPoint point, Outside outside) : IOrigin
{
    /// <summary>How many entries tell which attributes there are.</summary>
    public const int LookedAt = 100;

    // So that a server that never ends fills no storage.
    private const long MostBytes = 64L << 30;

    // The server's own attributes are handed over when they are asked for by RFC 3673's sign only; entryUUID is one.
    private static readonly string[] All = ["*", "+"];

    // What names an entry for good, the best first.
    private static readonly string[] Identifiers = ["objectGUID", "entryUUID", "nsUniqueId", "ipaUniqueID", "uid", "sAMAccountName"];

    private readonly LdapSettings settings = Sources.Read<LdapSettings>(point.Source);

    /// <inheritdoc/>
    public Problem Slow => new LdapWords(settings, Path).Slow().Problem;

    /// <inheritdoc/>
    public Problem? TooLong => new LdapWords(settings, Path).TooLong(outside.LongestCopy);

    private LdapPath Path => LdapPath.Parse(settings.Path, out var wrong) ?? throw new ConfigurationException(wrong!);

    /// <inheritdoc/>
    public async Task<SourceLayout> LookAsync(CancellationToken cancellationToken)
    {
        await using var server = await SignInAsync(cancellationToken);
        var @base = await BaseAsync(server, cancellationToken);
        var page = await FirstAsync(server, @base, cancellationToken);
        var identifier = IdentifierOf(page);
        return new SourceLayout
        {
            Name = Path.ToString(),
            Fields = [.. Names(page).Prepend(LdapTable.NameColumn).Select(n => new SourceField(n, IsIdentifier: n.Equals(identifier, StringComparison.OrdinalIgnoreCase)))],
            Found = new Dictionary<string, string> { ["path"] = Path.ToString(), ["base"] = @base },
            LinkField = LdapTable.NameColumn,
            Warnings = [.. page.Entries.Count == 0 ? [LdapTable.Note("no-entries", $"Nothing below {Words.Quote(@base)} fits the filter, or the user may not read it, so that no attributes are known.")] : Array.Empty<Problem>(), .. Referred(page.Referrals)],
        };
    }

    /// <inheritdoc/>
    public async Task<CopyNotes> CopyAsync(Stream copy, CancellationToken cancellationToken)
    {
        await using var server = await SignInAsync(cancellationToken);
        var @base = await BaseAsync(server, cancellationToken);
        // With all fields mapped by name, what the first entries have is asked of all.
        var first = point.MapAllFields ? await FirstAsync(server, @base, cancellationToken) : null;
        var wanted = first is null ? Named() : Named().Concat(Names(first));
        var table = new LdapTable([.. wanted.Where(n => n != LdapTable.NameColumn).Distinct(StringComparer.OrdinalIgnoreCase)], point.Import);
        var referrals = new List<Uri>();
        await using var text = new StreamWriter(copy, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), bufferSize: 64 * 1024, leaveOpen: true);
        await using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n", ShouldQuote = _ => true }, leaveOpen: true);
        await WriteAsync(csv, table.Columns);
        // An attribute that no server has stands for "none but the name" (RFC 4511, 4.5.1.8).
        string[] asked = table.Asked is [] ? ["1.1"] : table.Asked;
        await foreach (var page in server.PagesAsync(@base, Filter(), settings.Nested, asked, LdapServer.PageSize, cancellationToken))
        {
            foreach (var entry in page.Entries) await WriteAsync(csv, await table.RowAsync(entry, server, cancellationToken));
            await csv.FlushAsync();
            await text.FlushAsync(cancellationToken);
            if (copy.Position > MostBytes) throw new LdapWords(settings, Path).Endless(MostBytes);
            if (referrals.Count < 100) referrals.AddRange(page.Referrals);
        }
        return new CopyNotes(Path.ToString()) { LinkField = LdapTable.NameColumn, Identifier = first is null ? LdapTable.NameColumn : IdentifierOf(first), Warnings = [.. table.Notes(), .. Referred(referrals)] };
    }

    private static async Task WriteAsync(CsvWriter csv, IEnumerable<string> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        await csv.NextRecordAsync();
    }

    private Task<LdapServer> SignInAsync(CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        LdapRules.Clean(settings, problems);
        return problems.Count == 0 ? LdapServer.SignInAsync(settings, Path, outside, point.Workspace, cancellationToken) : throw new ConfigurationException(Problem.Together(problems));
    }

    private async Task<string> BaseAsync(LdapServer server, CancellationToken cancellationToken) => Path.Base is { Length: > 0 } given ? given : await server.OwnBaseAsync(cancellationToken);

    private string Filter() => LdapFilter.Clean(settings.Filter, out var wrong) ?? throw new ConfigurationException(wrong!);

    private async Task<LdapPage> FirstAsync(LdapServer server, string @base, CancellationToken cancellationToken)
    {
        await foreach (var page in server.PagesAsync(@base, Filter(), settings.Nested, All, LookedAt, cancellationToken)) return page;
        return new LdapPage([], []);
    }

    // By the first entries: what all of them have, once each. The name is last, because it changes with the person and the place.
    private static string IdentifierOf(LdapPage first)
        => Identifiers.FirstOrDefault(name => first.Entries.Count > 0 && first.Entries.All(e => e.Attributes[name] is { Count: 1 })) ?? LdapTable.NameColumn;

    // Sorted, each once however it is written, without what nobody is to read.
    private static SortedSet<string> Names(LdapPage page)
    {
        var names = page.Entries.SelectMany(e => e.Attributes.Values.Cast<DirectoryAttribute>()).Select(a => LdapRanges.NameOf(a.Name));
        return new(names.Where(n => !LdapValues.IsSecret(n) && !LdapTable.IsName(n)), StringComparer.OrdinalIgnoreCase);
    }

    // The columns that the import names, whatever for.
    private IEnumerable<string> Named()
    {
        var import = point.Import;
        var named = point.Mapping.Select(pair => pair.Source)
            .Concat([import.IdentifierColumn, import.FolderColumn, import.NativeColumn, import.TextColumn, import.CreateFields?.Identifier])
            .Concat(import.CreateFields?.Fields.Select(f => f.Name) ?? [])
            .Select(name => name?.Trim()).OfType<string>().Where(name => name.Length > 0).ToList();
        if (named.Find(LdapValues.IsSecret) is { } secret)
            throw new ConfigurationException(new Problem("attribute-secret", $"The attribute {Words.Quote(secret)} holds a password or a key. It is not read; take it out of the mapping.") { Field = secret });
        return named;
    }

    private static IEnumerable<Problem> Referred(IReadOnlyList<Uri> referrals)
    {
        if (referrals.Count == 0) return [];
        var servers = referrals.Select(r => r.Host).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return [LdapTable.Note("referral-not-followed", $"Parts of the directory lie on other servers: {Words.List(servers)}. Referrals are not followed; import from them with integration points of their own when their entries are wanted.")];
    }
}
