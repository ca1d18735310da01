using IntegrationPoints.App.Jobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>What is said of a job that was given up, where a source lies outside and where it does not.</summary>
public sealed class FailedStepTests
{
    [Theory]
    [InlineData("entra", RunJob.CheckStep, true)]
    [InlineData("ldap", RunJob.CheckStep, true)]
    [InlineData("csv", RunJob.CopyStep, true)]
    [InlineData("entra", "the manifest", false)]
    [InlineData("load-file", RunJob.CheckStep, false)]
    public async Task A_source_that_is_too_slow_is_named_where_there_is_one(string provider, string step, bool isNamed)
    {
        var point = new IntegrationPoint { Id = "p", Name = "P", Workspace = "w", Source = new ProviderSettings(provider, default) };
        var job = new Job { Id = "j", Point = point, Trigger = "user", StartedBy = "me", StartedUtc = DateTimeOffset.UnixEpoch };
        var problem = await FailedSteps.ProblemAsync(null!, job, new JobEnd("j") { FailedStep = step }, TestContext.Current.CancellationToken);
        Assert.Equal("batch-failed", problem!.Code);
        Assert.StartsWith($"The job was given up at {step}: it failed in each of 5 attempts, as happens when {(isNamed ? "the server or directory that is the source is too slow" : "storage cannot be reached")}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("429", problem.Message, StringComparison.Ordinal);
        Assert.Contains("COSMOS_AUTOSCALE", problem.Message, StringComparison.Ordinal);
        Assert.Contains($". {(isNamed ? "Later" : "When storage can be reached")}, retry the job (ip point retry p --workspace w)", problem.Message, StringComparison.Ordinal);
    }
}
