using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests;

/// <summary>Settings that choose no record store, or cannot be read, keep the app from starting.</summary>
public sealed class StoreSettingsTests
{
    [Theory]
    [InlineData(true, "", "Records__Cosmos__Endpoint is not set, but the app runs on Azure")]
    [InlineData(true, "Cosmos:Endpoint= ", "Records__Cosmos__Endpoint is not set, but the app runs on Azure")]
    [InlineData(true, "Sqlite=records.db", "Records__Cosmos__Endpoint is not set, but the app runs on Azure")]
    [InlineData(false, "Cosmos:Endpoint=https://cosmos.example.com/|Cosmos:Mode=Https", "can be Direct or Gateway")]
    public void What_is_wrong_with_the_settings_is_said(bool onAzure, string settings, string said)
        => Assert.Contains(said, Assert.ThrowsAny<Exception>(() => new StoreSettings(Configuration(settings), onAzure)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "Cosmos:Endpoint=https://cosmos.example.com/")]
    [InlineData(false, "Cosmos:Endpoint=https://cosmos.example.com/|Cosmos:Mode=gateway")]
    [InlineData(false, "")]
    public void Right_settings_are_read(bool onAzure, string settings) => Assert.Null(Record.Exception(() => new StoreSettings(Configuration(settings), onAzure)));

    private static IConfiguration Configuration(string settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create($"Records:{s[0]}", (string?)s[1]))).Build();
}
