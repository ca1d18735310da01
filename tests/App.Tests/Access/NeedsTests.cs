using System.Reflection;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>No HTTP function forgets to say what it needs, or to ask for it.</summary>
public sealed class NeedsTests(Servers servers)
{
    private static readonly Operation[] InNoWorkspace = [Operation.Anyone, Operation.SignedIn, Operation.AdministerTenant, Operation.ViewFieldCatalog];

    private static IEnumerable<(MethodInfo Method, HttpRoute Trigger)> All => ApiDescription.HttpFunctions(typeof(RunJob).Assembly);

    public static TheoryData<string> Functions => new(All.Select(f => f.Method.Name));

    [Theory, MemberData(nameof(Functions))]
    public void Every_function_says_what_it_needs(string function)
    {
        var (method, trigger) = All.Single(f => f.Method.Name == function);
        var needs = Assert.Single(method.GetCustomAttributes<NeedsAttribute>());
        Assert.Equal(trigger.Route is "health" or "health/live" or "health/ready", needs.Operation == Operation.Anyone);
        // What is in a workspace has its permissions in the workspace; a job and a check are in one.
        var isInWorkspace = trigger.Route.Split('/').Any(part => part is "{workspace}" or "{job}" or "{check}");
        Assert.Equal(isInWorkspace, !InNoWorkspace.Contains(needs.Operation));
        // By this name the middleware looks for what it needs.
        Assert.Equal(function, method.GetCustomAttributesData().Single(a => a.AttributeType.Name == "FunctionAttribute").ConstructorArguments[0].Value);
    }

    public static TheoryData<string, string, string> InWorkspaces => [.. All.Where(f => f.Trigger.Route.Contains("{workspace}", StringComparison.Ordinal))
        .SelectMany(f => f.Trigger.Methods, (f, verb) => (f.Method.Name, verb, f.Trigger.Route))];

    /// <summary>"Workspaces one may not see do not exist (404)": the answer is that about a workspace which is not there, to the byte.</summary>
    [Theory, MemberData(nameof(InWorkspaces))]
    public async Task A_workspace_that_one_does_not_see_does_not_exist(string function, string verb, string route)
    {
        var administrator = await Api.NewAsync(await servers.AppAsync());
        var member = await Member.NewAsync(administrator, Everything.Except([Permission.To(Right.View, SecuredObject.Workspace)]));
        const string Missing = "case-00000000";
        var path = route.Replace("{type}", "Document", StringComparison.Ordinal).Replace("{workspace}", "{ws}", StringComparison.Ordinal);
        var (unseen, missing) = (await AskAsync(member.Api, verb, path), await AskAsync(member.Api, verb, path.Replace("{ws}", Missing, StringComparison.Ordinal)));
        Assert.True(unseen.Status == 404, $"{function}: {unseen.Status} {unseen.Text}");
        Assert.Equal(Plain(missing).Replace(Missing, administrator.Workspace, StringComparison.Ordinal), Plain(unseen));
    }

    public static TheoryData<string, string, string> OfJobs => [.. All.Where(f => f.Trigger.Route.Contains("{job}", StringComparison.Ordinal))
        .SelectMany(f => f.Trigger.Methods, (f, verb) => (f.Method.Name, verb, f.Trigger.Route))];

    /// <summary>Nor do its jobs.</summary>
    [Theory, MemberData(nameof(OfJobs))]
    public async Task A_job_in_a_workspace_that_one_does_not_see_does_not_exist(string function, string verb, string route)
    {
        const string Missing = "0123456789abcdef";
        var quiet = await servers.QuietAsync();
        var member = await Member.NewAsync(new Api(quiet.Import.App, quiet.Import.Workspace), Everything.Except([Permission.To(Right.View, SecuredObject.Workspace)]));
        var (unseen, missing) = (await AskAsync(member.Api, verb, route.Replace("{job}", quiet.Job, StringComparison.Ordinal)), await AskAsync(member.Api, verb, route.Replace("{job}", Missing, StringComparison.Ordinal)));
        Assert.True(unseen.Status == 404, $"{function}: {unseen.Status} {unseen.Text}");
        Assert.Equal(Plain(missing).Replace(Missing, quiet.Job, StringComparison.Ordinal), Plain(unseen));
    }

    public static TheoryData<string, string, string> OfAdministrators => [.. All.Where(f => f.Method.GetCustomAttribute<NeedsAttribute>()!.Operation == Operation.AdministerTenant)
        .SelectMany(f => f.Trigger.Methods, (f, verb) => (f.Method.Name, verb, f.Trigger.Route))];

    [Theory, MemberData(nameof(OfAdministrators))]
    public async Task What_concerns_the_tenant_is_for_administrators(string function, string verb, string route)
    {
        var nobody = new Api(await servers.AppAsync(), "").As(new LocalToken { Name = "jane@example.com", Roles = ["Reader"] });
        var reply = await AskAsync(nobody, verb, route);
        Assert.True((reply.Status, reply.Code) == (403, "missing-permissions"), $"{function}: {reply.Text}");
        Assert.Equal("Only administrators may do this.", Assert.Single(reply.Json["errors"]!.AsArray())!["message"]!.GetValue<string>());
    }

    private static IEnumerable<Permission> Everything => Enum.GetValues<Right>()
        .SelectMany(right => SecuredObject.Reserved.Append("Document").Append("Entity"), (right, name) => Permission.To(right, name))
        .Concat(Enum.GetValues<AdminOperation>().Select(Permission.To));

    private static Task<Reply> AskAsync(Api api, string verb, string route)
        => api.CallAsync(verb.ToUpperInvariant(), route.Replace("{ws}", "\0", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("\0", "{ws}", StringComparison.Ordinal),
            verb is "post" or "put" ? """{"name":"x","integrationPoint":"x"}""" : null);

    private static string Plain(Reply reply) => $"{reply.Status} {reply.Headers.ToString().Split("Date:")[0]} {reply.Text}";
}
