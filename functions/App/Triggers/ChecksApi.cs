using System.Text;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Checks;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Engine.Points;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Checks before an import, over HTTP.</summary>
public sealed class ChecksApi(Existing existing, PointCheck points, CheckStarter starter, CheckRequests requests, Caller caller)
{
    private const int LongestId = 64;

    /// <summary>Starts a check of an integration point.</summary>
    [Function(nameof(CheckIntegrationPoint))]
    [Needs(Operation.StudyPoint)]
    [Operation(
        "Checks what running an integration point would come to: reads everything, writes nothing. An empty body checks its load file alone.",
        Status = 202, Body = typeof(CheckOptions), Answer = typeof(StartedCheck), Headers = "Idempotency-Key")]
    public async Task<IActionResult> CheckIntegrationPoint(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/integration-points/{point}/check")] HttpRequest request,
        string workspace,
        string point,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var read = new Lazy<Task<CheckOptions>>(() => request.ContentLength is null or 0 && request.ContentType is null
            ? Task.FromResult(new CheckOptions())
            : JsonBody.ReadAsync<CheckOptions>(request, cancellationToken));
        requests.Foresee(workspace, () => read.Value, cancellationToken);
        var found = (await existing.PointAsync(workspace, point, cancellationToken)).Value;
        var options = await read.Value;
        await requests.RequireAsync(found, options, cancellationToken);
        return await StartAsync(request, client, found, options, cancellationToken);
    }

    /// <summary>Starts a check of an import that no integration point stands for yet.</summary>
    [Function(nameof(CreateCheck))]
    [Needs(Operation.StudyPoint)]
    [Operation(
        "Checks what an import would come to, without an integration point: reads everything, writes nothing.",
        Status = 202, Body = typeof(NewCheck), Answer = typeof(StartedCheck), Headers = "Idempotency-Key")]
    public async Task<IActionResult> CreateCheck(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "workspaces/{workspace}/checks")] HttpRequest request,
        string workspace,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await existing.SentAsync<NewCheck>(request, workspace, cancellationToken);
        var (point, options) = (body.Point(workspace, caller.Name), body.Options ?? new CheckOptions());
        await requests.RequireAsync(point, options, cancellationToken);
        // They would be kept for a point that nobody makes.
        if (PointSecrets.Has(point.Source.Provider))
        {
            throw RefusedException.Bad([new Problem(
                "check-needs-point", $"A source that asks for secrets, as the provider {point.Source.Provider} does, is checked with its integration point. Save that, and check it.") { Field = "source.provider" }]);
        }
        return await StartAsync(request, client, await points.CheckedAsync(point, cancellationToken), options, cancellationToken);
    }

    /// <summary>Shows a check.</summary>
    [Function(nameof(GetCheck))]
    [Needs(Operation.StudyPoint)]
    [Operation("A check: how far it is, and its report when it is done.", Answer = typeof(CheckView))]
    public async Task<IActionResult> GetCheck(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "checks/{check}")] HttpRequest request,
        string check,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var frozen = await FindAsync(check, cancellationToken);
        if (await starter.ResultAsync(check, cancellationToken) is { } result) return Answer.Ok(CheckView.Of(frozen, result));
        var instance = await client.GetInstanceAsync(check, getInputsAndOutputs: true, cancellationToken);
        // It may have ended since the first look.
        if (instance is { IsCompleted: true } && await starter.ResultAsync(check, cancellationToken) is { } ended) return Answer.Ok(CheckView.Of(frozen, ended));
        return Answer.Ok(instance is { IsCompleted: true } ? CheckView.Lost(frozen) : CheckView.Running(frozen, instance?.ReadCustomStatusAs<CheckProgress>()));
    }

    /// <summary>The report of a check, as a page.</summary>
    [Function(nameof(GetCheckReport))]
    [Needs(Operation.StudyPoint)]
    [Operation("The report of a check as one page of HTML that can be printed or sent.", File = "text/html")]
    public async Task<IActionResult> GetCheckReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "checks/{check}/report")] HttpRequest request, string check, CancellationToken cancellationToken)
    {
        var frozen = await FindAsync(check, cancellationToken);
        var result = await starter.ResultAsync(check, cancellationToken)
            ?? throw new RefusedException(StatusCodes.Status404NotFound, "no-report", "The check is still running; its report is written at the end.");
        var report = result.Report ?? throw new RefusedException(StatusCodes.Status404NotFound, "no-report", $"The check has no report: {result.Problem?.Message}");
        var page = Encoding.UTF8.GetBytes(CheckPage.Write(report));
        request.Audit().In(frozen.Job.Point.Workspace);
        request.Audit().On(check, frozen.Job.Point.Name);
        await request.Audit().WriteAsync();
        var response = request.HttpContext.Response;
        // Values of other people's files stand in it: encoded, and nothing could run all the same.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        await response.Body.WriteAsync(page, cancellationToken);
        return new EmptyResult();
    }

    private async Task<IActionResult> StartAsync(
        HttpRequest request, DurableTaskClient client, IntegrationPoint point, CheckOptions options, CancellationToken cancellationToken)
    {
        var check = await requests.FreezeAsync(point, options, caller.Name, Idempotency.Key(request), cancellationToken);
        request.Audit().On(point.Id.Length > 0 ? point.Id : point.Workspace, point.Name);
        request.Audit().Ran(isExport: false, check.Job.Id);
        await starter.StartAsync(client, check, cancellationToken);
        return Answer.Accepted($"/api/checks/{check.Job.Id}", new StartedCheck(check.Job.Id));
    }

    private async Task<Check> FindAsync(string check, CancellationToken cancellationToken)
        => (check.Length <= LongestId && check.All(char.IsAsciiLetterOrDigit) ? await starter.FindAsync(check, cancellationToken) : null)
            ?? throw RefusedException.NotFound($"There is no check {Words.Quote(check)}.");
}
