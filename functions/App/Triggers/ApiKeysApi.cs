using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>An API key to be made.</summary>
/// <param name="Name">What the job history calls it, behind <c>key:</c>; no other key has or had it.</param>
/// <param name="Workspaces">Ids of the workspaces that it is for, or one <c>*</c> for all, those to come included.</param>
/// <param name="Actions">What it may do there.</param>
/// <param name="ExpiresUtc">From when on it lets nobody in; at most a year away.</param>
public sealed record NewApiKey(string Name, IReadOnlyList<string> Workspaces, IReadOnlyList<KeyAction> Actions, DateTimeOffset ExpiresUtc);

/// <summary>An API key, without the key.</summary>
/// <param name="Id">Its id, which also stands in the key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Status">valid, expired or revoked.</param>
/// <param name="Workspaces">Ids of the workspaces that it is for, or one <c>*</c>.</param>
/// <param name="Actions">What it may do there.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedUtc">When.</param>
/// <param name="ExpiresUtc">From when on it lets nobody in.</param>
/// <param name="RevokedBy">Who revoked it.</param>
/// <param name="RevokedUtc">When.</param>
/// <param name="LastUsed">The last day (UTC) on which it was used.</param>
public sealed record ApiKeyView(
    string Id,
    string Name,
    string Status,
    IReadOnlyList<string> Workspaces,
    IReadOnlyList<string> Actions,
    string CreatedBy,
    DateTimeOffset CreatedUtc,
    DateTimeOffset ExpiresUtc,
    string? RevokedBy,
    DateTimeOffset? RevokedUtc,
    DateOnly? LastUsed)
{
    /// <summary>The key, once: when it is made.</summary>
    public string? Key { get; init; }
}

/// <summary>The API keys of systems over HTTP, for administrators.</summary>
public sealed class ApiKeysApi(ApiKeys keys, JobTables tables, Existing existing, Caller caller, TimeProvider time)
{
    private const string All = "api-keys";

    private const int LongestDays = 366, MostWorkspaces = 100;

    /// <summary>Lists the keys.</summary>
    [Function(nameof(ListApiKeys))]
    [Needs(Operation.AdministerTenant)]
    [Operation("The API keys, those that have expired or been revoked included, by name.", Answer = typeof(Listing<ApiKeyView>), Paged = true)]
    public async Task<IActionResult> ListApiKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, CancellationToken cancellationToken)
    {
        var list = await tables.ApiKeys.ListAsync(cancellationToken);
        return Answer.Ok(await Paging.PageAsync(request, All, list.Select(View).ToAsyncEnumerable(), key => Identifier.Fold(key.Name), cancellationToken));
    }

    /// <summary>Makes a key.</summary>
    [Function(nameof(CreateApiKey))]
    [Needs(Operation.AdministerTenant)]
    [Operation("Makes an API key; the answer alone shows it.", Status = 201, Body = typeof(NewApiKey), Answer = typeof(ApiKeyView))]
    public async Task<IActionResult> CreateApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, CancellationToken cancellationToken)
    {
        // Else one that leaked would make others, and live on in them.
        if (caller.Identity.Key is not null)
            throw new RefusedException(StatusCodes.Status403Forbidden, "missing-permissions", "An API key cannot make API keys. Sign in as an administrator.");
        var sent = await JsonBody.ReadAsync<NewApiKey>(request, cancellationToken);
        var problems = new List<Problem>();
        var name = Names.CleanForAddress(sent.Name, "name", problems);
        var workspaces = sent.Workspaces.Select(w => w.Trim()).Distinct(StringComparer.Ordinal).ToList();
        if (workspaces.Count is 0 or > MostWorkspaces || (workspaces.Contains("*") && workspaces.Count > 1))
            problems.Add(Invalid("workspaces", $"Expected 1 to {MostWorkspaces} ids of workspaces, or one * for all."));
        if (sent.Actions.Count == 0) problems.Add(Invalid("actions", $"Expected at least one of: {string.Join(", ", Enum.GetValues<KeyAction>().Select(ApiKeys.Word))}."));
        var now = time.GetUtcNow();
        if (sent.ExpiresUtc <= now || sent.ExpiresUtc > now.AddDays(LongestDays))
            problems.Add(Invalid("expiresUtc", $"Expected an instant within the next {LongestDays} days."));
        if (problems.Count > 0) throw RefusedException.Bad(problems);
        foreach (var workspace in workspaces.Where(w => w != "*")) await existing.SeenAsync(workspace, cancellationToken);

        var scope = new ApiKeyScope(workspaces, [.. sent.Actions.Distinct().Order()]);
        if (await keys.CreateAsync(name, scope, sent.ExpiresUtc, caller.Identity, cancellationToken) is not var (stored, key))
            throw RefusedException.Conflict("name-taken", $"There is or was an API key {Words.Quote(name)}; histories know it by that name. Choose another one.");
        request.Audit().Made(stored.Id, stored.Name, View(stored));
        return Answer.Created($"/api/{All}/{stored.Id}", View(stored) with { Key = key });
    }

    /// <summary>Revokes a key.</summary>
    [Function(nameof(RevokeApiKey))]
    [Needs(Operation.AdministerTenant)]
    [Operation("Revokes an API key: from now on it lets nobody in.", Answer = typeof(ApiKeyView))]
    public async Task<IActionResult> RevokeApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = All + "/{key}")] HttpRequest request, string key, CancellationToken cancellationToken)
    {
        var before = await tables.ApiKeys.FindAsync(key, cancellationToken);
        var after = await tables.ApiKeys.RevokeAsync(key, caller.Name, time.GetUtcNow(), cancellationToken)
            ?? throw RefusedException.NotFound($"There is no API key with the id {Words.Quote(key)}. List the keys to see which there are.");
        request.Audit().Changed(after.Id, after.Name, before is null ? null : View(before), View(after));
        return Answer.Ok(View(after));
    }

    private ApiKeyView View(StoredApiKey key) => new(
        key.Id,
        key.Name,
        key.RevokedUtc is not null ? "revoked" : key.IsValid(time.GetUtcNow()) ? "valid" : "expired",
        key.Workspaces,
        key.Actions,
        key.CreatedBy,
        key.CreatedUtc,
        key.ExpiresUtc,
        key.RevokedBy,
        key.RevokedUtc,
        key.LastUsed);

    private static Problem Invalid(string member, string message) => new("invalid-value", message) { Field = member };
}
