using System.Text.Json;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Somebody who may do exactly what one group of the workspace lets its members do.</summary>
/// <param name="administrator">Who made the workspace.</param>
internal sealed class Member(Api administrator)
{
    private const string Groups = "workspaces/{ws}/groups";

    private readonly string group = $"Group {Guid.NewGuid():n}";

    /// <summary>The sign-in name.</summary>
    public string Name { get; } = $"{Guid.NewGuid():n}@example.com";

    /// <summary>The workspace as the member has it.</summary>
    public Api Api => administrator.As(new LocalToken { Name = Name, Roles = [] });

    /// <summary>Somebody who may do nothing but what is said.</summary>
    public static async Task<Member> NewAsync(Api administrator, IEnumerable<Permission> permissions)
    {
        var member = new Member(administrator);
        var made = await administrator.PostAsync(Groups, member.Body(permissions));
        Assert.True(made.Status == 201, made.Text);
        return member;
    }

    /// <summary>From now on this, and nothing else.</summary>
    public async Task MayAsync(IEnumerable<Permission> permissions)
    {
        var changed = await administrator.CallAsync("PUT", $"{Groups}/{group}", Body(permissions), ("If-Match", "*"));
        Assert.True(changed.Status == 200, changed.Text);
    }

    private string Body(IEnumerable<Permission> permissions) => JsonSerializer.Serialize(new
    {
        name = group,
        members = (string[])[Name],
        permissions = permissions.Where(p => p.Right is not null).Select(p => new { @object = p.Object, rights = new[] { p.Right } }),
        operations = permissions.Where(p => p.Right is null).Select(p => p.ToString().Replace(' ', '-').ToLowerInvariant()),
    });
}
