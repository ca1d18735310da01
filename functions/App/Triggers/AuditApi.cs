using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The audit over HTTP: who did what, when. Nothing changes or removes an entry.</summary>
public sealed class AuditApi(Existing existing, JobTables tables, Caller caller)
{
    private const string Filters = "who,action,outcome,from,to";

    private static readonly string[] Known = [.. Filters.Split(','), "workspace", "pageSize", "continuationToken"];

    /// <summary>Lists the audit of the tenant.</summary>
    [Function(nameof(ListAudit))]
    [Needs(Operation.AdministerTenant)]
    [Operation(
        "Who did what, newest first, in all workspaces and beside them; with workspace: in that one, also when it was deleted. A filtered page looks at a bounded number of entries.",
        Answer = typeof(AuditList), Paged = true, Query = Filters + ",workspace")]
    public Task<IActionResult> ListAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken)
        => ListAsync(request, request.Query["workspace"].ToString() is { Length: > 0 } workspace ? workspace : null, cancellationToken);

    /// <summary>Lists the audit of a workspace.</summary>
    [Function(nameof(ListWorkspaceAudit))]
    [Needs(Operation.ViewAudit)]
    [Operation(
        "Who did what in a workspace, newest first. A filtered page looks at a bounded number of entries.", Answer = typeof(AuditList), Paged = true, Query = Filters)]
    public async Task<IActionResult> ListWorkspaceAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "workspaces/{workspace}/audit")] HttpRequest request,
        string workspace,
        CancellationToken cancellationToken)
        => await ListAsync(request, (await existing.WorkspaceAsync(workspace, cancellationToken)).Value.Id, cancellationToken);

    private async Task<IActionResult> ListAsync(HttpRequest request, string? workspace, CancellationToken cancellationToken)
    {
        var list = $"audit {workspace}";
        var query = Query(request) with { After = Paging.After(request, list) };
        var page = await tables.Audit.ListAsync(workspace, query, cancellationToken);
        return Answer.Ok(new AuditList([.. page.Items.Select(e => AuditView.Of(e, caller.Identity))], page.Last is null ? null : Paging.Token(list, page.Last), page.Scanned));
    }

    private static AuditQuery Query(HttpRequest request)
    {
        if (request.Query.Keys.FirstOrDefault(sent => !Known.Contains(sent, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw RefusedException.Bad("unknown-filter", $"There is no filter {Words.Quote(unknown)}. The filters are {string.Join(", ", Known[..^2])}.");
        var (who, action, outcome) = (Sent(request, "who"), Sent(request, "action"), Outcome(Sent(request, "outcome")));
        return new AuditQuery(Paging.Size(request))
        {
            From = Sent(request, "from") is { } from ? TimeFilter.Read("from", from).First : null,
            Before = Sent(request, "to") is { } to ? TimeFilter.Read("to", to).Behind : null,
            Where = who is null && action is null && outcome is null ? null : entry =>
                (who is null || Same(entry.Who, who) || Same(entry.WhoId, who)) && (action is null || Same(entry.Action, action)) && (outcome is null || entry.Outcome == outcome),
        };
    }

    private static string? Sent(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    private static AuditOutcome? Outcome(string? sent)
        => sent is null ? null
            : Enum.GetValues<AuditOutcome>().Where(o => Same(o.ToString(), sent)).Select(o => (AuditOutcome?)o).FirstOrDefault()
                ?? throw TimeFilter.Invalid("outcome", sent, "done, refused, failed or unknown");

    private static bool Same(string? text, string wanted) => string.Equals(text, wanted, StringComparison.OrdinalIgnoreCase);
}
