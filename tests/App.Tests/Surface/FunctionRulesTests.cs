using System.Text.Json;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.LocalHost.Durable;
using IntegrationPoints.LocalHost.Worker;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Tests.Surface;

/// <summary>The app's functions keep the rules of the real host, and the rules find what breaks them.</summary>
public sealed class FunctionRulesTests
{
    private static readonly Type[] App = typeof(RunJob).Assembly.GetTypes();

    [Fact]
    public void The_functions_of_the_app_keep_the_rules() => Assert.Empty(FunctionRules.Check(App));

    [Theory]
    [InlineData(typeof(NamedTwice), "Same: the name is used twice")]
    [InlineData(typeof(TwoTriggers), "Two: it has 2 triggers")]
    [InlineData(typeof(Stateful), "Stateful: an orchestrator is static, or its class has no state")]
    [InlineData(typeof(WithHostKey), "WithHostKey: its authorization level is not Anonymous")]
    [InlineData(typeof(OnAdmin), "OnAdmin: its route admin/x begins with admin or runtime")]
    [InlineData(typeof(OddRoute), "Odd: its route a/{x is not valid")]
    [InlineData(typeof(Unbound), "Unbound: its route a/{x} and its parameters differ")]
    [InlineData(typeof(Tuples), "Tuples: its message ValueTuple`2 holds a tuple")]
    [InlineData(typeof(Abstract), "Abstract: its message IDisposable holds the abstract type IDisposable")]
    [InlineData(typeof(Cycle), "Cycle: its message Node contains itself, through Node")]
    public void Each_breach_is_found(Type function, string breach)
        => Assert.Contains(FunctionRules.Check([function]), found => found.StartsWith(breach, StringComparison.Ordinal));

    public static TheoryData<Type> Messages => new([.. FunctionRules.Messages(App), typeof(RunState), typeof(RunProgress)]);

    /// <summary>Every member is set, written and read with the worker's default options, and nothing is lost.</summary>
    [Theory, MemberData(nameof(Messages))]
    public void Messages_between_orchestrators_and_activities_survive_JSON(Type message)
    {
        var full = Filled.Of(message);
        var json = JsonSerializer.Serialize(full, message);
        var read = JsonSerializer.Deserialize(json, message);
        Assert.Equal(json, JsonSerializer.Serialize(read, message));
        Assert.Empty(Filled.Blanks(read, message));
    }

#pragma warning disable CA1034 // Nested so that each stands beside its case.
    public sealed class NamedTwice
    {
        [Function("Same")] public static string One([ActivityTrigger] string input) => input;

        [Function("same")] public static string Two([ActivityTrigger] string input) => input;
    }

    public sealed class TwoTriggers
    {
        [Function("Two")] public static string Run([ActivityTrigger] string input, [TimerTrigger("0 0 * * * *")] TimerInfo timer) => $"{input}{timer}";
    }

    public sealed class Stateful
    {
        private int count;

        [Function("Stateful")] public Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult($"{context}{count++}");
    }

    public sealed class WithHostKey
    {
        [Function("WithHostKey")] public static string Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "x")] HttpRequest request) => $"{request}";
    }

    public sealed class OnAdmin
    {
        [Function("OnAdmin")] public static string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "admin/x")] HttpRequest request) => $"{request}";
    }

    public sealed class OddRoute
    {
        [Function("Odd")] public static string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a/{x")] HttpRequest request) => $"{request}";
    }

    public sealed class Unbound
    {
        [Function("Unbound")] public static string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "a/{x}")] HttpRequest request, string y) => $"{request}{y}";
    }

    public sealed class Tuples
    {
        [Function("Tuples")] public static string Run([ActivityTrigger] (int A, int B) input) => $"{input}";
    }

    public sealed class Abstract
    {
        [Function("Abstract")] public static string Run([ActivityTrigger] IDisposable input) => $"{input}";
    }

    public sealed class Cycle
    {
        [Function("Cycle")] public static string Run([ActivityTrigger] Node input) => $"{input}";
    }

    public sealed record Node(string Name, Node? Next);
#pragma warning restore CA1034
}
