using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Records over HTTP.</summary>
public sealed class RecordsApi(Existing existing, WorkspaceCatalog workspaces, RecordPages pages, IRecords records, Blobs blobs)
{
    private const string All = "workspaces/{workspace}/object-types/{type}/records";

    private const string JsonLines = "application/x-ndjson";

    /// <summary>Lists records in pages, or all of them as JSON lines.</summary>
    [Function(nameof(ListRecords))]
    [Needs(Operation.ViewRecords)]
    [Operation(
        "The records of an object type in identifier order. A page may hold fewer than asked for when they are large. With Accept: application/x-ndjson all of them, a line each.",
        Answer = typeof(Listing<RecordView>), Paged = true)]
    public async Task<IActionResult> ListRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request,
        string workspace,
        string type,
        CancellationToken cancellationToken)
    {
        if (request.Headers.Accept.ToString().Contains(JsonLines, StringComparison.OrdinalIgnoreCase))
            return await StreamRecords(request, workspace, type, cancellationToken);
        var (owner, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        await pages.WriteAsync(request, owner, objectType, "records", [], cancellationToken);
        return new EmptyResult();
    }

    /// <summary>Lists the documents of a document's family.</summary>
    [Function(nameof(ListFamily))]
    [Needs(Operation.ViewRecords)]
    [Operation("A document's family: the documents of the same group identifier, itself included.", Answer = typeof(Listing<RecordView>), Paged = true)]
    public Task<IActionResult> ListFamily(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + "/{identifier}/family")] HttpRequest request,
        string workspace,
        string type,
        string identifier,
        CancellationToken cancellationToken)
        => ListRelatedAsync(request, (workspace, type, identifier), FieldRole.GroupIdentifier, cancellationToken);

    /// <summary>Lists the documents of a document's duplicate group.</summary>
    [Function(nameof(ListDuplicates))]
    [Needs(Operation.ViewRecords)]
    [Operation("A document's duplicate group: the documents of the same hash, itself included.", Answer = typeof(Listing<RecordView>), Paged = true)]
    public Task<IActionResult> ListDuplicates(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + "/{identifier}/duplicates")] HttpRequest request,
        string workspace,
        string type,
        string identifier,
        CancellationToken cancellationToken)
        => ListRelatedAsync(request, (workspace, type, identifier), FieldRole.Hash, cancellationToken);

    // The field of that role says who belongs together.
    private async Task<IActionResult> ListRelatedAsync(
        HttpRequest request, (string Workspace, string Type, string Identifier) record, FieldRole role, CancellationToken cancellationToken)
    {
        var (owner, objectType) = await existing.TypeAsync(record.Workspace, record.Type, cancellationToken);
        var item = await RecordAsync(owner, objectType, Exact(request, record.Identifier, partsBehind: 1), cancellationToken);
        var field = await workspaces.FieldsAsync(owner.Id, objectType.Name, cancellationToken).Select(f => f.Value)
            .FirstOrDefaultAsync(f => f.Role == role && f.Filterable, cancellationToken);
        var own = RecordJson.Read(item.Body.Span);
        if (field is null || own.ValueOf(field.Id) is not string group)
        {
            var (what, name) = role == FieldRole.Hash ? ("hash", FieldPlan.Md5Hash) : ("group identifier", FieldPlan.GroupIdentifier);
            throw RefusedException.Conflict("no-group", $"The record {Words.Quote(own.Identifier)} has no {what}, so that it belongs to no group. Import one into the field {Words.Quote(name)}.");
        }
        IReadOnlyList<FieldEquals> where = [new FieldEquals(field.Id, group)];
        await pages.WriteAsync(request, owner, objectType, $"{role} {own.Identifier}", where, cancellationToken);
        return new EmptyResult();
    }

    /// <summary>All records as JSON lines.</summary>
    [Function(nameof(StreamRecords))]
    [Needs(Operation.ViewRecords)]
    [Operation("All records of an object type in identifier order, as JSON lines.", File = JsonLines)]
    public async Task<IActionResult> StreamRecords(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + ".jsonl")] HttpRequest request,
        string workspace,
        string type,
        CancellationToken cancellationToken)
    {
        var (owner, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        var output = await RecordOutput.ForAsync(blobs, workspaces, workspace, objectType.Name, cancellationToken);
        using var stream = new JsonStream(request.HttpContext.Response, $"{JsonLines}; charset=utf-8");
        await foreach (var item in pages.AllAsync(owner, objectType, cancellationToken))
        {
            await output.WriteAsync(stream, item, cancellationToken);
            stream.EndLine();
        }
        await stream.EndAsync(cancellationToken);
        return new EmptyResult();
    }

    /// <summary>Shows a record.</summary>
    [Function(nameof(GetRecord))]
    [Needs(Operation.ViewRecords)]
    [Operation("One record, by its identifier in any case of letters.", Answer = typeof(RecordView))]
    public async Task<IActionResult> GetRecord(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + "/{identifier}")] HttpRequest request,
        string workspace,
        string type,
        string identifier,
        CancellationToken cancellationToken)
    {
        var (owner, objectType) = await existing.TypeAsync(workspace, type, cancellationToken);
        var item = await RecordAsync(owner, objectType, Exact(request, identifier, partsBehind: 0), cancellationToken);
        var output = await RecordOutput.ForAsync(blobs, workspaces, workspace, objectType.Name, cancellationToken);
        using var stream = new JsonStream(request.HttpContext.Response, "application/json; charset=utf-8");
        await output.WriteAsync(stream, item, cancellationToken);
        await stream.EndAsync(cancellationToken);
        return new EmptyResult();
    }

    private async Task<StoredItem> RecordAsync(Workspace owner, ObjectType type, string identifier, CancellationToken cancellationToken)
        => await records.ReadAsync(Identifier.Key(owner.Id, owner.Buckets, type.Name, identifier), cancellationToken)
            ?? throw RefusedException.NotFound($"There is no record {Words.Quote(identifier)} of the object type {Words.Quote(type.Name)}.");

    // Route values hold an escaped slash as %2F, like an escaped percent sign before 2F; the address as it was sent tells them apart.
    private static string Exact(HttpRequest request, string identifier, int partsBehind)
        => request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } target
            ? Uri.UnescapeDataString(target.Split('?')[0].Split('/')[^(1 + partsBehind)])
            : identifier;
}
