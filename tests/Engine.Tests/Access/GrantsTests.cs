using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.Engine.Tests.Access;

/// <summary>What groups give, and what a group may look like.</summary>
public sealed class GrantsTests
{
    private static readonly AccessGroup
        Readers = new() { Name = "Readers", Members = ["jane@example.com", "team-7"], Permissions = [new("Workspace", [Right.View]), new("Document", [Right.View])] },
        Loaders = new() { Name = "Loaders", Members = ["JANE@example.com", "0d9a"], Permissions = [new("document", [Right.Edit])], Operations = [AdminOperation.AllowImport] },
        Odd = new() { Name = "Odd", Members = ["odd"], Permissions = [new("Allow Import", [Right.View, Right.Edit])] };

    /// <summary>Somebody in several groups may do what any of them may; names are compared without regard to case.</summary>
    [Theory]
    [InlineData("Jane@Example.com", "Workspace: View, Document: View, Document: Edit, Allow Import")]
    [InlineData("team-7", "Workspace: View, Document: View")]
    [InlineData("0D9A", "Document: Edit, Allow Import")]
    [InlineData("0D9A team-7", "Workspace: View, Document: View, Document: Edit, Allow Import")]
    [InlineData("odd", "")]
    [InlineData("jane", "")]
    [InlineData("", "")]
    public void The_groups_of_whoever_goes_by_a_name_add_up(string names, string held)
    {
        var grants = Grants.Of([Readers, Loaders, Odd], names.Split(' '));
        Permission[] all = [On("Workspace", Right.View), On("Workspace", Right.Edit), On("Document", Right.View), On("Document", Right.Edit), Permission.To(AdminOperation.AllowImport), Permission.To(AdminOperation.AllowExport)];
        Assert.Equal(held, string.Join(", ", all.Where(grants.Holds)));
        Assert.Equal(all.Where(p => !grants.Holds(p)), grants.Missing(all));
        Assert.Equal(held.Contains("Workspace: View", StringComparison.Ordinal), grants.SeeWorkspace);
    }

    [Fact]
    public void A_group_is_kept_with_each_member_object_and_right_once_and_by_its_own_name()
    {
        var problems = new List<Problem>();
        var clean = GroupRules.Clean(
            new AccessGroup
            {
                Name = "G",
                Members = [" jane ", "JANE", "0d9a"],
                Permissions = [new(" job history ", [Right.Add, Right.View]), new("Job History", [Right.View]), new("WITNESS", [Right.Edit]), new("Folder", [])],
                Operations = [AdminOperation.AllowExport, AdminOperation.AllowExport],
            },
            ["Document", "Witness"], problems);
        Assert.Empty(problems);
        Assert.Equal(["jane", "0d9a"], clean.Members);
        Assert.Equal(["Job History: View+Add", "Witness: Edit"], clean.Permissions.Select(p => $"{p.Object}: {string.Join('+', p.Rights)}"));
        Assert.Equal([AdminOperation.AllowExport], clean.Operations);
    }

    public static TheoryData<AccessGroup, string> Refused => new()
    {
        { new AccessGroup { Name = "G", Members = [" "] }, "invalid-value members" },
        { new AccessGroup { Name = "G", Members = ["a\nb"] }, "invalid-value members" },
        { new AccessGroup { Name = "G", Members = ["Key:nightly"] }, "invalid-value members" },
        { new AccessGroup { Name = "G", Members = [new string('x', 257)] }, "invalid-value members" },
        { new AccessGroup { Name = "G", Members = [.. Enumerable.Range(0, 501).Select(i => $"{i}")] }, "invalid-value members" },
        { new AccessGroup { Name = "G", Permissions = [new("Documents", [Right.View])] }, "object-type-not-found permissions" },
        { new AccessGroup { Name = "G", Permissions = [new("{object type}", [Right.View])] }, "object-type-not-found permissions" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_no_group_may_hold_is_said(AccessGroup sent, string problem)
    {
        var problems = new List<Problem>();
        GroupRules.Clean(sent, ["Document"], problems);
        Assert.Equal([problem], problems.Select(p => $"{p.Code} {p.Field}"));
    }

    private static Permission On(string name, Right right) => Permission.To(right, name);
}
