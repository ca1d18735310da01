using IntegrationPoints.Engine.Access;
using IntegrationPoints.Storage.Catalog;
using IntegrationPoints.Storage.Tests.Records;

namespace IntegrationPoints.Storage.Tests.Catalog;

/// <summary>What is remembered of groups, and for how long: a change counts at once where it was made, and elsewhere within seconds.</summary>
public sealed class GroupsTests : IAsyncDisposable
{
    private readonly SqliteFile file = new();
    private readonly Clock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => file.DisposeAsync();

    [Fact]
    public async Task A_change_counts_at_once_where_it_was_made_and_elsewhere_after_ten_seconds()
    {
        var (here, there) = (await CatalogAsync(), await CatalogAsync());
        Assert.Empty(await here.OfAsync("case", Stop));
        Assert.Empty(await there.OfAsync("case", Stop));
        var etag = await here.TrySetAsync("case", [Group("One")], "", Stop);
        Assert.Equal(["One"], await NamesAsync(here));
        clock.Now += GroupCatalog.Remembered - TimeSpan.FromSeconds(1);
        Assert.Empty(await NamesAsync(there));
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(["One"], await NamesAsync(there));

        // Taken away: the same.
        Assert.NotNull(await here.TrySetAsync("case", [], etag!, Stop));
        Assert.Empty(await NamesAsync(here));
        Assert.Equal(["One"], await NamesAsync(there));
        clock.Now += GroupCatalog.Remembered;
        Assert.Empty(await NamesAsync(there));
    }

    [Fact]
    public async Task Of_two_changes_of_the_same_version_one_counts()
    {
        var groups = await CatalogAsync();
        Assert.Equal(new Versioned<IReadOnlyList<AccessGroup>>([], ""), await groups.NowAsync("case", Stop));
        Assert.NotNull(await groups.TrySetAsync("case", [Group("One")], "", Stop));
        Assert.Null(await groups.TrySetAsync("case", [Group("Two")], "", Stop));
        var (_, version) = await groups.NowAsync("case", Stop);
        Assert.NotNull(await groups.TrySetAsync("case", [Group("Three")], version, Stop));
        Assert.Null(await groups.TrySetAsync("case", [Group("Four")], version, Stop));
        Assert.Equal(["Three"], await NamesAsync(groups));
    }

    [Fact]
    public async Task Groups_are_those_of_their_workspace_and_go_with_it()
    {
        var catalog = new Storage.Catalog.Catalog(await file.OpenAsync());
        var groups = new GroupCatalog(catalog, clock);
        var workspaces = new WorkspaceCatalog(catalog, await file.OpenAsync(), clock);
        var (one, other) = (await workspaces.CreateAsync("One", Stop), await workspaces.CreateAsync("Other", Stop));
        await groups.TrySetAsync(one.Id, [Group("One")], "", Stop);
        Assert.Empty(await groups.OfAsync(other.Id, Stop));
        await workspaces.DeleteAsync(one, Stop);
        clock.Now += GroupCatalog.Remembered;
        Assert.Empty(await groups.OfAsync(one.Id, Stop));
    }

    private async Task<GroupCatalog> CatalogAsync() => new(new Storage.Catalog.Catalog(await file.OpenAsync()), clock);

    private static async Task<IEnumerable<string>> NamesAsync(GroupCatalog groups) => (await groups.OfAsync("case", Stop)).Select(g => g.Name);

    private static AccessGroup Group(string name) => new() { Name = name };

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
