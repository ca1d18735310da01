using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A new object type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identifier">The field that names its records.</param>
public sealed record NewObjectType(string Name, NewIdentifier Identifier);

/// <summary>The field that names the records of a new object type: a fixed-length text.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">The most characters of an identifier, up to 255.</param>
public sealed record NewIdentifier(string Name, int Length = Identifier.MaxLength);

/// <summary>Object types over HTTP.</summary>
public sealed class ObjectTypesApi(Existing existing, WorkspaceCatalog workspaces)
{
    private const string All = "workspaces/{workspace}/object-types";

    /// <summary>Lists the object types of a workspace.</summary>
    [Function(nameof(ListObjectTypes))]
    [Needs(Operation.ViewWorkspace)]
    [Operation("The object types of a workspace, in the order of their names.", Answer = typeof(Listing<ObjectType>), Paged = true)]
    public async Task<IActionResult> ListObjectTypes(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var types = workspaces.TypesAsync(workspace, cancellationToken).Select(t => t.Value).OrderBy(t => t.Name, StringComparer.Ordinal);
        return Answer.Ok(await Paging.PageAsync(request, $"types {workspace}", types, t => t.Name, cancellationToken));
    }

    /// <summary>Makes an object type.</summary>
    [Function(nameof(CreateObjectType))]
    [Needs(Operation.ManageObjectTypes)]
    [Operation("Makes an object type and the field that names its records.", Status = 201, Body = typeof(NewObjectType), Answer = typeof(ObjectType))]
    public async Task<IActionResult> CreateObjectType(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var body = await JsonBody.ReadAsync<NewObjectType>(request, cancellationToken);
        var problems = new List<Problem>();
        var name = Names.CleanForAddress(body.Name, "name", problems);
        if (SecuredObject.Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
            problems.Add(new Problem("name-reserved", $"{Words.Quote(name)} stands for something else in permissions. Choose another name.") { Field = "name" });
        var identifier = IdentifierOf(name, body.Identifier, problems);
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        var type = new ObjectType { Name = name, IdentifierField = identifier.Id };
        request.Audit().Made(name, name, new { type, identifier });
        return await workspaces.CreateTypeAsync(workspace, type, identifier, cancellationToken)
            ? Answer.Created($"/api/workspaces/{workspace}/object-types/{Uri.EscapeDataString(name)}/fields", type)
            : throw RefusedException.Conflict("name-taken", $"The workspace has an object type {Words.Quote(name)} already. Choose another name.");
    }

    private static Field IdentifierOf(string type, NewIdentifier sent, List<Problem> problems)
    {
        var name = Names.Clean(sent.Name, "identifier.name", problems);
        var field = new Field
        {
            Id = Field.IdFor(type, name),
            ObjectType = type,
            Name = name,
            Type = FieldType.FixedLengthText,
            Length = sent.Length,
            Role = FieldRole.Identifier,
            Required = true,
        };
        problems.AddRange(FieldRules.Check(field).Select(p => p with { Field = $"identifier.{p.Field}" }));
        return field;
    }
}
