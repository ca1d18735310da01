using System.Reflection;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.LocalHost.Durable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.CodeRules;

/// <summary>Orchestrators keep to their context (design, Rules of orchestration 1), and the check finds those that do not.</summary>
public sealed class OrchestratorRulesTests
{
    public static TheoryData<string> Orchestrators
        => new(OrchestratorRules.Orchestrators(typeof(RunJob).Assembly.GetTypes()).Select(m => m.DeclaringType!.FullName!));

    [Theory, MemberData(nameof(Orchestrators))]
    public void Orchestrators_touch_only_their_context(string type)
    {
        foreach (var method in OrchestratorRules.Orchestrators([typeof(RunJob).Assembly.GetType(type)!])) Assert.Empty(OrchestratorRules.Check(method));
    }

    [Theory]
    [InlineData(nameof(Broken.Clock), "DateTime.get_UtcNow")]
    [InlineData(nameof(Broken.ClockInAClosure), "DateTimeOffset.get_UtcNow")]
    [InlineData(nameof(Broken.Id), "Guid.NewGuid")]
    [InlineData(nameof(Broken.Dice), "Random.")]
    [InlineData(nameof(Broken.Disk), "File.Exists")]
    [InlineData(nameof(Broken.Settings), "Environment.GetEnvironmentVariable")]
    [InlineData(nameof(Broken.Memory), "the static field runs")]
    [InlineData(nameof(Broken.Sleep), "Task.Delay")]
    [InlineData(nameof(Broken.Pool), "Task.Run")]
    [InlineData(nameof(Broken.Configured), "Task`1.ConfigureAwait")]
    [InlineData(nameof(Broken.Logs), "the injected logger Logger")]
    [InlineData(nameof(Broken.InAnotherMethod), "TimeProvider.")]
    public void Each_breach_is_found(string orchestrator, string breach)
    {
        var method = typeof(Broken).GetMethod(orchestrator, BindingFlags.Static | BindingFlags.Public)!;
        Assert.Contains(OrchestratorRules.Check(method), found => found.Contains(breach, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_allowed_is_not_refused() => Assert.Empty(OrchestratorRules.Check(typeof(Broken).GetMethod(nameof(Broken.Fine))!));

#pragma warning disable CA1034, CA1849, CA5394, CA2211 // Broken on purpose.
    public static class Broken
    {
        private static int runs;

        private static readonly ILogger Logger = NullLogger.Instance;

        public static async Task<object> Clock(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("A");
            return DateTime.UtcNow;
        }

        public static async Task<object> ClockInAClosure(TaskOrchestrationContext context)
        {
            var times = Enumerable.Range(0, 3).Select(_ => DateTimeOffset.UtcNow);
            await context.CallActivityAsync("A");
            return times.ToList();
        }

        public static async Task<object> Id(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A", Guid.NewGuid());

        public static async Task<object> Dice(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A", Random.Shared.Next());

        public static async Task<object> Disk(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A", File.Exists("x"));

        public static async Task<object> Settings(TaskOrchestrationContext context)
            => await context.CallActivityAsync<string>("A", Environment.GetEnvironmentVariable("X"));

        public static async Task<object> Memory(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A", runs++);

        public static async Task Sleep(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("A");
            await Task.Delay(5);
        }

        public static async Task Pool(TaskOrchestrationContext context) => await Task.Run(() => context.CallActivityAsync("A"));

        public static async Task<object> Configured(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A").ConfigureAwait(false);

        public static async Task Logs(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("A");
            Logger.LogInformation("ran");
        }

        public static async Task<object> InAnotherMethod(TaskOrchestrationContext context) => await context.CallActivityAsync<string>("A", Now());

        public static async Task<object> Fine(TaskOrchestrationContext context)
        {
            var logger = context.CreateReplaySafeLogger("fine");
            var started = context.CurrentUtcDateTime;
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<int>("A", i)));
            logger.LogInformation("{Count} results", results.Length);
            context.SetCustomStatus($"{results.Sum()} since {started.AddHours(-1)}");
            return results.Where(r => r > 1).ToList();
        }

        private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
    }
#pragma warning restore CA1034, CA1849, CA5394, CA2211
}
