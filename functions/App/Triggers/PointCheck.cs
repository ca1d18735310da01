using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Triggers;

/// <summary>Checks an integration point before it is saved: its own rules, those of its provider, and that its object type exists.</summary>
public sealed class PointCheck(StagingPaths staging, WorkspaceCatalog workspaces)
{
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
    {
        var sent = body.Point;
        var point = sent with { Name = sent.Name.Trim(), ObjectType = sent.ObjectType.Trim() };
        // All that an image load file says of a document is its name, and that needs no mapping.
        if (point.Source.Provider == ImageFileSettings.Provider) point = point with { MapAllFields = true };
        var problems = PointRules.Check(point).ToList();
        if (point.ObjectType.Length > 0)
        {
            if (await workspaces.TypeAsync(point.Workspace, point.ObjectType, cancellationToken) is { } type) point = point with { ObjectType = type.Value.Name };
            else problems.Add(At("objectType", "object-type-not-found", $"The workspace has no object type {Words.Quote(point.ObjectType)}. Make it first."));
        }
        point = await TypedAsync(point, before?.Mapping ?? [], problems, cancellationToken);
        if (point.Import.TextEncoding is { } encoding && EncodingDetector.Find(encoding) is null)
            problems.Add(LoadFileRules.UnknownEncoding(encoding) with { Field = "import.textEncoding" });
        point = point with { Source = Source(point, problems) };
        // Of a member that could not be read nothing else is known.
        var unread = body.Wrong.Select(JsonBody.TopOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        problems = [.. body.Wrong, .. problems.Where(p => !unread.Contains(JsonBody.TopOf(p)))];
        return problems.Count == 0 ? point : throw RefusedException.Bad(problems);
    }

    // Pairs remember what their fields were when they were mapped, also when something else is edited.
    private async Task<IntegrationPoint> TypedAsync(
        IntegrationPoint point, IReadOnlyList<FieldMapping> before, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (point.Mapping.Count == 0) return point;
        var fields = await workspaces.FieldsAsync(point.Workspace, point.ObjectType, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
        return point with { Mapping = [.. point.Mapping.Select(Typed)] };

        FieldMapping Typed(FieldMapping pair)
        {
            var type = FieldMatcher.Find(fields, pair.Destination)?.Type;
            if (pair.Type is not { } said) return pair with { Type = type };
            if (type is { } now && now != said && !before.Contains(pair)) problems.Add(ResolvedMapping.TypeChanged(pair, said, now) with { Field = "mapping" });
            return pair;
        }
    }

    private ProviderSettings Source(IntegrationPoint point, List<Problem> problems)
    {
        var (provider, settings) = point.Source;
        if (!Sources.Settings.TryGetValue(provider, out var type))
        {
            problems.Add(At("source.provider", "unknown-provider",
                $"There is no source provider {Words.Quote(provider)}. Choose one of: {string.Join(", ", Sources.Settings.Keys)}."));
            return point.Source;
        }
        var wrong = JsonShape.Check(settings, type, "source.settings");
        problems.AddRange(wrong);
        if (wrong.Count > 0) return point.Source;
        var read = settings.Deserialize(type, ApiJson.Options)!;
        problems.AddRange(Annotations(read));
        var own = new List<Problem>();
        var clean = read switch
        {
            LoadFileSettings file => Sources.Write(provider, LoadFileRules.Clean(file, point.Workspace, staging, own)),
            ImageFileSettings images => Sources.Write(provider, ImageFileRules.Clean(images, point.Workspace, staging, own)),
            _ => point.Source,
        };
        if (read is LoadFileSettings { Detect: false } told) own.AddRange(Characters(told, point.Import, own.Concat(problems)));
        problems.AddRange(own.Select(p => p with { Field = $"source.settings.{p.Field}" }));
        return clean;
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

    private static IEnumerable<Problem> Annotations(object settings)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true);
        return results.SelectMany(r => r.MemberNames, (r, member)
            => At($"source.settings.{JsonNamingPolicy.CamelCase.ConvertName(member)}", "invalid-settings", r.ErrorMessage ?? $"{member} is wrong."));
    }

    private static Problem At(string member, string code, string message) => new(code, message) { Field = member };
}
