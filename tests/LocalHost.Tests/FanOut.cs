using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.LocalHost.Tests;

/// <summary>An orchestration with many activities at once, over HTTP; each activity leaves a file behind.</summary>
public static class FanOut
{
    /// <summary>What the orchestrator gets.</summary>
    public sealed record Order(string Folder, int Activities, int ActivityMs);

    /// <summary>What an activity gets.</summary>
    public sealed record Piece(string Folder, int Number, int Ms);

    [Function("StartFanOut")]
    public static async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "fan-out/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var order = await request.ReadFromJsonAsync<Order>(cancellationToken);
        await client.ScheduleNewOrchestrationInstanceAsync("FanOut", order, new StartOrchestrationOptions(id), cancellationToken);
        return new AcceptedResult($"/api/fan-out/{id}", null);
    }

    [Function("GetFanOut")]
    public static async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fan-out/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var instance = await client.WaitForInstanceCompletionAsync(id, true, cancellationToken);
        return new OkObjectResult(new { status = instance.RuntimeStatus.ToString(), output = instance.SerializedOutput });
    }

    [Function("FanOut")]
    public static async Task<int> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var order = context.GetInput<Order>()!;
        var steps = Enumerable.Range(0, order.Activities)
            .Select(i => context.CallActivityAsync<int>("FanOutStep", new Piece(order.Folder, i, order.ActivityMs)));
        return (await Task.WhenAll(steps)).Sum();
    }

    [Function("FanOutStep")]
    public static async Task<int> DoStep([ActivityTrigger] Piece piece)
    {
        await File.AppendAllTextAsync(Path.Combine(piece.Folder, $"{piece.Number}.started"), "x");
        await Task.Delay(piece.Ms);
        await File.AppendAllTextAsync(Path.Combine(piece.Folder, $"{piece.Number}.done"), "x");
        return piece.Number;
    }
}
