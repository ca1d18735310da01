using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Storage.Catalog;

/// <summary>The tenant's workspaces and what each is made of: object types and fields.</summary>
public sealed class WorkspaceCatalog(Catalog catalog, IRecords records, TimeProvider time)
{
    private const string Kind = "workspace", TypeKind = "type", FieldKind = "field", LookupKind = "lookup-complete", GoneKind = "field-gone", StandardKind = "entity-fields";

    // Workspaces whose Entity is known to have its standard fields: it only saves asking again.
    private readonly ConcurrentDictionary<string, byte> standard = new();

    /// <summary>The identifier that Document has until a first import names another.</summary>
    public const string DefaultIdentifier = "Control Number";

    /// <summary>Makes a workspace with the object types Document and Entity.</summary>
    public async Task<Workspace> CreateAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var workspace = new Workspace { Id = Slug.NewId(name), Name = name.Trim(), CreatedUtc = time.GetUtcNow() };
            // The workspace's own item comes last: one that is listed is complete.
            await CreateStandardTypeAsync(workspace.Id, ObjectType.Document, DefaultIdentifier, cancellationToken);
            await CreateFieldsAsync(workspace.Id, EntityFields.Standard, cancellationToken);
            await CreateStandardTypeAsync(workspace.Id, ObjectType.Entity, ObjectType.FullName, cancellationToken);
            await NoteStandardAsync(workspace.Id, cancellationToken);
            if (await catalog.CreateAsync(Catalog.Tenant, Kind, workspace.Id, workspace, cancellationToken)) return workspace;
        }
    }

    private Task CreateStandardTypeAsync(string workspace, string name, string identifierName, CancellationToken cancellationToken)
    {
        var identifier = new Field
        {
            Id = Field.IdFor(name, identifierName),
            ObjectType = name,
            Name = identifierName,
            Type = FieldType.FixedLengthText,
            Length = Identifier.MaxLength,
            Role = FieldRole.Identifier,
            Required = true,
        };
        return CreateTypeAsync(workspace, new ObjectType { Name = name, IdentifierField = identifier.Id }, identifier, cancellationToken);
    }

    // A workspace that was made before Entity had all of its fields gets them when they are first looked at, once: one that somebody removes later
    // stays away. A field that has such a name already stays as it is.
    private async Task AddStandardAsync(string workspace, CancellationToken cancellationToken)
    {
        if (standard.ContainsKey(workspace)) return;
        if (await catalog.ReadAsync<StandardFields>(Catalog.Config(workspace), StandardKind, "all", cancellationToken) is null)
        {
            if (await TypeAsync(workspace, ObjectType.Entity, cancellationToken) is null) return;
            var there = await ListFieldsAsync(workspace, ObjectType.Entity, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);
            var names = there.Select(f => f.Name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var taken = there.Select(f => f.Id).Concat(await GoneFieldsAsync(workspace, ObjectType.Entity, cancellationToken)).ToHashSet();
            Field[] missing = [.. EntityFields.Standard.Where(f => !names.Contains(f.Name)).Select(f => f with { Id = Field.IdFor(f.ObjectType, f.Name, taken) })];
            await CreateFieldsAsync(workspace, missing, cancellationToken);
        }
        await NoteStandardAsync(workspace, cancellationToken);
    }

    private async Task NoteStandardAsync(string workspace, CancellationToken cancellationToken)
    {
        await catalog.CreateAsync(Catalog.Config(workspace), StandardKind, "all", new StandardFields(EntityFields.Standard.Count), cancellationToken);
        standard.TryAdd(workspace, 0);
    }

    // How many there were when the workspace got them.
    private sealed record StandardFields(int Count);

    /// <summary>The workspace, or null.</summary>
    public Task<Versioned<Workspace>?> FindAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ReadAsync<Workspace>(Catalog.Tenant, Kind, Identifier.Escape(workspace), cancellationToken);

    /// <summary>All workspaces.</summary>
    public IAsyncEnumerable<Versioned<Workspace>> ListAsync(CancellationToken cancellationToken)
        => catalog.ListAsync<Workspace>(Catalog.Tenant, Kind, cancellationToken);

    /// <summary>Stores a changed workspace; null when somebody else changed it first.</summary>
    public Task<string?> ReplaceAsync(Workspace workspace, string etag, CancellationToken cancellationToken)
        => catalog.ReplaceAsync(Catalog.Tenant, Kind, workspace.Id, workspace, etag, cancellationToken);

    /// <summary>Removes a workspace's records and metadata. Files are the caller's.</summary>
    public async Task DeleteAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        for (var bucket = 0; bucket < workspace.Buckets; bucket++)
            await records.DeletePartitionAsync(Identifier.Partition(workspace.Id, bucket), cancellationToken);
        await records.DeletePartitionAsync(Catalog.Config(workspace.Id), cancellationToken);
        // The workspace's own item goes last: a removal that was cut off can be repeated.
        await catalog.DeleteAsync(Catalog.Tenant, Kind, workspace.Id, null, cancellationToken);
    }

    /// <summary>The object types of a workspace.</summary>
    public IAsyncEnumerable<Versioned<ObjectType>> TypesAsync(string workspace, CancellationToken cancellationToken)
        => catalog.ListAsync<ObjectType>(Catalog.Config(workspace), TypeKind, cancellationToken);

    /// <summary>An object type by its name, in any case of letters, or null.</summary>
    public Task<Versioned<ObjectType>?> TypeAsync(string workspace, string name, CancellationToken cancellationToken)
        => catalog.ReadAsync<ObjectType>(Catalog.Config(workspace), TypeKind, NameKey(name), cancellationToken);

    /// <summary>Makes an object type and its identifier; false when there is one of that name. Can be repeated: the type comes last.</summary>
    public async Task<bool> CreateTypeAsync(string workspace, ObjectType type, Field identifier, CancellationToken cancellationToken)
    {
        if (await TypeAsync(workspace, type.Name, cancellationToken) is not null) return false;
        await CreateFieldsAsync(workspace, [identifier], cancellationToken);
        return await catalog.CreateAsync(Catalog.Config(workspace), TypeKind, NameKey(type.Name), type, cancellationToken);
    }

    /// <summary>Gives an object type without records another identifier field. May be repeated.</summary>
    public async Task ReplaceIdentifierAsync(string workspace, ObjectType type, Field identifier, CancellationToken cancellationToken)
    {
        await CreateFieldsAsync(workspace, [identifier], cancellationToken);
        while (await TypeAsync(workspace, type.Name, cancellationToken) is { } current && current.Value.IdentifierField != identifier.Id)
        {
            var renamed = current.Value with { IdentifierField = identifier.Id };
            await catalog.ReplaceAsync(Catalog.Config(workspace), TypeKind, NameKey(type.Name), renamed, current.ETag, cancellationToken);
        }
        await catalog.DeleteAsync(Catalog.Config(workspace), FieldKind, FieldKey(type.Name, type.IdentifierField), null, cancellationToken);
    }

    /// <summary>The fields of an object type.</summary>
    public async IAsyncEnumerable<Versioned<Field>> FieldsAsync(
        string workspace, string objectType, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (NameKey(objectType) == NameKey(ObjectType.Entity)) await AddStandardAsync(workspace, cancellationToken);
        await foreach (var field in ListFieldsAsync(workspace, objectType, cancellationToken)) yield return field;
    }

    private IAsyncEnumerable<Versioned<Field>> ListFieldsAsync(string workspace, string objectType, CancellationToken cancellationToken)
        => catalog.ListAsync<Field>(Catalog.Config(workspace), $"{FieldKind}|{NameKey(objectType)}", cancellationToken);

    /// <summary>A field by its id, or null.</summary>
    public Task<Versioned<Field>?> FieldAsync(string workspace, string objectType, string id, CancellationToken cancellationToken)
        => catalog.ReadAsync<Field>(Catalog.Config(workspace), FieldKind, FieldKey(objectType, id), cancellationToken);

    /// <summary>Makes fields; those that are there stay as they are.</summary>
    public Task CreateFieldsAsync(string workspace, IReadOnlyCollection<Field> fields, CancellationToken cancellationToken)
        => catalog.CreateManyAsync(
            Catalog.Config(workspace), FieldKind, fields.Select(f => (FieldKey(f.ObjectType, f.Id), f)), cancellationToken);

    /// <summary>Makes one field; false when there is one of that id.</summary>
    public Task<bool> CreateFieldAsync(string workspace, Field field, CancellationToken cancellationToken)
        => catalog.CreateAsync(Catalog.Config(workspace), FieldKind, FieldKey(field.ObjectType, field.Id), field, cancellationToken);

    /// <summary>Stores a changed field; null when somebody else changed it first. One that is no lookup field any more is incomplete as one.</summary>
    public async Task<string?> ReplaceFieldAsync(string workspace, Field field, string etag, CancellationToken cancellationToken)
    {
        if (!field.Lookup) await ForgetLookupAsync(workspace, field, cancellationToken);
        return await catalog.ReplaceAsync(
            Catalog.Config(workspace), FieldKind, FieldKey(field.ObjectType, field.Id), field, etag, cancellationToken);
    }

    /// <summary>
    /// Removes a field; values that records hold under its id are no longer shown, and the id is never given again. False when another version
    /// is there.
    /// </summary>
    public async Task<bool> DeleteFieldAsync(string workspace, Field field, string? etag, CancellationToken cancellationToken)
    {
        await catalog.CreateAsync(Catalog.Config(workspace), GoneKind, FieldKey(field.ObjectType, field.Id), field, cancellationToken);
        await ForgetLookupAsync(workspace, field, cancellationToken);
        return await catalog.DeleteAsync(Catalog.Config(workspace), FieldKind, FieldKey(field.ObjectType, field.Id), etag, cancellationToken);
    }

    /// <summary>The ids of fields that were removed: records may hold values under them.</summary>
    public async Task<IReadOnlySet<string>> GoneFieldsAsync(string workspace, string objectType, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>();
        await foreach (var field in catalog.ListAsync<Field>(Catalog.Config(workspace), $"{GoneKind}|{NameKey(objectType)}", cancellationToken))
            ids.Add(field.Value.Id);
        return ids;
    }

    private Task<bool> ForgetLookupAsync(string workspace, Field field, CancellationToken cancellationToken)
        => catalog.DeleteAsync(Catalog.Config(workspace), LookupKind, FieldKey(field.ObjectType, field.Id), null, cancellationToken);

    /// <summary>Whether every record can be found by a lookup field, also those that were there before it was one.</summary>
    public async Task<bool> IsLookupCompleteAsync(string workspace, Field field, CancellationToken cancellationToken)
        => await catalog.ReadAsync<Field>(Catalog.Config(workspace), LookupKind, FieldKey(field.ObjectType, field.Id), cancellationToken) is not null;

    /// <summary>Notes that every record can be found by a lookup field.</summary>
    public Task CompleteLookupAsync(string workspace, Field field, CancellationToken cancellationToken)
        => catalog.CreateAsync(Catalog.Config(workspace), LookupKind, FieldKey(field.ObjectType, field.Id), field, cancellationToken);

    /// <summary>Whether an object type has any record.</summary>
    public async Task<bool> HasRecordsAsync(Workspace workspace, string objectType, CancellationToken cancellationToken)
    {
        for (var bucket = 0; bucket < workspace.Buckets; bucket++)
        {
            var query = new ItemQuery(Identifier.Partition(workspace.Id, bucket), Identifier.SortPrefix(objectType)) { Take = 1 };
            if ((await records.ListAsync(query, cancellationToken)).Count > 0) return true;
        }
        return false;
    }

    private static string NameKey(string name) => Identifier.Escape(Identifier.Fold(name));

    private static string FieldKey(string objectType, string id) => $"{NameKey(objectType)}|{id}";
}
