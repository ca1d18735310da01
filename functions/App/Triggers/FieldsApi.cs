using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Fields over HTTP.</summary>
public sealed class FieldsApi(Existing existing, WorkspaceCatalog workspaces)
{
    private const string All = "workspaces/{workspace}/object-types/{type}/fields", One = All + "/{field}";

    /// <summary>Lists the fields of an object type.</summary>
    [Function(nameof(ListFields))]
    [Needs(Operation.ViewRecords)]
    [Operation("The fields of an object type, in the order of their ids.", Answer = typeof(Listing<Field>), Paged = true)]
    public async Task<IActionResult> ListFields(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request,
        string workspace,
        string type,
        CancellationToken cancellationToken)
    {
        var (_, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        var fields = workspaces.FieldsAsync(workspace, objectType.Name, cancellationToken).Select(f => f.Value);
        return Answer.Ok(await Paging.PageAsync(request, $"fields {workspace} {objectType.Name}", fields, f => f.Id, cancellationToken));
    }

    /// <summary>Makes a field.</summary>
    [Function(nameof(CreateField))]
    [Needs(Operation.ManageFields)]
    [Operation("Makes a field.", Status = 201, Body = typeof(Field), ReadOnly = "id,objectType,role", Answer = typeof(Field))]
    public async Task<IActionResult> CreateField(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request,
        string workspace,
        string type,
        CancellationToken cancellationToken)
    {
        var (_, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        var origin = new Field { Id = "", ObjectType = objectType.Name, Name = "", Type = FieldType.LongText };
        var field = Checked(await JsonBody.ReadAsync(request, origin, ["id", "objectType", "role"], cancellationToken));
        if (field.AssociatedType is { } associated)
            field = field with { AssociatedType = await AssociatedAsync(workspace, associated, cancellationToken) };
        var fields = await OthersAsync(workspace, field, cancellationToken);
        var gone = await workspaces.GoneFieldsAsync(workspace, objectType.Name, cancellationToken);
        // What its name makes it, as when an import makes it (load-file specification, Fields 2 to 4).
        var usual = FieldPlan.NewField(objectType.Name, field.Name, field.Type, field.Length, [.. fields]);
        field = field with
        {
            Id = Field.IdFor(objectType.Name, field.Name, fields.Select(f => f.Id).Concat(gone).ToHashSet()),
            Role = usual.Role,
            Filterable = field.Filterable || usual.Filterable,
        };
        if (!await workspaces.CreateFieldAsync(workspace, field, cancellationToken)) throw NameTaken(field);
        var stored = (await existing.FieldAsync(workspace, objectType.Name, field.Id, cancellationToken)).Field;
        request.Audit().Made(field.Id, field.Name, stored.Value);
        var location = $"/api/workspaces/{workspace}/object-types/{Uri.EscapeDataString(objectType.Name)}/fields/{field.Id}";
        return Answer.Created(location, stored.Value, stored.ETag);
    }

    /// <summary>Shows a field.</summary>
    [Function(nameof(GetField))]
    [Needs(Operation.ViewRecords)]
    [Operation("One field.", Answer = typeof(Field))]
    public async Task<IActionResult> GetField(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request,
        string workspace,
        string type,
        string field,
        CancellationToken cancellationToken)
    {
        var found = (await existing.FieldAsync(workspace, type, field, cancellationToken)).Field;
        return Answer.Ok(found.Value, found.ETag);
    }

    /// <summary>Changes a field.</summary>
    [Function(nameof(ReplaceField))]
    [Needs(Operation.ManageFields)]
    [Operation(
        "Changes a field's name, length and settings.",
        Body = typeof(Field), ReadOnly = "id,objectType,type,associatedType,role", Answer = typeof(Field), Versioned = true)]
    public async Task<IActionResult> ReplaceField(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request,
        string workspace,
        string type,
        string field,
        CancellationToken cancellationToken)
    {
        var (owner, found) = await existing.FieldAsync(workspace, type, field, cancellationToken);
        Versions.Require(request, found.ETag, "the field");
        var changed = Checked(await JsonBody.ReadAsync(request, found.Value, ["id", "objectType", "type", "associatedType", "role"], cancellationToken));
        await OthersAsync(workspace, changed, cancellationToken);
        var refused = FieldRules.CheckChange(found.Value, changed).ToList();
        if (refused.Count > 0 && await workspaces.HasRecordsAsync(owner, changed.ObjectType, cancellationToken))
            throw RefusedException.Conflict("field-in-use", string.Join(" ", refused));
        var etag = await workspaces.ReplaceFieldAsync(workspace, changed, found.ETag, cancellationToken) ?? throw RefusedException.Changed("the field");
        request.Audit().Changed(changed.Id, changed.Name, found.Value, changed);
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes a field.</summary>
    [Function(nameof(DeleteField))]
    [Needs(Operation.ManageFields)]
    [Operation("Removes a field; what records hold in it is no longer shown.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeleteField(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request,
        string workspace,
        string type,
        string field,
        CancellationToken cancellationToken)
    {
        var found = (await existing.FieldAsync(workspace, type, field, cancellationToken)).Field;
        Versions.Respect(request, found.ETag, "the field");
        if (found.Value.Role == FieldRole.Identifier)
            throw RefusedException.Conflict("identifier-field", $"The field {Words.Quote(found.Value.Name)} names the records, so that it cannot be removed.");
        request.Audit().Removed(found.Value.Id, found.Value.Name, found.Value);
        return await workspaces.DeleteFieldAsync(workspace, found.Value, found.ETag, cancellationToken)
            ? Answer.Done()
            : throw RefusedException.Changed("the field");
    }

    private static Field Checked(Field sent)
    {
        var problems = new List<Problem>();
        var field = sent with { Name = Names.Clean(sent.Name, "name", problems) };
        if (field is { Type: FieldType.FixedLengthText, Length: null }) field = field with { Length = FieldRules.DefaultLength };
        problems.AddRange(FieldRules.Check(field));
        return problems.Count == 0 ? field : throw RefusedException.Bad(problems);
    }

    private async Task<string> AssociatedAsync(string workspace, string name, CancellationToken cancellationToken)
        => await workspaces.TypeAsync(workspace, name, cancellationToken) is { } type
            ? type.Value.Name
            : throw RefusedException.Bad([new Problem(
                "object-type-not-found", $"The workspace has no object type {Words.Quote(name)}. Make it first.") { Field = "associatedType" }]);

    // The other fields of the type, none of which has the name.
    private async Task<IReadOnlyList<Field>> OthersAsync(string workspace, Field field, CancellationToken cancellationToken)
    {
        var others = await workspaces.FieldsAsync(workspace, field.ObjectType, cancellationToken)
            .Select(f => f.Value).Where(f => f.Id != field.Id).ToListAsync(cancellationToken);
        return others.Any(f => string.Equals(f.Name, field.Name, StringComparison.OrdinalIgnoreCase)) ? throw NameTaken(field) : others;
    }

    private static RefusedException NameTaken(Field field) => RefusedException.Conflict(
        "name-taken", $"The object type {Words.Quote(field.ObjectType)} has a field {Words.Quote(field.Name)} already. Choose another name.");
}
