using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>
/// Checks an integration point before it is saved: its own rules, those of its provider, and that its object type exists. When all is well its secrets
/// are kept, and names stand in their place.
/// </summary>
public sealed class PointCheck(StagingPaths staging, WorkspaceCatalog workspaces, AccessCheck access, FieldCatalog names, PointSecrets secrets)
{
    // What the rules of the mapping look at.
    private static readonly string[] Mapped = ["mapping", "unmapped", "mapAllFields", "import", "source"];

    /// <summary>Has a refusal list what saving needs for what the point makes, too.</summary>
    /// <param name="workspace">The workspace that gets the point.</param>
    /// <param name="read">What is to be saved; null: that is not told the caller.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="isElsewhere">Whether the workspace is another than that of the address.</param>
    internal void Foresee(string workspace, Func<Task<IntegrationPoint?>> read, CancellationToken cancellationToken, bool isElsewhere = false)
        => access.Foresee(workspace, async () => await read() is { MakesFields: true } ? AccessTable.Needs(Operation.MakeFields) : [], cancellationToken, isElsewhere);

    /// <summary>The point as it is kept, when whoever saves it may have it make what it makes. Profiles make nothing.</summary>
    /// <param name="body">What is to be saved.</param>
    /// <param name="before">What is saved already; null: nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">400 with everything that is wrong; 403.</exception>
    internal async Task<IntegrationPoint> PointAsync(SentPoint body, IntegrationPoint? before, CancellationToken cancellationToken)
    {
        var point = await RightAsync(body, before, cancellationToken);
        await access.RequireSavingAsync(point, cancellationToken);
        return await KeptAsync(point, cancellationToken);
    }

    /// <summary>The point as it is kept.</summary>
    /// <exception cref="RefusedException">400 with everything that is wrong.</exception>
    public Task<IntegrationPoint> CheckedAsync(IntegrationPoint sent, CancellationToken cancellationToken)
        => CheckedAsync(new SentPoint(sent, []), before: null, cancellationToken);

    /// <summary>The point as it is kept.</summary>
    /// <param name="body">What is to be saved.</param>
    /// <param name="before">What is saved already; null: nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">400 with everything that is wrong.</exception>
    internal async Task<IntegrationPoint> CheckedAsync(SentPoint body, IntegrationPoint? before, CancellationToken cancellationToken)
        => await KeptAsync(await RightAsync(body, before, cancellationToken), cancellationToken);

    private async Task<IntegrationPoint> KeptAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => point with { Source = await secrets.KeptAsync(point.Workspace, point.Source, cancellationToken) };

    // Its secrets are still as they were sent.
    private async Task<IntegrationPoint> RightAsync(SentPoint body, IntegrationPoint? before, CancellationToken cancellationToken)
    {
        var sent = body.Point;
        var point = sent with { Name = sent.Name.Trim(), ObjectType = sent.ObjectType.Trim() };
        // All that an image load file says of a document is its name, and that needs no mapping.
        if (point.Source.Provider == ImageFileSettings.Provider) point = point with { MapAllFields = true };
        var problems = PointRules.Check(point).ToList();
        var type = point.ObjectType.Length > 0 ? (await workspaces.TypeAsync(point.Workspace, point.ObjectType, cancellationToken))?.Value : null;
        if (point.ObjectType.Length > 0)
        {
            if (type is not null) point = point with { ObjectType = type.Name };
            else problems.Add(At("objectType", "object-type-not-found", $"The workspace has no object type {Words.Quote(point.ObjectType)}. Make it first."));
        }
        if (point.Import.TextEncoding is { } encoding && EncodingDetector.Find(encoding) is null)
            problems.Add(LoadFileRules.UnknownEncoding(encoding) with { Field = "import.textEncoding" });
        point = point with { Source = Source(point, before?.Source, problems) };
        // Of a member that could not be read nothing else is known.
        var unread = body.Wrong.Select(JsonBody.TopOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (type is not null && !unread.Overlaps(Mapped)) point = await MappedAsync(point, type, before, problems, cancellationToken);
        if (point.Destination is not null) point = point with { Destination = Destination(point, problems) };
        problems = [.. body.Wrong, .. problems.Where(p => !unread.Contains(JsonBody.TopOf(p)))];
        if (problems.Any(p => p.Severity == ProblemSeverity.Error)) throw RefusedException.Bad([.. problems.Where(p => p.Severity == ProblemSeverity.Error)]);
        return problems.Count == 0 ? point : point with { Notes = [.. point.Notes ?? [], .. problems.Select(p => p.Message)] };
    }

    // Pairs remember what their fields were when they were mapped, also when something else is edited.
    private async Task<IntegrationPoint> MappedAsync(
        IntegrationPoint point, ObjectType type, IntegrationPoint? before, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (point.IsExport) return point;
        var fields = await workspaces.FieldsAsync(point.Workspace, point.ObjectType, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
        var sides = new MappedSides(type, fields)
        {
            Columns = problems.Any(p => p.Severity == ProblemSeverity.Error && p.Field?.StartsWith("source", StringComparison.Ordinal) == true) ? [] : Sources.ColumnsOf(point.Source),
            Typed = Sources.TypesOf(point.Source),
            Before = before?.Mapping ?? [],
            ImportBefore = before?.Import,
            Synonyms = point.MapAllFields ? await names.SynonymsAsync(cancellationToken) : Synonyms.None,
        };
        problems.AddRange(MappingRules.Check(point, sides));
        return point with { Mapping = [.. point.Mapping.Select(pair => pair.Type is null ? pair with { Type = FieldMatcher.Find(fields, pair.Destination)?.Type } : pair)] };
    }

    private ProviderSettings Source(IntegrationPoint point, ProviderSettings? before, List<Problem> problems)
    {
        var provider = point.Source.Provider;
        if (Settings(point.Source, "source", Sources.Settings, problems) is not { } read) return point.Source;
        var own = new List<Problem>();
        var clean = read switch
        {
            LoadFileSettings file => Sources.Write(provider, LoadFileRules.Clean(file, point.Workspace, staging, own)),
            ImageFileSettings images => Sources.Write(provider, ImageFileRules.Clean(images, point.Workspace, staging, own)),
            CsvSettings csv => Sources.Write(provider, CsvRules.Forgetting(CsvRules.Clean(csv, own), before)),
            EntraSettings entra => Sources.Write(provider, EntraRules.Clean(entra, own)),
            LdapSettings ldap => Sources.Write(provider, LdapRules.Clean(ldap, own)),
            _ => point.Source,
        };
        if (read is LoadFileSettings { Detect: false } told) own.AddRange(Characters(told, point.Import, own.Concat(problems)));
        own.AddRange(PointSecrets.Check(clean, before));
        problems.AddRange(own.Select(p => p with { Field = $"source.settings.{p.Field}" }));
        if (point is { RunOnUpload: true, IsExport: false } && read is not (LoadFileSettings or ImageFileSettings))
            problems.Add(At("runOnUpload", "upload-not-for-source", $"The source provider {provider} reads no load file that could be uploaded. Switch it off."));
        return clean;
    }

    /// <summary>The source of a point of which nothing else is known yet, as it is kept; but its secrets are as they were sent.</summary>
    /// <param name="point">The point.</param>
    /// <param name="before">The source that is saved already; null: none is.</param>
    /// <exception cref="RefusedException">400 with everything that is wrong; 404: there is no such provider.</exception>
    internal ProviderSettings CheckedSource(IntegrationPoint point, ProviderSettings? before)
    {
        const string Before = "source.";
        var problems = new List<Problem>();
        var source = Source(point, before, problems);
        // What is worth knowing is said by whoever looks at the source.
        problems.RemoveAll(p => p.Severity == ProblemSeverity.Warning);
        return problems.Count == 0 ? source : throw (problems.Any(p => p.Code == "unknown-provider")
            ? RefusedException.NotFound(problems[0].Message)
            : RefusedException.Bad([.. problems.Select(p => p with { Field = p.Field!.StartsWith(Before, StringComparison.Ordinal) ? p.Field[Before.Length..] : p.Field })]));
    }

    // An export's two halves are looked at together: what is written depends on what is read.
    private static ProviderSettings Destination(IntegrationPoint point, List<Problem> problems)
    {
        var sent = point.Destination!;
        if (Settings(sent, "destination", Destinations.Settings, problems) is not ExportSettings export) return sent;
        if (!problems.Any(p => p.Field?.StartsWith("source.", StringComparison.Ordinal) == true))
            problems.AddRange(ExportRules.Check(Sources.Read<WorkspaceSettings>(point.Source), export));
        return Sources.Write(sent.Provider, export);
    }

    // Null: they cannot be read, and why was added.
    private static object? Settings(ProviderSettings sent, string side, IReadOnlyDictionary<string, Type> providers, List<Problem> problems)
    {
        if (!providers.TryGetValue(sent.Provider, out var type))
        {
            problems.Add(At($"{side}.provider", "unknown-provider",
                $"There is no {side} provider {Words.Quote(sent.Provider)}. Choose one of: {string.Join(", ", providers.Keys)}."));
            return null;
        }
        var wrong = JsonShape.Check(sent.Settings, type, $"{side}.settings");
        problems.AddRange(wrong);
        if (wrong.Count > 0) return null;
        var read = sent.Settings.Deserialize(type, ApiJson.Options)!;
        problems.AddRange(Annotations(read, $"{side}.settings"));
        return read;
    }

    // The provider's settings and the import's are each right by themselves; all five characters must differ.
    private static IEnumerable<Problem> Characters(LoadFileSettings file, ImportSettings import, IEnumerable<Problem> known)
    {
        if (known.Any(p => p.Code is "characters-equal" or "character-out-of-range" or "invalid-settings")) return [];
        var characters = new Delimiters
        {
            Column = file.Column,
            Quote = file.Quote,
            Newline = import.Newline,
            MultiValue = import.MultiValue,
            Nested = import.Nested,
        };
        return characters.Problem is { } problem ? [At("column", "characters-equal", problem)] : [];
    }

    private static IEnumerable<Problem> Annotations(object settings, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        return results.SelectMany(r => r.MemberNames, (r, member)
            => At($"{path}.{JsonNamingPolicy.CamelCase.ConvertName(member)}", "invalid-settings", r.ErrorMessage ?? $"{member} is wrong."));
    }

    private static Problem At(string member, string code, string message) => new(code, message) { Field = member };
}
