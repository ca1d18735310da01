using IntegrationPoints.App.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>What is kept of those who save integration points: what the directory said last, and for how long that counts.</summary>
public sealed class PrincipalsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("principals").FullName;
    private readonly SqliteRecords records;
    private readonly Clock clock = new();

    public PrincipalsTests() => records = new SqliteRecords(Path.Combine(folder, "records.db"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await records.EnsureAsync(Stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await records.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Tokens come in any order: an older one, still valid, does not bring back what was taken.</summary>
    [Theory]
    [InlineData("save 0 a", "a", "a token")]
    [InlineData("seen 0 a", "-", "who saves nothing is not kept")]
    [InlineData("save 0 ab; seen 60 a", "a", "a later token takes")]
    [InlineData("save 0 a; seen 60 ab", "ab", "a later token gives")]
    [InlineData("save 60 a; seen 0 ab", "a", "an older token gives nothing back")]
    [InlineData("save 60 a; save 0 ab", "a", "nor when its owner saves a point with it")]
    [InlineData("save 60 a; seen 0 admin", "a", "nor the role of administrators")]
    [InlineData("save 0 a; seen 0 b", "b", "of one second the one that comes later")]
    [InlineData("save 0 a; seen 60 b other", "a", "the name is somebody else's now, who does not get the points of before")]
    [InlineData("save 0 a; save 60 b other", "b", "until that one saves one")]
    public async Task The_last_sign_in_counts(string story, string kept, string why)
    {
        var principals = Principals();
        foreach (var step in story.Split("; ").Select(s => s.Split(' ')))
        {
            var who = Jane(step[2], int.Parse(step[1], null), step is [.., "other"] ? "other" : "jane");
            await (step[0] == "save" ? principals.KeepAsync(who, Stop) : principals.SeenAsync(who, Stop));
        }
        foreach (var reader in (Principals[])[principals, Principals()])
        {
            var found = await reader.FindAsync("JANE", Stop);
            Assert.True((found is null ? "-" : found.IsAdministrator ? "admin" : string.Concat(found.Groups)) == kept, why);
        }
    }

    /// <summary>What was said too long ago counts no more, until somebody signs in again; which need not be to save anything.</summary>
    [Fact]
    public async Task What_the_directory_said_counts_for_some_time()
    {
        var principals = Principals();
        await principals.KeepAsync(Jane("a", 0), Stop);
        foreach (var (day, isOutdated) in new[] { (0, false), (89, false), (91, true), (400, true) })
        {
            clock.Now = Start.AddDays(day);
            Assert.Equal((day, isOutdated), (day, principals.IsOutdated((await principals.FindAsync("jane", Stop))!)));
        }
        await principals.SeenAsync(Jane("a", 400 * 24 * 60), Stop);
        Assert.False(principals.IsOutdated((await principals.FindAsync("jane", Stop))!));
        Assert.False(principals.IsOutdated(new Identity("key:robot") { Key = new ApiKeyScope(["*"], [KeyAction.Run]) }));
    }

    /// <summary>Items of the version before do not say when: they count from the first look on, which is remembered.</summary>
    [Fact]
    public async Task Those_kept_without_a_date_were_here_when_they_are_first_looked_for()
    {
        await new Catalog(records).CreateAsync(Catalog.Tenant, "principal", Identifier.Escape(Identifier.Fold("Jane")), new { name = "Jane", groups = "a", isAdministrator = false }, Stop);
        foreach (var (day, isOutdated) in new[] { (0, false), (89, false), (91, true) })
        {
            clock.Now = Start.AddDays(day);
            var found = await Principals().FindAsync("Jane", Stop);
            Assert.Equal((Start, isOutdated), (found!.IssuedUtc, Principals().IsOutdated(found)));
        }
    }

    private static Identity Jane(string says, int minutes, string id = "jane") => new("Jane")
    {
        ObjectId = id,
        Groups = says == "admin" ? [] : [.. says.Select(c => $"{c}")],
        IsAdministrator = says == "admin",
        IssuedUtc = Start.AddMinutes(minutes),
    };

    private Principals Principals() => new(new Catalog(records), Keys.None, new SignInSettings(), clock);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
