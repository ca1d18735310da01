using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>A saved search or a view as it is sent.</summary>
public sealed record SavedListBody
{
    /// <summary>The name people see; fixed once it is saved.</summary>
    public required string Name { get; init; }

    /// <summary>Whether only who saves it sees it; fixed once it is saved.</summary>
    public bool Private { get; init; }

    /// <summary>Whose records it finds; fixed once it is saved.</summary>
    public string ObjectType { get; init; } = Engine.Workspaces.ObjectType.Document;

    /// <summary>Which records it finds; null: all.</summary>
    public Condition? Condition { get; init; }

    /// <summary>The names of the fields that are shown, in order; empty: all.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The order, most important field first.</summary>
    public IReadOnlyList<SortColumn> Sort { get; init; } = [];
}

/// <summary>How many records there are.</summary>
/// <param name="Count">The number.</param>
/// <param name="Scanned">The fields of the condition that no index serves, so that every record was looked at.</param>
public sealed record RecordCount(long Count, IReadOnlyList<string> Scanned);

/// <summary>A page of found records, for its description; it is written without being built.</summary>
/// <param name="Items">The records in identifier order.</param>
/// <param name="Scanned">The fields of the condition that no index serves, so that every record is looked at.</param>
/// <param name="ContinuationToken">Send it as <c>continuationToken</c> to get the next page; null: this is the last.</param>
public sealed record FoundRecords(IReadOnlyList<RecordView> Items, IReadOnlyList<string> Scanned, string? ContinuationToken);

/// <summary>What the requests about saved searches and about views have in common.</summary>
public sealed class SavedListRequests(Existing existing, WorkspaceCatalog workspaces, RecordPages pages, Caller caller, TimeProvider time)
{
    /// <summary>Those that the caller sees.</summary>
    public async Task<IActionResult> ListAsync(HttpRequest request, SavedListCatalog lists, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        return Answer.Ok(await Paging.PageAsync(request, $"{lists.Kind} {workspace}", lists.ListAsync(workspace, caller.Name, cancellationToken), l => l.Id, cancellationToken));
    }

    /// <summary>Saves a new one.</summary>
    public async Task<IActionResult> CreateAsync(
        HttpRequest request, SavedListCatalog lists, string workspace, string route, CancellationToken cancellationToken)
    {
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        var body = await JsonBody.ReadAsync<SavedListBody>(request, cancellationToken);
        var problems = new List<Problem>();
        var name = Names.Clean(body.Name, "name", problems);
        var list = new SavedList
        {
            Name = name,
            Owner = body.Private ? caller.Name : null,
            Id = lists.IdFor(name, body.Private ? caller.Name : null),
            CreatedUtc = time.GetUtcNow(),
        };
        list = await CheckedAsync(owner, list with { ObjectType = body.ObjectType }, body, problems, cancellationToken);
        var stored = await lists.CreateAsync(workspace, list, cancellationToken)
            ?? throw RefusedException.Conflict("name-taken", $"There is one named {Words.Quote(name)} already. Choose another name, or change the one that is there.");
        request.Audit().Made(list.Id, list.Name, stored.Value);
        request.Audit().PrivateTo(list.Owner);
        return Answer.Created($"/api/workspaces/{workspace}/{route}/{list.Id}", stored.Value, stored.ETag);
    }

    /// <summary>Shows one.</summary>
    public async Task<IActionResult> GetAsync(SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var (_, found) = await FindAsync(lists, workspace, idOrName, cancellationToken);
        return Answer.Ok(found.Value, found.ETag);
    }

    /// <summary>Gives one another condition, other columns, another order.</summary>
    public async Task<IActionResult> ReplaceAsync(
        HttpRequest request, SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var (owner, found) = await FindAsync(lists, workspace, idOrName, cancellationToken);
        Versions.Require(request, found.ETag, "it");
        var body = await JsonBody.ReadAsync<SavedListBody>(request, cancellationToken);
        var problems = new List<Problem>();
        if (Identifier.Fold(body.Name) != Identifier.Fold(found.Value.Name)) problems.Add(Fixed("name"));
        if (body.Private != (found.Value.Owner is not null)) problems.Add(Fixed("private"));
        if (!body.ObjectType.Trim().Equals(found.Value.ObjectType, StringComparison.OrdinalIgnoreCase)) problems.Add(Fixed("objectType"));
        var changed = await CheckedAsync(owner, found.Value, body, problems, cancellationToken);
        var etag = await lists.ReplaceAsync(workspace, changed, found.ETag, cancellationToken) ?? throw RefusedException.Changed("it");
        request.Audit().Changed(changed.Id, changed.Name, found.Value, changed);
        request.Audit().PrivateTo(changed.Owner);
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes one.</summary>
    public async Task<IActionResult> DeleteAsync(
        HttpRequest request, SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var (_, found) = await FindAsync(lists, workspace, idOrName, cancellationToken);
        Versions.Respect(request, found.ETag, "it");
        request.Audit().Removed(found.Value.Id, found.Value.Name, found.Value);
        request.Audit().PrivateTo(found.Value.Owner);
        return await lists.DeleteAsync(workspace, found, cancellationToken) ? Answer.Done() : throw RefusedException.Changed("it");
    }

    /// <summary>A page of what one finds.</summary>
    public async Task<IActionResult> RecordsAsync(
        HttpRequest request, SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var (owner, found) = await FindAsync(lists, workspace, idOrName, cancellationToken);
        var (type, query, fields) = await QueryAsync(owner, found.Value, cancellationToken);
        request.Audit().On(found.Value.Id, found.Value.Name);
        request.Audit().PrivateTo(found.Value.Owner);
        await pages.WriteAsync(request, owner, type, query, fields, cancellationToken);
        return new EmptyResult();
    }

    /// <summary>How many records one finds.</summary>
    public async Task<IActionResult> CountAsync(SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var (owner, found) = await FindAsync(lists, workspace, idOrName, cancellationToken);
        var (type, query, _) = await QueryAsync(owner, found.Value, cancellationToken);
        return Answer.Ok(new RecordCount(await pages.CountAsync(owner, type, query, cancellationToken), query.Scanned));
    }

    private async Task<(Workspace Workspace, Versioned<SavedList> Found)> FindAsync(
        SavedListCatalog lists, string workspace, string idOrName, CancellationToken cancellationToken)
    {
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        return await lists.FindAsync(workspace, idOrName, caller.Name, cancellationToken) is { } found
            ? (owner, found)
            : throw RefusedException.NotFound($"The workspace {Words.Quote(owner.Name)} has no {lists.What} {Words.Quote(idOrName)} that you see.");
    }

    private async Task<SavedList> CheckedAsync(
        Workspace owner, SavedList list, SavedListBody body, List<Problem> problems, CancellationToken cancellationToken)
    {
        var type = await workspaces.TypeAsync(owner.Id, list.ObjectType, cancellationToken);
        if (type is null)
            problems.Add(new Problem("object-type-not-found", $"The workspace has no object type {Words.Quote(list.ObjectType)}. Correct the name.") { Field = "objectType" });
        list = list with { Condition = body.Condition, Columns = [.. body.Columns.Select(c => c.Trim())], Sort = body.Sort, ModifiedUtc = time.GetUtcNow() };
        if (type is not null)
        {
            list = list with { ObjectType = type.Value.Name };
            problems.AddRange(SavedListRules.Check(list, type.Value, await FieldsAsync(owner.Id, type.Value, cancellationToken)));
        }
        return problems.Count == 0 ? list : throw RefusedException.Bad(problems);
    }

    // Fields may have gone since it was saved.
    private async Task<(ObjectType Type, RecordQuery Query, IReadOnlyList<Field> Fields)> QueryAsync(
        Workspace owner, SavedList list, CancellationToken cancellationToken)
    {
        var (_, type) = await existing.TypeAsync(owner.Id, list.ObjectType, cancellationToken);
        var fields = await FieldsAsync(owner.Id, type, cancellationToken);
        var resolved = ConditionResolver.Resolve(list.Condition, type, fields);
        if (resolved.Query is not { } query) throw RefusedException.Bad(resolved.Problems);
        var shown = list.Columns.Count == 0
            ? fields.OrderBy(f => f.Role != FieldRole.Identifier).ThenBy(f => f.Name, StringComparer.Ordinal)
            : list.Columns.Select(c => fields.FirstOrDefault(f => f.Name.Equals(c, StringComparison.OrdinalIgnoreCase))).OfType<Field>();
        return (type, query, [.. shown]);
    }

    private async Task<IReadOnlyList<Field>> FieldsAsync(string workspace, ObjectType type, CancellationToken cancellationToken)
        => await workspaces.FieldsAsync(workspace, type.Name, cancellationToken).Select(f => f.Value).ToListAsync(cancellationToken);

    private static Problem Fixed(string member)
        => new("read-only-member", $"The member \"{member}\" cannot be changed. Save another one instead, and delete this one.") { Field = member };
}
