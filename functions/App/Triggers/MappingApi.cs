using System.Text.Json;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A field of a source, as its provider lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsIdentifier">Whether it names records.</param>
/// <param name="Type">What it holds; left out: text of any kind.</param>
/// <param name="Length">The most characters of a fixed-length text.</param>
public sealed record OfferedField(string Name, bool IsIdentifier = false, FieldType? Type = null, int? Length = null);

/// <summary>What is to be mapped to the fields of an object type: a provider with its settings, the source of an integration point, or fields.</summary>
public sealed record MapAllRequest
{
    /// <summary>The provider's name.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's own settings, as integration points have them.</summary>
    public JsonElement? Settings { get; init; }

    /// <summary>The id of an integration point of the workspace; with a provider and its settings, the one whose secrets these may name.</summary>
    public string? IntegrationPoint { get; init; }

    /// <summary>The source's fields.</summary>
    public IReadOnlyList<OfferedField>? Fields { get; init; }

    /// <summary>The source's field that names the records; left out: the one that the source says does.</summary>
    public string? Identifier { get; init; }

    /// <summary>Pair the identifiers and nothing else.</summary>
    public bool OnlyIdentifiers { get; init; }
}

/// <summary>A pair for the mapping of an integration point, and why.</summary>
/// <param name="Source">The source's field.</param>
/// <param name="Destination">The field of the object type.</param>
/// <param name="Type">What the field holds.</param>
/// <param name="SourceType">What the source's field holds; null: text of any kind.</param>
/// <param name="SourceLength">The most characters of the source's field.</param>
/// <param name="Why">Why they are a pair.</param>
public sealed record SuggestedPairView(string Source, string Destination, FieldType Type, FieldType? SourceType, int? SourceLength, PairReason Why);

/// <summary>What map all fields comes to.</summary>
/// <param name="Pairs">The pairs, that of the identifiers first, then by name.</param>
/// <param name="LeftOfSource">The source's fields that are in none, and why.</param>
/// <param name="LeftOfDestination">The fields of the object type that are in none, and why.</param>
/// <param name="Columns">The names of the source's fields, in order.</param>
public sealed record MapAllView(
    IReadOnlyList<SuggestedPairView> Pairs, IReadOnlyList<LeftField> LeftOfSource, IReadOnlyList<LeftField> LeftOfDestination, IReadOnlyList<string> Columns);

/// <summary>Map all fields over HTTP (guide 4.2.3, 6.2.3): pairs to begin with, of which nothing is saved.</summary>
public sealed class MappingApi(Existing existing, WorkspaceCatalog workspaces, SourceTrials trials, FieldCatalog names)
{
    /// <summary>Suggests pairs.</summary>
    [Function(nameof(MapAllFields))]
    [Needs(Operation.MapFields)]
    [Operation(
        "Pairs the fields of a source with those of an object type: identifiers, then equal, similar and synonymous names with types that fit. Says why, what is left, and why.",
        Body = typeof(MapAllRequest), Answer = typeof(MapAllView))]
    public async Task<IActionResult> MapAllFields(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/object-types/{type}/map-all")] HttpRequest request,
        string workspace,
        string type,
        CancellationToken cancellationToken)
    {
        var read = new Lazy<Task<MapAllRequest>>(() => JsonBody.ReadAsync<MapAllRequest>(request, cancellationToken));
        trials.Foresee(workspace, async () => await TriedAsync(workspace, await read.Value, cancellationToken), cancellationToken);
        var (_, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        var sent = await read.Value;
        var columns = await ColumnsAsync(request.Audit(), workspace, sent, cancellationToken);
        if (sent.Identifier is { } identifier && !columns.Any(c => c.Name.Trim().Equals(identifier.Trim(), StringComparison.OrdinalIgnoreCase)))
        {
            throw RefusedException.Bad([new Problem("identifier-column-missing",
                $"The source has no field {Words.Quote(identifier)}. There are {Words.List([.. columns.Select(c => c.Name)])}.") { Field = "identifier" }]);
        }
        var fields = await workspaces.FieldsAsync(workspace, objectType.Name, cancellationToken).Select(f => f.Value)
            .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase).ToListAsync(cancellationToken);
        request.Audit().On(objectType.Name, objectType.Name);
        var options = new MatchOptions { Identifier = sent.Identifier, OnlyIdentifiers = sent.OnlyIdentifiers, Synonyms = await names.SynonymsAsync(cancellationToken) };
        var found = FieldMatcher.Match(columns, fields, options);
        return Answer.Ok(new MapAllView([.. found.Pairs.Select(p => View(p, columns))], found.Columns, found.Fields, [.. columns.Select(c => c.Name)]));
    }

    // The source that is tried for it, as far as the caller may know it, and whether with the secrets of a point; null: none is.
    private async Task<(ProviderSettings? Source, bool UsesSecrets)?> TriedAsync(string workspace, MapAllRequest sent, CancellationToken cancellationToken)
        => (sent.Provider, sent.IntegrationPoint) switch
        {
            (null, null) => null,
            (null, { } point) => ((await existing.VisiblePointAsync(workspace, point, cancellationToken))?.Source, false),
            ({ } provider, var point) => (new ProviderSettings(provider, sent.Settings ?? default), point is not null),
        };

    private async Task<IReadOnlyList<SourceField>> ColumnsAsync(AuditDraft audit, string workspace, MapAllRequest sent, CancellationToken cancellationToken)
    {
        var isOne = sent.Fields is null ? (sent.Provider ?? sent.IntegrationPoint) is not null : (sent.Provider ?? sent.IntegrationPoint) is null;
        if (!isOne || sent.Provider is null != sent.Settings is null)
            throw RefusedException.Bad("source-missing", "Say what is to be mapped: either \"provider\" with its \"settings\", or \"integrationPoint\", or \"fields\".");
        if (sent.Fields is { } fields) return [.. fields.Select(f => new SourceField(f.Name, f.IsIdentifier, f.Type, f.Length))];
        var saved = sent.IntegrationPoint is { } id ? (await existing.PointAsync(workspace, id, cancellationToken)).Value : null;
        var layout = sent.Provider is { } provider
            ? await trials.LookAsync(audit, workspace, new ProviderSettings(provider, sent.Settings!.Value), saved?.Source, cancellationToken)
            : await trials.LookAsync(audit, saved!, cancellationToken);
        return layout.Fields;
    }

    private static SuggestedPairView View(SuggestedPair suggested, IReadOnlyList<SourceField> columns)
    {
        var source = columns[suggested.Pair.Column];
        return new SuggestedPairView(source.Name, suggested.Pair.Field.Name, suggested.Pair.Field.Type, source.Type, source.Length, suggested.Why);
    }
}
