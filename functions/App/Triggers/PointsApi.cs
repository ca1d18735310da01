using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Integration points over HTTP.</summary>
public sealed class PointsApi(Existing existing, PointCatalog points, PointCheck check, PointSchedule schedule, Caller caller)
{
    private const string All = "workspaces/{workspace}/integration-points", One = All + "/{point}";

    /// <summary>Lists the integration points of a workspace.</summary>
    [Function(nameof(ListPoints))]
    [Needs(Operation.ViewPoint)]
    [Operation("The integration points of a workspace, in the order of their ids.", Answer = typeof(Listing<IntegrationPoint>), Paged = true)]
    public async Task<IActionResult> ListPoints(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var all = points.ListAsync(workspace, cancellationToken).Select(p => p.Value);
        return Answer.Ok(await Paging.PageAsync(request, $"points {workspace}", all, p => p.Id, cancellationToken));
    }

    /// <summary>Makes an integration point.</summary>
    [Function(nameof(CreatePoint))]
    [Needs(Operation.CreatePoint)]
    [Operation("Makes an integration point.", Status = 201, Body = typeof(IntegrationPoint), ReadOnly = PointBody.ReadOnly, Answer = typeof(IntegrationPoint), Query = "culture")]
    public async Task<IActionResult> CreatePoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        check.Foresee(workspace, async () => (await PointBody.NewAsync(request, workspace, caller.Name, cancellationToken)).Point, cancellationToken);
        await existing.WorkspaceAsync(workspace, cancellationToken);
        var point = await check.PointAsync(await PointBody.NewAsync(request, workspace, caller.Name, cancellationToken), before: null, cancellationToken);
        var stored = await schedule.CreateAsync(point, cancellationToken);
        request.Audit().Made(stored.Value.Id, stored.Value.Name, stored.Value);
        return Answer.Created($"/api/workspaces/{workspace}/integration-points/{stored.Value.Id}", stored.Value, stored.ETag);
    }

    /// <summary>Shows an integration point.</summary>
    [Function(nameof(GetPoint))]
    [Needs(Operation.ViewPoint)]
    [Operation("One integration point.", Answer = typeof(IntegrationPoint))]
    public async Task<IActionResult> GetPoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request,
        string workspace,
        string point,
        CancellationToken cancellationToken)
    {
        var found = await existing.PointAsync(workspace, point, cancellationToken);
        return Answer.Ok(found.Value, found.ETag);
    }

    /// <summary>Changes an integration point.</summary>
    [Function(nameof(ReplacePoint))]
    [Needs(Operation.EditPoint)]
    [Operation(
        "Changes an integration point. A job that runs goes on with the point as it was when the job started.",
        Body = typeof(IntegrationPoint), ReadOnly = PointBody.ReadOnly, Answer = typeof(IntegrationPoint), Versioned = true, Query = "culture")]
    public async Task<IActionResult> ReplacePoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request,
        string workspace,
        string point,
        CancellationToken cancellationToken)
    {
        check.Foresee(workspace, async () => (await PointBody.NewAsync(request, workspace, caller.Name, cancellationToken)).Point, cancellationToken);
        var found = await existing.PointAsync(workspace, point, cancellationToken);
        Versions.Require(request, found.ETag, "the integration point");
        var body = await PointBody.ChangedAsync(request, found.Value, cancellationToken);
        var changed = await check.PointAsync(body with { Point = PointEdits.Edited(found.Value, body.Point) }, found.Value, cancellationToken) with { SavedBy = caller.Name };
        var etag = await points.ReplaceAsync(changed with { Notes = null }, found, cancellationToken) ?? throw RefusedException.Changed("the integration point");
        request.Audit().Changed(changed.Id, changed.Name, found.Value, changed with { Notes = null });
        // Unchanged but not entered: an earlier request was cut off here, and this is its repetition. A run that is due is not put off.
        var isEntered = await schedule.IsEnteredAsync(workspace, point, cancellationToken);
        if (changed.Schedule != found.Value.Schedule || isEntered != (changed.Schedule is not null))
            await schedule.SetAsync(workspace, point, cancellationToken);
        else if (isEntered) await schedule.ForgetFailuresAsync(workspace, point, cancellationToken);
        return Answer.Ok(changed, etag);
    }

    /// <summary>Removes an integration point.</summary>
    [Function(nameof(DeletePoint))]
    [Needs(Operation.DeletePoint)]
    [Operation("Removes an integration point. The history of its jobs stays.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeletePoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request,
        string workspace,
        string point,
        CancellationToken cancellationToken)
    {
        var found = await existing.PointAsync(workspace, point, cancellationToken);
        Versions.Respect(request, found.ETag, "the integration point");
        if (await schedule.RunningAsync(workspace, point, cancellationToken) is { } job)
        {
            throw RefusedException.Conflict("point-busy",
                $"The job {job} of the integration point {Words.Quote(found.Value.Name)} is running. Stop it or wait for its end.");
        }
        if (!await points.DeleteAsync(found, cancellationToken)) throw RefusedException.Changed("the integration point");
        request.Audit().Removed(found.Value.Id, found.Value.Name, found.Value);
        await schedule.SetAsync(workspace, point, cancellationToken);
        return Answer.Done();
    }
}

/// <summary>When integration points run next, and whether they are running.</summary>
public sealed class PointSchedule(PointCatalog points, JobTables tables, TimeProvider time)
{
    /// <summary>The job that runs, or null.</summary>
    public Task<string?> RunningAsync(string workspace, string point, CancellationToken cancellationToken)
        => tables.Leases.HolderAsync(workspace, point, cancellationToken);

    /// <summary>Whether a next run is entered.</summary>
    public async Task<bool> IsEnteredAsync(string workspace, string point, CancellationToken cancellationToken)
        => await tables.Schedules.FindAsync(workspace, point, cancellationToken) is not null;

    /// <summary>Counts from the beginning how many runs fail one after the other: the point was saved (guide 4.12).</summary>
    public Task ForgetFailuresAsync(string workspace, string point, CancellationToken cancellationToken)
        => tables.Schedules.ForgetFailuresAsync(workspace, point, cancellationToken);

    /// <summary>Stores a new point, under an id of its own, and enters its next run.</summary>
    /// <exception cref="NameTakenException">Another point has the name.</exception>
    public async Task<Versioned<IntegrationPoint>> CreateAsync(IntegrationPoint sent, CancellationToken cancellationToken)
    {
        var point = sent with { Id = Slug.NewId(sent.Name), Notes = null };
        // Before the point, so that no crash leaves a point whose schedule nobody looks at; the tick drops an entry without a point.
        if (point.Schedule?.FirstRun(time.GetUtcNow()) is { } next) await tables.Schedules.SetAsync(point.Workspace, point.Id, next, cancellationToken);
        var isNew = await points.CreateAsync(point, cancellationToken);
        if (point.Schedule is not null) await SetAsync(point.Workspace, point.Id, cancellationToken);
        if (!isNew) throw new NameTakenException(point.Name);
        var stored = (await points.FindAsync(point.Workspace, point.Id, cancellationToken))!;
        return stored with { Value = stored.Value with { Notes = sent.Notes } };
    }

    /// <summary>Enters the next run of a point as it is stored; again when somebody changed it meanwhile, so that the last change counts.</summary>
    public async Task SetAsync(string workspace, string point, CancellationToken cancellationToken)
    {
        Versioned<IntegrationPoint>? stored, after = await points.FindAsync(workspace, point, cancellationToken);
        do
        {
            stored = after;
            var next = stored?.Value.Schedule?.FirstRun(time.GetUtcNow());
            await tables.Schedules.SetAsync(workspace, point, next, cancellationToken);
            after = await points.FindAsync(workspace, point, cancellationToken);
        }
        while (after?.ETag != stored?.ETag);
    }
}
