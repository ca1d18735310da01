using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Engine.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace IntegrationPoints.App.Tests.Secrets;

/// <summary>The app is not ready without its secrets, and asks for that once in a while, however often it is asked itself.</summary>
public sealed class SecretHealthTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_that_are_away_are_named_until_they_are_back()
    {
        await using var services = (await servers.AppAsync()).Services();
        var (vault, clock) = (new Vault(), new Clock());
        var health = ActivatorUtilities.CreateInstance<StoreHealth>(services, new SecretHealth(vault, clock));
        foreach (var (isAway, later, away, asked) in new[]
        {
            (false, TimeSpan.Zero, "", 1),
            (true, TimeSpan.Zero, "", 1),
            (true, SecretHealth.Stands, "the secrets", 2),
            (false, TimeSpan.Zero, "the secrets", 2),
            (false, SecretHealth.Stands, "", 3),
        })
        {
            vault.IsAway = isAway;
            clock.Later += later;
            Assert.Equal((away, asked), (string.Join('+', await health.AwayAsync(Stop)), vault.Asked));
        }
    }

    private sealed class Vault : ISecrets
    {
        public bool IsAway { get; set; }

        public int Asked { get; private set; }

        public Task<string?> GetAsync(string name, CancellationToken cancellationToken)
        {
            Asked++;
            return IsAway ? Task.FromException<string?>(new HttpRequestException()) : Task.FromResult<string?>(null);
        }

        public Task SetAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> NamesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Later;
    }
}
