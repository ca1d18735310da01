using System.Text.Json.Serialization;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Statistics;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Statistics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Statistics of integration points, over HTTP (guide 6.5).</summary>
public sealed class StatisticsApi(Existing existing, StatisticsStarter starter, Caller caller)
{
    private const string Route = "workspaces/{workspace}/integration-points/{point}/statistics";

    /// <summary>Starts a calculation.</summary>
    [Function(nameof(CalculatePointStatistics))]
    [Needs(Operation.StudyPoint)]
    [Operation(
        "Calculates, in the background, how many documents, natives and images running an integration point would transfer, and their sizes. "
        + "While one calculation is in progress, no other is started.",
        Status = 202, Answer = typeof(StatisticsView))]
    public async Task<IActionResult> CalculatePointStatistics(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Route)] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        request.Audit().On(found.Id, found.Name);
        var started = await starter.StartAsync(client, found, caller.Name, cancellationToken);
        return Answer.Accepted($"/api/workspaces/{found.Workspace}/integration-points/{found.Id}/statistics", StatisticsView.Of(started));
    }

    /// <summary>Shows the last calculation.</summary>
    [Function(nameof(GetPointStatistics))]
    [Needs(Operation.ViewPoint)]
    [Operation("The statistics of an integration point as they were calculated last, or how far their calculation is.", Answer = typeof(StatisticsView))]
    public async Task<IActionResult> GetPointStatistics(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Route)] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        return Answer.Ok(StatisticsView.Of(await starter.FindAsync(client, found.Workspace, found.Id, cancellationToken)));
    }
}

/// <summary>The statistics of an integration point as the API shows them. While they are calculated, they are what was counted so far.</summary>
public sealed record StatisticsView
{
    /// <summary>New, In progress, Completed or Error.</summary>
    public required StatisticsState State { get; init; }

    /// <summary>When they were calculated; null while they are not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTime? CalculatedAt { get; init; }

    /// <summary>Records that can be read: rows of a document load file, documents of an image load file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? Documents { get; init; }

    /// <summary>Records that cannot be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? Unreadable { get; init; }

    /// <summary>Natives; null when the integration point transfers none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FileStatistics? Natives { get; init; }

    /// <summary>Images; null when the integration point transfers none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public FileStatistics? Images { get; init; }

    /// <summary>Why they could not be calculated; null when nothing is wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ProblemEntryView? Problem { get; init; }

    internal static StatisticsView Of(PointStatistics? statistics) => statistics is null ? new() { State = StatisticsState.New } : new()
    {
        State = statistics.State,
        CalculatedAt = statistics.CalculatedUtc?.UtcDateTime,
        Documents = statistics.Counts?.Documents,
        Unreadable = statistics.Counts?.Unreadable,
        Natives = FileStatistics.Of(statistics.Counts?.Natives),
        Images = FileStatistics.Of(statistics.Counts?.Images),
        Problem = statistics.Problem is { } problem ? new ProblemEntryView(problem.Code, problem.Message) : null,
    };
}

/// <summary>Natives, or images, that running an integration point would transfer.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Bytes">Their bytes together.</param>
/// <param name="Text">Both for people: <c>25 (2.56 MB)</c>.</param>
/// <param name="Missing">How many are named whose file is not there.</param>
/// <param name="Refused">How many are named by a path that cannot be followed, or cannot be read where they are.</param>
public sealed record FileStatistics(long Count, long Bytes, string Text, long Missing, long Refused)
{
    internal static FileStatistics? Of(ReferenceCounts? counts)
        => counts is null ? null : new(counts.Found, counts.Bytes, SizeText.Of(counts.Found, counts.Bytes), counts.Missing, counts.Refused);
}
