using IntegrationPoints.App.Secrets;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Secrets that the app is given as settings.</summary>
public sealed class ConfiguredSecretsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ConfiguredSecrets Secrets => new(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Secrets:smith_v_jones_1a2b:hr_pw", "open sesame"), new("Secrets:smith_v_jones_1a2b:blank", "")]).Build());

    [Fact]
    public async Task A_workspace_has_its_own()
    {
        Assert.Equal("open sesame", await Secrets.GetAsync(SecretNames.Of("smith-v-jones-1a2b", "hr-pw"), Stop));
        Assert.Null(await Secrets.GetAsync(SecretNames.Of("smith-v-jones-1a2b", "hr"), Stop));
        Assert.Null(await Secrets.GetAsync(SecretNames.Of("smith-v-jones-1a2b", "blank"), Stop));
        Assert.Null(await Secrets.GetAsync(SecretNames.Of("smith", "v-jones-1a2b--hr-pw"), Stop));
    }

    [Fact]
    public async Task They_are_changed_where_they_are_set()
    {
        Assert.Equal("secrets-read-only", (await Assert.ThrowsAsync<ConfigurationException>(() => Secrets.SetAsync("a", "b", Stop))).Problem.Code);
        Assert.Equal("secrets-read-only", (await Assert.ThrowsAsync<ConfigurationException>(() => Secrets.DeleteAsync("a", Stop))).Problem.Code);
    }
}
