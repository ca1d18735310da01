using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.Auditing;

/// <summary>What somebody is refused does not fill the audit: the first of a time are entered each, the others together.</summary>
public sealed class RefusalsTests(Servers servers)
{
    private readonly string caller = $"{Guid.NewGuid():n}@example.com";
    private readonly Clock clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_are_entered_each_and_the_others_together_when_the_time_is_over()
    {
        var tables = (await servers.AppAsync()).Tables;
        using var refusals = new Refusals(new AuditTrail(tables, clock, NullLogger<AuditTrail>.Instance), clock);
        for (var i = 0; i < Refusals.MostEach + 7; i++)
        {
            await refusals.WriteAsync(Refused($"action-{i}"));
            clock.Now += TimeSpan.FromSeconds(1);
        }
        // Somebody else, and the same one in a workspace, are not kept from being entered.
        await refusals.WriteAsync(Refused("another") with { Who = caller + "2" });
        await refusals.WriteAsync(Refused("there") with { Workspace = $"case-{caller}" });
        var each = await OfAsync(tables);
        Assert.Equal(Enumerable.Range(0, Refusals.MostEach).Select(i => $"action-{i} ").Append("there "), each);
        await refusals.EnterAsync();
        Assert.Equal(each, await OfAsync(tables));

        clock.Now += Refusals.Window;
        await refusals.EnterAsync();
        await refusals.EnterAsync();
        Assert.Equal([.. each, """refused {"refusals":7,"fromUtc":"2030-01-01T00:00:20+00:00","toUtc":"2030-01-01T00:00:26+00:00"}"""], (await OfAsync(tables)).OrderBy(t => t.StartsWith("refused", StringComparison.Ordinal)));
        await refusals.WriteAsync(Refused("later"));
        Assert.Equal(each.Count + 2, (await OfAsync(tables)).Count);
    }

    /// <summary>Also by the next refusal, before the minute comes, and when the app is stopped.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_counted_is_not_forgotten(bool isStopped)
    {
        var tables = (await servers.AppAsync()).Tables;
        using var refusals = new Refusals(new AuditTrail(tables, clock, NullLogger<AuditTrail>.Instance), clock);
        for (var i = 0; i < Refusals.MostEach + 1; i++) await refusals.WriteAsync(Refused("x"));
        if (isStopped)
        {
            await refusals.StopAsync(Stop);
        }
        else
        {
            clock.Now += Refusals.Window;
            await refusals.WriteAsync(Refused("x"));
        }
        Assert.StartsWith("""refused {"refusals":1,""", Assert.Single(await OfAsync(tables), t => t.StartsWith("refused", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private AuditEntry Refused(string action) => new()
    {
        Id = $"{Guid.NewGuid():n}",
        TimeUtc = clock.Now,
        Who = caller,
        Action = action,
        Outcome = AuditOutcome.Refused,
        Code = "missing-permissions",
    };

    // Oldest first.
    private async Task<List<string>> OfAsync(JobTables tables)
        => [.. (await tables.Audit.ListAsync(null, new AuditQuery(1000) { Where = e => e.Who == caller }, Stop)).Items.Reverse().Select(e => $"{e.Action} {e.After}")];

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
