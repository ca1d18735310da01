using System.Text.Json;

namespace IntegrationPoints.Cli.Tests;

/// <summary>Who asks, as the command line proves it: by itself on this machine, with a token or key elsewhere; and what it says when that will not do.</summary>
[Collection("app")]
public sealed class SignInTests(RunningApp app)
{
    [Fact]
    public async Task A_token_of_this_machine_lets_in_whom_it_names()
    {
        var token = await app.JsonAsync("dev", "token", "--as", "jane", "--group", "g1", "--group", "g2", "--role", "none", "--minutes", "5");
        Assert.Equal(("jane", """["g1","g2"]""", "[]"), (token.GetProperty("name").GetString(), token.GetProperty("groups").GetRawText(), token.GetProperty("roles").GetRawText()));
        var plain = await app.IpAsync("dev", "token");
        Assert.Equal(3, plain.Out.Trim().Split('.').Length);
        Assert.Equal(0, (await WithAsync("IP_TOKEN", plain.Out.Trim(), "workspace", "list")).ExitCode);

        // Jane is no administrator.
        var refused = await WithAsync("IP_TOKEN", token.GetProperty("token").GetString()!, "workspace", "create", "Jane's");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("You do not have sufficient permissions. Please contact your system administrator.", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1441")]
    [InlineData("soon")]
    public async Task A_token_is_for_a_day_at_most(string minutes) => Assert.Equal(64, (await app.IpAsync("dev", "token", "--minutes", minutes)).ExitCode);

    [Fact]
    public async Task The_key_of_this_machine_is_its_users_alone()
    {
        var key = Path.Combine(app.Local, "signing-key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        var run = await IpProgram.RunAsync(["workspace", "list", "--url", await UrlAsync()], null, ("IP_LOCAL", Path.Combine(app.Local, "none")), ("IP_SIGNING_KEY_FILE", key));
        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public async Task Whoever_is_not_known_is_told_what_to_set()
    {
        var nobody = await IpProgram.RunAsync(["workspace", "list", "--url", await UrlAsync()], null, ("IP_LOCAL", Path.Combine(app.Local, "none")));
        Assert.Equal(2, nobody.ExitCode);
        Assert.Contains("The app does not know who asks.", nobody.Error, StringComparison.Ordinal);
        foreach (var variable in (string[])["IP_TOKEN", "IP_API_KEY"])
        {
            var wrong = await WithAsync(variable, "wrong", "workspace", "list");
            Assert.Equal(2, wrong.ExitCode);
            Assert.Contains($"does not take what {variable} holds", wrong.Error, StringComparison.Ordinal);
            Assert.Contains("az account get-access-token --resource", wrong.Error, StringComparison.Ordinal);
            Assert.Contains("ip key create", wrong.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Tokens end after an hour or so, and an import may take longer: what is sent with the token that ended is sent again with the next.</summary>
    [Fact]
    public async Task A_token_that_has_ended_is_renewed_by_the_command_that_wrote_it()
    {
        var runs = Path.GetTempFileName();
        var token = (await app.IpAsync("dev", "token")).Out.Trim();
        var made = await WithAsync("IP_TOKEN_COMMAND", $"echo >> '{runs}'; [ $(wc -l < '{runs}') = 1 ] && echo ended || echo {token}", "workspace", "create", "Long import", "--output", "json");
        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Equal(2, File.ReadLines(runs).Count());
        File.Delete(runs);
    }

    [Theory]
    [InlineData("echo wrong", "does not take what IP_TOKEN_COMMAND wrote")]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("true", "did not write one token")]
    [InlineData("echo '{ \"accessToken\": \"x\" }'", "--query accessToken")]
    public async Task A_command_that_writes_no_token_is_told_of(string command, string said)
    {
        var run = await WithAsync("IP_TOKEN_COMMAND", command, "workspace", "list");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_is_sent_where_others_can_read_it()
    {
        var run = await WithAsync("IP_TOKEN", "secret", "workspace", "list", "--url", "http://192.0.2.1/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is not encrypted", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_key_is_made_used_listed_and_revoked()
    {
        var workspace = await app.WorkspaceAsync("Keys");
        var name = $"robot {Guid.NewGuid():n}";
        var made = await app.IpAsync("key", "create", name, "--workspace", workspace, "--action", "view", "--action", "run", "--days", "7");
        Assert.True(made.ExitCode == 0, made.Error);
        var key = made.Out.Trim();
        Assert.StartsWith("ipk_", key, StringComparison.Ordinal);
        Assert.Contains("It is not shown again", made.Error, StringComparison.Ordinal);
        Assert.Contains(workspace, (await WithAsync("IP_API_KEY", key, "workspace", "list", "--output", "json")).Out, StringComparison.Ordinal);

        var listed = (await app.LinesAsync("key", "list")).Single(line => line.GetProperty("name").GetString() == name);
        Assert.Equal("valid", listed.GetProperty("status").GetString());
        Assert.DoesNotContain(key[21..], listed.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("revoked", (await app.JsonAsync("key", "revoke", listed.GetProperty("id").GetString()!)).GetProperty("status").GetString());
        Assert.Equal(2, (await WithAsync("IP_API_KEY", key, "workspace", "list")).ExitCode);
    }

    [Theory]
    [InlineData("key", "create", "x", "--action", "view")]
    [InlineData("key", "create", "x", "--workspace", "w")]
    [InlineData("key", "create", "x", "--workspace", "w", "--action", "all")]
    [InlineData("key", "create", "x", "--workspace", "w", "--all-workspaces", "--action", "view")]
    public async Task A_key_without_limits_is_not_asked_for(params string[] arguments) => Assert.Equal(64, (await app.IpAsync(arguments)).ExitCode);

    private Task<IpRun> WithAsync(string variable, string value, params string[] arguments) => IpProgram.RunAsync(arguments, null, ("IP_LOCAL", app.Local), (variable, value));

    private async Task<string> UrlAsync() => JsonSerializer.Deserialize<JsonElement>((await app.IpAsync("dev", "status", "--output", "json")).Out).GetProperty("url").GetString()!;
}
