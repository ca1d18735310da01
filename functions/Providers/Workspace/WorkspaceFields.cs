using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Prepares a workspace for a job: finds its object type and fields, and makes the fields that the import asked for, after the header was
/// checked. Every step may be repeated.
/// </summary>
public sealed class WorkspaceFields(WorkspaceCatalog catalog, UserCatalog users, FieldCatalog names, IRecords records)
{
    /// <summary>What the job is to be frozen with.</summary>
    /// <exception cref="ConfigurationException">The destination is not there, or the mapping does not fit.</exception>
    public async Task<PreparedJob> PrepareAsync(Job job, SourceLayout layout, CancellationToken cancellationToken)
    {
        var (point, withheld) = (job.Point, job.Withheld);
        var (workspace, type) = await FindAsync(point, cancellationToken);
        var synonyms = await SynonymsAsync(point, cancellationToken);
        type = await CreateFieldsAsync(workspace, type, job, layout, synonyms, cancellationToken);
        var fields = await FieldsAsync(workspace, type, cancellationToken);
        var mapping = ResolvedMapping.Resolve(point, type, layout.Fields, fields, synonyms, layout.KnownFields).OrThrow();
        Field?[] lookups = [LookedUp(mapping), mapping.HasUniqueIdentifier ? mapping.Name!.Field : null];
        foreach (var field in lookups.OfType<Field>())
        {
            await MakeLookupAsync(workspace, type, field, cancellationToken);
            fields = await FieldsAsync(workspace, type, cancellationToken);
        }
        var prepared = await PreparedAsync(point, Frozen(workspace, type, fields, layout, synonyms), cancellationToken);
        return withheld is null ? prepared : prepared with
        {
            Associated = prepared.Associated.ToDictionary(
                a => a.Key, a => withheld.Objects.Contains(a.Value.ObjectType, StringComparer.OrdinalIgnoreCase) ? a.Value with { CanCreate = false, IsWithheld = a.Value.CanCreate } : a.Value),
        };
    }

    // Of the field catalogue what the job's mapping goes by: a change of it concerns later jobs.
    private static PreparedJob Frozen(
        Engine.Workspaces.Workspace workspace, ObjectType type, IReadOnlyList<Field> fields, SourceLayout layout, Synonyms synonyms) => new()
        {
            Workspace = workspace,
            ObjectType = type,
            Fields = fields,
            Layout = layout,
            Synonyms = synonyms.For(layout.Fields, fields).Entries,
        };

    private async Task<Synonyms> SynonymsAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => point.MapAllFields ? await names.SynonymsAsync(cancellationToken) : Synonyms.None;

    // The field by which records are found, where that is neither what they are stored under nor what they are called.
    private static Field? LookedUp(ResolvedMapping mapping)
        => mapping.Key.Field.Role != FieldRole.Identifier && mapping.Key != mapping.Identifier ? mapping.Key.Field : null;

    private static PreparedLinks? LinksOf(IntegrationPoint point, SourceLayout layout, ResolvedMapping mapping)
    {
        if (mapping.Manager is not { } manager) return null;
        var own = layout.LinkField is { } name ? layout.Fields.ToList().FindIndex(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase)) : -1;
        return new PreparedLinks(manager.Field, mapping.Name!.Field)
        {
            Column = manager.ColumnName,
            LinkColumn = own >= 0 && (mapping.IsKeyDerived || own != mapping.Identifier?.Column) ? own : null,
            ByLink = point.Import.ManagerContainsLink != false,
            ByName = point.Import.ManagerContainsLink is { } containsLink ? !containsLink : own < 0,
        };
    }

    // What rows are held against beside the fields: objects and users.
    private async Task<PreparedJob> PreparedAsync(IntegrationPoint point, PreparedJob job, CancellationToken cancellationToken)
    {
        var (mapping, workspace) = (ResolvedMapping.Of(point, job), job.Workspace);
        return job with
        {
            Layout = job.Layout with { Warnings = [.. job.Layout.Warnings, .. mapping.Notes] },
            Associated = await AssociatedAsync(workspace, point, mapping, cancellationToken),
            Links = LinksOf(point, job.Layout, mapping),
            Users = mapping.Fields.Any(m => m.Field.Type == FieldType.User)
                ? await users.ListAsync(workspace.Id, cancellationToken).Select(u => u.Email).ToListAsync(cancellationToken)
                : [],
        };
    }

    private async Task<Dictionary<string, AssociatedObjects>> AssociatedAsync(
        Engine.Workspaces.Workspace workspace, IntegrationPoint point, ResolvedMapping mapping, CancellationToken cancellationToken)
    {
        var associated = new Dictionary<string, AssociatedObjects>();
        foreach (var field in mapping.Fields.Select(m => m.Field).Where(f => f.AssociatedType is not null))
        {
            var type = (await catalog.TypeAsync(workspace.Id, field.AssociatedType!, cancellationToken))?.Value ?? throw new ConfigurationException(
                "object-type-not-found",
                $"The field {Words.Quote(field.Name)} names objects of {Words.Quote(field.AssociatedType)}, and the workspace has no such object type. Create it, or correct the field.");
            var fields = await catalog.FieldsAsync(workspace.Id, type.Name, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
            var others = fields.Exists(f => f is { Required: true, Role: not FieldRole.Identifier });
            associated.Add(field.Id, new AssociatedObjects(type.Name, point.Import.CreateObjects && !type.IsDocument && !others)
            {
                Name = fields.Find(f => f is { Lookup: true, Role: FieldRole.Identifier }),
            });
        }
        return associated;
    }

    /// <summary>
    /// What would stop a job, as far as that is known: everything when the layout of its source is, else what is wrong with the destination alone.
    /// </summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(Job job, SourceLayout? layout, CancellationToken cancellationToken)
    {
        var point = job.Point;
        try
        {
            var (workspace, type) = await FindAsync(point, cancellationToken);
            if (layout is null) return ResolvedMapping.CheckDestination(point, type, await FieldsAsync(workspace, type, cancellationToken));
            await PlanFieldsAsync(workspace, type, job, layout, await SynonymsAsync(point, cancellationToken), cancellationToken);
            return [];
        }
        catch (ConfigurationException e)
        {
            return [e.Problem];
        }
    }

    /// <summary>What <see cref="PrepareAsync"/> would come to, with the fields that it would make; nothing is made.</summary>
    /// <exception cref="ConfigurationException">The destination is not there, or the mapping does not fit.</exception>
    public async Task<PlannedImport> PlanAsync(Job job, SourceLayout layout, CancellationToken cancellationToken)
    {
        var point = job.Point;
        var (workspace, type) = await FindAsync(point, cancellationToken);
        var synonyms = await SynonymsAsync(point, cancellationToken);
        var (plan, after, planned) = await PlanFieldsAsync(workspace, type, job, layout, synonyms, cancellationToken);
        var prepared = await PreparedAsync(point, Frozen(workspace, after, planned, layout, synonyms), cancellationToken);
        var key = LookedUp(ResolvedMapping.Of(point, prepared));
        return new PlannedImport(
            prepared,
            [.. plan.NewIdentifier is { } first ? [first.Name] : Array.Empty<string>(), .. plan.Fields.Select(f => f.Name)],
            key is null || await catalog.IsLookupCompleteAsync(workspace.Id, key, cancellationToken)
                || !await catalog.HasRecordsAsync(workspace, type.Name, cancellationToken));
    }

    private async Task<(Engine.Workspaces.Workspace Workspace, ObjectType Type)> FindAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        var workspace = (await catalog.FindAsync(point.Workspace, cancellationToken))?.Value ?? throw new ConfigurationException(
            "destination-unavailable", $"The workspace \"{point.Workspace}\" does not exist any more. Choose another destination.");
        var type = (await catalog.TypeAsync(point.Workspace, point.ObjectType, cancellationToken))?.Value ?? throw new ConfigurationException(
            "destination-unavailable", $"The workspace \"{workspace.Name}\" has no object type \"{point.ObjectType}\". Create it, or choose another.");
        return (workspace, type);
    }

    private async Task<ObjectType> CreateFieldsAsync(
        Engine.Workspaces.Workspace workspace, ObjectType type, Job job, SourceLayout layout, Synonyms synonyms, CancellationToken cancellationToken)
    {
        var (plan, after, _) = await PlanFieldsAsync(workspace, type, job, layout, synonyms, cancellationToken);
        if (plan.NewIdentifier is { } renamed) await catalog.ReplaceIdentifierAsync(workspace.Id, type, renamed, cancellationToken);
        await catalog.CreateFieldsAsync(workspace.Id, plan.Fields, cancellationToken);
        foreach (var leftover in plan.Leftovers) await catalog.DeleteFieldAsync(workspace.Id, leftover, etag: null, cancellationToken);
        return after;
    }

    // The mapping is tried on paper: a job that fails validation leaves no fields behind.
    private async Task<(FieldPlan Plan, ObjectType After, IReadOnlyList<Field> Fields)> PlanFieldsAsync(
        Engine.Workspaces.Workspace workspace, ObjectType type, Job job, SourceLayout layout, Synonyms synonyms, CancellationToken cancellationToken)
    {
        var point = job.Point;
        var fields = await FieldsAsync(workspace, type, cancellationToken);
        // Who may not make fields does not replace one either: the column then goes to the identifier that there is.
        var isFresh = job.Withheld is not { Fields: true } && !await catalog.HasRecordsAsync(workspace, type.Name, cancellationToken);
        var gone = await catalog.GoneFieldsAsync(workspace.Id, type.Name, cancellationToken);
        var plan = FieldPlan.Of(point, type, layout.Fields, fields, isFresh, gone, synonyms);
        var after = plan.NewIdentifier is { } identifier ? type with { IdentifierField = identifier.Id } : type;
        Field[] made = [.. plan.NewIdentifier is { } first ? [first] : Array.Empty<Field>(), .. plan.Fields];
        IReadOnlyList<Field> planned = [.. fields.Where(f => plan.NewIdentifier is null || f.Id != type.IdentifierField), .. made];
        await AssociatedAsync(workspace, point, ResolvedMapping.Resolve(point, after, layout.Fields, planned, synonyms, layout.KnownFields).OrThrow(), cancellationToken);
        return (plan, after, planned);
    }

    private async Task<IReadOnlyList<Field>> FieldsAsync(Engine.Workspaces.Workspace workspace, ObjectType type, CancellationToken cancellationToken)
    {
        var fields = new List<Field>();
        await foreach (var field in catalog.FieldsAsync(workspace.Id, type.Name, cancellationToken)) fields.Add(field.Value);
        return fields;
    }

    // First the flag, so that records written from now on are found; then what is there already; then the mark that all of it is done, so that
    // an attempt that died in between is taken up.
    private async Task MakeLookupAsync(Engine.Workspaces.Workspace workspace, ObjectType type, Field key, CancellationToken cancellationToken)
    {
        while (await catalog.FieldAsync(workspace.Id, type.Name, key.Id, cancellationToken) is { Value.Lookup: false } current)
            await catalog.ReplaceFieldAsync(workspace.Id, current.Value with { Lookup = true }, current.ETag, cancellationToken);
        if (await catalog.IsLookupCompleteAsync(workspace.Id, key, cancellationToken)) return;
        var lookups = new Lookups(records, workspace.Id, workspace.Buckets, type.Name);
        for (var bucket = 0; bucket < workspace.Buckets; bucket++)
        {
            var query = new ItemQuery(Identifier.Partition(workspace.Id, bucket), Identifier.SortPrefix(type.Name)) { Take = 100 };
            while (true)
            {
                var items = await records.ListAsync(query, cancellationToken);
                var writes = items.Where(i => Lookups.Value(i, key) is not null)
                    .Select(i => lookups.Item(key.Id, Lookups.Value(i, key)!, RecordJson.Read(i.Body.Span).Identifier)).ToList();
                if (writes.Count > 0) await records.WriteAsync(writes, cancellationToken);
                if (items.Count < query.Take) break;
                query = query with { After = items[^1].Sort };
            }
        }
        await catalog.CompleteLookupAsync(workspace.Id, key, cancellationToken);
    }
}

/// <summary>What an import would be frozen with, on paper.</summary>
/// <param name="Prepared">Fields that would be made are among its fields.</param>
/// <param name="NewFields">The names of the fields that would be made.</param>
/// <param name="CanFind">Whether existing records can be found by the overlay field before the import has made it a lookup field.</param>
public sealed record PlannedImport(PreparedJob Prepared, IReadOnlyList<string> NewFields, bool CanFind);
