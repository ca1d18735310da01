using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Every endpoint, asked by those who may not, and with the ids of a workspace that is not theirs (issue "Safety tests": no rights, other workspace's id).</summary>
public sealed class AccessAttackTests(Servers servers)
{
    // What everybody who has signed in may ask, and what nobody has to sign in for.
    private static readonly string[] ForAll = ["GET /openapi.json", "GET /providers", "GET /providers/{provider}/schema", "GET /workspaces", "GET /health", "GET /health/live", "GET /health/ready"];

    // What an id of another workspace names; the rest is the same in each (types), or of the whole instance.
    private static readonly string[] Ids = ["point", "profile", "search", "view", "production", "identifier", "job", "check", "verification"];

    public static TheoryData<string> Endpoints => [.. Endpoint.All.Select(e => e.ToString())];

    public static TheoryData<string> WithIds => [.. Endpoint.All.Where(e => e.Parameters.Intersect(Ids).Any()).Select(e => e.ToString())];

    [Theory, MemberData(nameof(Endpoints))]
    public async Task Who_may_nothing_sees_nothing(string operation)
    {
        var target = await SharedTarget.Async(servers);
        var endpoint = Endpoint.Of(operation);
        var nobody = target.Api.As(new LocalToken { Name = "nobody@example.com", Roles = [] });
        var reply = await nobody.CallAsync(endpoint.Method, target.Address(endpoint), target.Body(endpoint), ("If-Match", "*"));
        var findings = new Findings();
        findings.Look(operation, reply);
        findings.AssertNone();
        if (ForAll.Contains(operation)) Assert.Equal((200, false), (reply.Status, reply.Text.Contains(target.Workspace, StringComparison.Ordinal)));
        else if (endpoint.Parameters.Intersect(["workspace", "job", "check"]).Any()) await AssertLikeMissingAsync(target, endpoint, nobody, reply);
        else Assert.Equal((403, "missing-permissions"), (reply.Status, reply.Code));
    }

    [Theory, MemberData(nameof(WithIds))]
    public async Task Who_may_everything_in_one_workspace_reaches_nothing_of_another(string operation)
    {
        var target = await SharedTarget.Async(servers);
        var endpoint = Endpoint.Of(operation);
        var own = await OwnAsync(target.App);
        var reply = await own.CallAsync(
            endpoint.Method, endpoint.Address(p => p == "workspace" ? own.Workspace : Uri.EscapeDataString(target[p])), target.Body(endpoint), ("If-Match", "*"));
        Assert.Equal((404, "not-found"), (reply.Status, reply.Code));
    }

    // The same words as for what is not there, but for its name.
    private static async Task AssertLikeMissingAsync(Target target, Endpoint endpoint, Api nobody, Reply reply)
    {
        Assert.Equal((404, "not-found"), (reply.Status, reply.Code));
        var first = endpoint.Parameters.First();
        var missing = await nobody.CallAsync(
            endpoint.Method, endpoint.Address(p => p == first ? "missing-0" : Uri.EscapeDataString(target[p])), target.Body(endpoint), ("If-Match", "*"));
        Assert.Equal(reply.Text, missing.Text.Replace("missing-0", target[first], StringComparison.Ordinal));
    }

    private static async Task<Api> OwnAsync(AppProcess app)
    {
        var administrator = await Api.NewAsync(app);
        var everything = Enum.GetValues<Operation>().SelectMany(o => AccessTable.Needs(o, new AccessTarget("Document", FromWorkspace: true))).Distinct();
        return (await Member.NewAsync(administrator, everything)).Api;
    }
}
