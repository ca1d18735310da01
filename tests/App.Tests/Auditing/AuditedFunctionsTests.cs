using System.Reflection;
using System.Text.RegularExpressions;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Triggers;
using IntegrationPoints.Providers.Export;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>Whatever changes, starts or hands out something is audited: a function that is missing fails here.</summary>
public sealed partial class AuditedFunctionsTests
{
    // What these hand out are records, images and addresses of files.
    private static readonly Type[] HandedOut =
        [typeof(Listing<RecordView>), typeof(RecordView), typeof(FoundRecords), typeof(Listing<DocumentImagesView>), typeof(Listing<OutputFile>)];

    public static TheoryData<string> Functions => new(All().Select(f => f.Method.Name));

    [Theory, MemberData(nameof(Functions))]
    public void A_function_that_changes_starts_or_hands_out_something_is_audited(string name)
    {
        var (method, trigger) = All().Single(f => f.Method.Name == name);
        var says = method.GetCustomAttribute<OperationAttribute>()!;
        var changes = trigger.Methods.Any(m => m != "get");
        var handsOut = says.File is not null || HandedOut.Contains(says.Answer);
        Assert.Equal(changes || handsOut, AuditedFunctions.All.TryGetValue(name, out var audited));
        if (audited is null) return;
        Assert.Equal(changes, audited.Changes);
        Assert.Matches(KebabCase(), audited.Action);
        Assert.True(audited.Id is null || trigger.Route.Contains($"{{{audited.Id}}}", StringComparison.Ordinal), $"The route of {name} has no {audited.Id}.");
        Assert.DoesNotContain(OpenRoutes.All, open => open == trigger.Route);
    }

    [Fact]
    public void Nothing_is_listed_that_is_no_function() => Assert.Empty(AuditedFunctions.All.Keys.Except(All().Select(f => f.Method.Name)));

    private static IEnumerable<(MethodInfo Method, HttpRoute Trigger)> All() => ApiDescription.HttpFunctions(typeof(RunJob).Assembly);

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();
}
