using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.App.Tests.Access;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>Nobody gets past the sign-in without proving who asks; only the health of the app is for everybody.</summary>
public sealed class SignInTests(Servers servers)
{
    public static TheoryData<string, string> Functions => [.. ApiDescription.HttpFunctions(typeof(RunJob).Assembly)
        .SelectMany(f => f.Trigger.Methods, (f, verb) => (verb, f.Trigger.Route))];

    /// <summary>Issue E: no anonymous endpoint but health.</summary>
    [Theory, MemberData(nameof(Functions))]
    public async Task Every_endpoint_but_health_wants_to_know_who_asks(string verb, string route)
    {
        var nobody = new Api(await servers.AppAsync(), "").As("");
        var reply = await nobody.CallAsync(verb.ToUpperInvariant(), route.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
        if (route is "health" or "health/live" or "health/ready")
        {
            Assert.Equal(200, reply.Status);
            return;
        }
        Assert.Equal((401, "sign-in-required"), (reply.Status, reply.Code));
        Assert.Equal("Bearer realm=\"integration-points\"", reply.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task The_job_history_shows_who_signed_in()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var jane = api.As(new LocalToken { Name = "jane@example.com" });
        var point = await jane.PointAsync();
        var run = await jane.PostAsync($"workspaces/{{ws}}/integration-points/{point}/run");
        Assert.Equal(202, run.Status);
        var job = await api.GetAsync($"jobs/{run.Json["jobId"]}");
        Assert.Contains("jane@example.com", job.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_and_a_machine_sign_in_to_one_app()
    {
        await using var authority = await Authority.StartAsync();
        await using var app = await servers.NewAppAsync(("Auth:TenantId", Authority.Tenant), ("Auth:Audience", Forged.Audience), ("Auth:Authority", authority.Address));
        var jane = new Api(app, "").As($"Bearer {new Forged(authority).With(("roles", new[] { LocalToken.Administrator })).Signed()}");
        Assert.Equal(200, (await jane.GetAsync("workspaces")).Status);
        Assert.Equal(200, (await new Api(app, "").GetAsync("workspaces")).Status);
        foreach (var wrong in (string[])[$"Bearer {new Forged(authority).With(("nbf", 1), ("exp", 2)).Signed()}", "Bearer " + new string('x', 20_000), "Bearer x", "Basic YTpi"])
        {
            var reply = await new Api(app, "").As(wrong).GetAsync("workspaces");
            Assert.Equal((401, "sign-in-required"), (reply.Status, reply.Code));
        }
        // Nothing of a token is in the log.
        Assert.DoesNotContain(app.Log, line => line.Contains("eyJ", StringComparison.Ordinal) || line.Contains("xxxx", StringComparison.Ordinal));
        Assert.Contains(app.Log, line => line.Contains("Nobody signed in: SecurityTokenExpiredException", StringComparison.Ordinal));
    }
}
