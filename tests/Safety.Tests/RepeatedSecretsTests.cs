using System.Text.Json.Nodes;
using IntegrationPoints.App.Tests.Http;

namespace IntegrationPoints.Safety.Tests;

/// <summary>A server knows the password that it is sent, and people who see a message of it may not: whatever it says, and when, the password is masked.</summary>
public sealed class RepeatedSecretsTests(OwnApp own) : IClassFixture<OwnApp>
{
    private const string Password = "PLANTED-7c1d";

    /// <summary>The provider, at which step its server repeats the password, with which reply, and as what that is told.</summary>
    public static TheoryData<string, string, int, string> Rows => new()
    {
        { "csv", "PASS", 530, "sign-in-failed" },
        { "csv", "PASS", 421, "connection-failed" },
        { "csv", "PASS", 332, "sign-in-failed" },
        { "csv", "EPSV", 500, "connection-failed" },
        { "csv", "RETR", 550, "file-not-found" },
        { "csv", "RETR", 450, "" },
        { "csv", "RETR", 500, "connection-failed" },
        { "csv", "RETR", 999, "connection-failed" },
        { "ldap", "", 0, "sign-in-failed" },
    };

    [Theory, MemberData(nameof(Rows))]
    public async Task What_a_server_repeats_is_masked(string provider, string step, int reply, string code)
    {
        using var server = new RepeatingServer(provider == "ldap", step, reply);
        Assert.Equal(200, (await own.SetAsync("AllowedHosts", $"localhost:{server.Port}")).Status);
        var api = await Api.NewAsync(own.App);
        var settings = provider == "ldap"
            ? new JsonObject { ["path"] = $"localhost:{server.Port}/dc=x", ["user"] = "cn=hr", ["certificateAuthority"] = server.Pem }
            : new JsonObject { ["host"] = "localhost", ["protocol"] = "ftp", ["port"] = server.Port, ["user"] = "hr", ["path"] = "/people.csv" };
        (settings["password"], settings["timeoutSeconds"]) = (Password, 10);
        var tried = await api.PostAsync($"workspaces/{{ws}}/providers/{provider}/check", new JsonObject { ["settings"] = settings.DeepClone() }.ToJsonString());
        Assert.Equal((400, Password), (tried.Status, server.Heard));
        if (code.Length > 0) Assert.Equal(code, tried.Code);
        Assert.Contains("***", tried.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, tried.Text + string.Join('\n', own.App.Log), StringComparison.Ordinal);
    }
}
