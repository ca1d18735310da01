using IntegrationPoints.App.Access;
using IntegrationPoints.App.Tests.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Storage.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>A sign-in name that the directory gave to another account takes nothing along: no group, no private search, nothing of the audit.</summary>
public sealed class NameOwnersTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Who comes in which order, as name/id, and by which name each goes.</summary>
    [Theory]
    [InlineData("jane/1", "jane")]
    [InlineData("jane/1 jane/1 JANE/1", "jane jane JANE")]
    [InlineData("jane/1 jane/2 jane/1", "jane 2 jane")]
    [InlineData("jane/1 JANE/2", "jane 2")]
    [InlineData("jane/1 doe/1 jane/1", "jane doe jane")]
    [InlineData("jane/AB jane/ab", "jane jane")]
    [InlineData("jane/- jane/1 jane/-", "jane jane jane")]
    [InlineData("saver/2", "2")]
    [InlineData("saver/1", "saver")]
    public async Task A_name_belongs_to_whoever_came_with_it_first(string come, string go)
    {
        var run = $"-{Guid.NewGuid():n}";
        await using var services = (await servers.AppAsync()).Services();
        await services.GetRequiredService<Principals>().KeepAsync(new Identity("saver" + run) { ObjectId = "1" }, Stop);
        var names = services.GetRequiredService<NameOwners>();
        var went = new List<string>();
        foreach (var (name, id) in come.Split(' ').Select(c => c.Split('/')).Select(c => (c[0], c[1])))
        {
            var who = new Identity(name + run) { ObjectId = id == "-" ? null : id };
            var known = await names.NamedAsync(who, Stop);
            // Another instance of the app knows the same.
            Assert.Equal(known, await new NameOwners(services.GetRequiredService<Catalog>(), services.GetRequiredService<Principals>()).NamedAsync(who, Stop));
            Assert.Equal(known.Name == who.Name ? null : who.Name, known.NameOfAnother);
            went.Add(known.Name.Replace(run, "", StringComparison.Ordinal));
        }
        Assert.Equal(go, string.Join(' ', went));
    }

    [Fact]
    public async Task Who_gets_the_name_of_a_leaver_sees_nothing_of_what_was_the_leavers()
    {
        var api = await Api.NewAsync(await servers.AppAsync());
        var name = $"{Guid.NewGuid():n}@example.com";
        var (leaver, heir) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        Api As(string id) => api.As(new LocalToken { Name = name, ObjectId = id, Roles = [] });
        async Task GroupAsync(string group, string member) => Assert.Equal(201, (await api.PostAsync("workspaces/{ws}/groups",
            $$"""{"name":"{{group}}","members":["{{member}}"],"permissions":[{"object":"Workspace","rights":["view"]},{"object":"Search","rights":["view","add"]}]}""")).Status);
        await GroupAsync("By name", name);
        Assert.Equal(201, (await As(leaver).PostAsync("workspaces/{ws}/saved-searches", """{"name":"Mine","private":true,"columns":["Control Number"]}""")).Status);

        var refused = await As(heir).GetAsync("workspaces/{ws}");
        Assert.Equal(404, refused.Status);
        Assert.Contains(heir, refused.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        await GroupAsync("By id", heir);
        Assert.Equal(404, (await As(heir).GetAsync("workspaces/{ws}/saved-searches/Mine")).Status);
        Assert.Equal(200, (await As(leaver).GetAsync("workspaces/{ws}/saved-searches/Mine")).Status);
    }
}
