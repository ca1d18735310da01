namespace IntegrationPoints.Cli.Tests;

/// <summary>Groups of a workspace on the command line, and what their members may do with it.</summary>
[Collection("app")]
public sealed class GroupTests(RunningApp app)
{
    [Fact]
    public async Task A_group_lets_its_members_do_what_it_says_and_no_more()
    {
        var workspace = await app.WorkspaceAsync("Groups");
        var token = (await app.IpAsync("dev", "token", "--as", "jane@example.com", "--role", "none", "--group", "team-7")).Out.Trim();
        Task<IpRun> JaneAsync(params string[] arguments)
            => IpProgram.RunAsync([.. arguments, "--output", "json"], null, ("IP_LOCAL", app.Local), ("IP_TOKEN", token));

        var unseen = await JaneAsync("workspace", "show", workspace);
        Assert.Equal(2, unseen.ExitCode);
        Assert.Contains("There is no workspace", unseen.Error, StringComparison.Ordinal);
        Assert.Contains("only administrators get in", (await app.IpAsync("group", "list", "--workspace", workspace)).Out, StringComparison.Ordinal);

        await app.JsonAsync("group", "create", "Readers", "--workspace", workspace, "--member", "JANE@example.com", "--grant", "workspace=view", "--grant", "Document=all");
        Assert.Equal(0, (await JaneAsync("workspace", "show", workspace)).ExitCode);
        Assert.Equal(0, (await JaneAsync("records", "list", "--workspace", workspace)).ExitCode);
        var refused = await JaneAsync("search", "list", "--workspace", workspace);
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal("You do not have sufficient permissions. Please contact your system administrator.\nSearch: View", refused.Error.Trim().ReplaceLineEndings("\n"));

        var granted = await app.JsonAsync("group", "grant", "readers", "search=view,add", "allow-export", "--workspace", workspace);
        Assert.Equal(["allow-export"], granted.GetProperty("operations").EnumerateArray().Select(o => o.GetString()));
        Assert.Equal(0, (await JaneAsync("search", "list", "--workspace", workspace)).ExitCode);
        await app.JsonAsync("group", "revoke", "Readers", "Search=all", "allow-export", "--workspace", workspace);
        Assert.Equal(2, (await JaneAsync("search", "list", "--workspace", workspace)).ExitCode);
        var listed = (await app.IpAsync("group", "list", "--workspace", workspace)).Out;
        Assert.Matches(@"Readers +JANE@example.com +Workspace=view; +Document=view,edit,add,delete", listed.ReplaceLineEndings(" "));

        // By what they are needed for, as the table says.
        var purpose = await app.JsonAsync("group", "create", "Exporters", "--workspace", workspace, "--for", "run-point", "--for", "view-errors", "--from-workspace");
        Assert.Equal(
            "Workspace=view+edit+add Integration Point=view Job History=view+edit+add Destination Provider=view Source Provider=view Integration Point Type=view "
            + "Document=view+edit+add Search=view+edit+add Job History Error=view",
            string.Join(' ', purpose.GetProperty("permissions").EnumerateArray().Select(p => $"{p.GetProperty("object")}={string.Join('+', p.GetProperty("rights").EnumerateArray())}")));
        Assert.Equal(["allow-import", "allow-export"], purpose.GetProperty("operations").EnumerateArray().Select(o => o.GetString()));
        Assert.Equal(64, (await app.IpAsync("group", "grant", "Exporters", "--workspace", workspace)).ExitCode);
        Assert.Equal(64, (await app.IpAsync("group", "grant", "Exporters", "--workspace", workspace, "--for", "everything")).ExitCode);

        // By a group of the directory as by name.
        await app.JsonAsync("group", "add-member", "Readers", "team-7", "0d9a", "--workspace", workspace);
        var members = await app.JsonAsync("group", "remove-member", "Readers", "jane@example.com", "--workspace", workspace);
        Assert.Equal(["team-7", "0d9a"], members.GetProperty("members").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(0, (await JaneAsync("workspace", "show", workspace)).ExitCode);
        await app.JsonAsync("group", "delete", "Readers", "--workspace", workspace);
        Assert.Equal(2, (await JaneAsync("workspace", "show", workspace)).ExitCode);
        Assert.Equal(2, (await app.IpAsync("group", "show", "Readers", "--workspace", workspace)).ExitCode);
    }

    [Theory]
    [InlineData("Document")]
    [InlineData("Document=own")]
    [InlineData("=view")]
    [InlineData("allow-all")]
    public async Task What_is_no_permission_is_said_before_anything_is_asked(string permission)
    {
        var run = await app.IpAsync("group", "create", "G", "--workspace", "none", "--grant", permission);
        Assert.Equal((64, ""), (run.ExitCode, run.Out));
        Assert.Contains($"{permission} is no permission. Expected OBJECT=RIGHT,… with view, edit, add, delete or all; or one of allow-import, allow-export, manage-object-types.", run.Error, StringComparison.Ordinal);
    }
}
