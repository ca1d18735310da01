using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Storage.Tests.Secrets;

/// <summary>Secrets in Azure Key Vault.</summary>
public sealed class VaultSecretsTests : SecretStoreTests, IDisposable
{
    private readonly VaultLookAlike vault = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected override ISecrets Open() => vault.Open();

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task The_token_is_for_what_the_challenge_names()
    {
        await Open().SetAsync("a--b", "value", Stop);
        Assert.Equal(["https://vault.azure.net/.default"], vault.Scopes);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_vault_is_asked_again(int status)
    {
        var secrets = Open();
        for (var i = 0; i < 3; i++) vault.Failures.Enqueue(status);
        await secrets.SetAsync("a--b", "value", Stop);
        Assert.Equal("value", await secrets.GetAsync("a--b", Stop));
        Assert.Equal(4, vault.Requests.Count(r => r == "PUT /secrets/a--b"));
    }

    [Fact]
    public async Task A_vault_that_lets_nobody_in_is_told_in_words()
    {
        var secrets = Open();
        foreach (var attempt in (Func<Task>[])[() => secrets.GetAsync("a--b", Stop), () => secrets.SetAsync("a--b", "PLANTED", Stop), () => secrets.DeleteAsync("a--b", Stop)])
        {
            vault.Failures.Enqueue(403);
            var problem = (await Assert.ThrowsAsync<ConfigurationException>(attempt)).Problem;
            Assert.Equal("secrets-refused", problem.Code);
            Assert.Contains("Key Vault Secrets Officer", problem.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("PLANTED", problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Secrets_of_others_are_not_listed()
    {
        vault.Plant("smtp-password", "theirs");
        vault.Plant("Section--Key", "theirs");
        await Open().SetAsync("a--b", "ours", Stop);
        Assert.Equal(["a--b"], await Open().NamesAsync(Stop).ToListAsync(Stop));
    }
}
