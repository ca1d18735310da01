using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Storage.Tests.History;

/// <summary>Frozen jobs, and their first rows of the history.</summary>
internal static class TestJobs
{
    /// <summary>A job.</summary>
    public static Job Job(string workspace, string point, string id, DateTimeOffset started) => new()
    {
        Id = id,
        Point = new IntegrationPoint { Id = point, Name = $"Name of {point}", Workspace = workspace, Source = new ProviderSettings("load-file", JsonDocument.Parse("{}").RootElement) },
        Trigger = "user",
        StartedBy = "me",
        StartedUtc = started,
    };

    /// <summary>Its row.</summary>
    public static JobHistory Row(Job job) => new()
    {
        JobId = job.Id,
        Workspace = job.Point.Workspace,
        WorkspaceName = job.Point.Workspace,
        PointId = job.Point.Id,
        Name = job.Point.Name,
        Trigger = job.Trigger,
        StartedBy = job.StartedBy,
        StartedUtc = job.StartedUtc,
    };
}
