using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Schedules;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Where the schedule of an integration point stands.</summary>
/// <param name="Schedule">The schedule; null: the point runs only when asked.</param>
/// <param name="NextRunUtc">When it runs next; null: it does not, since it has none, has ended, or failed too often.</param>
/// <param name="FailuresInARow">How many scheduled runs have failed one after the other.</param>
public sealed record ScheduleState(Schedule? Schedule, DateTimeOffset? NextRunUtc, int FailuresInARow);

/// <summary>What the system knows of an integration point beyond what people set: its next run.</summary>
public sealed class PointStateApi(Existing existing, JobTables tables)
{
    private const string One = "workspaces/{workspace}/integration-points/{point}";

    /// <summary>Shows the schedule of an integration point and when it runs next.</summary>
    [Function(nameof(GetPointSchedule))]
    [Needs(Operation.ViewPoint)]
    [Operation("The schedule of an integration point, when it runs next, and how many scheduled runs failed in a row.", Answer = typeof(ScheduleState))]
    public async Task<IActionResult> GetPointSchedule(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One + "/schedule")] HttpRequest request,
        string workspace,
        string point,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        var entry = await tables.Schedules.FindAsync(workspace, point, cancellationToken);
        return Answer.Ok(new ScheduleState(found.Schedule, entry?.NextRunUtc, entry?.Failures ?? 0));
    }
}
