using IntegrationPoints.Cli.Dev;

namespace IntegrationPoints.Cli.Tests;

/// <summary><c>ip dev up --records cosmos</c>: what the environment has to say, and what the app is told.</summary>
public sealed class RecordStoreTests
{
    private const string Emulator = "https://127.0.0.1:8081/", Account = "https://name.documents.azure.com/";

    public static TheoryData<string?, string?, string> Refused => new()
    {
        { null, null, "Set COSMOS_TEST_ENDPOINT to the address" },
        { " ", "key", "Set COSMOS_TEST_ENDPOINT to the address" },
        { "name.documents.azure.com", null, "has to be an address that begins with https://" },
        { "http://127.0.0.1:8081/", "key", "has to be an address that begins with https://" },
        { Emulator, null, "Set COSMOS_TEST_KEY to the key of the emulator" },
        { Emulator, "", "Set COSMOS_TEST_KEY to the key of the emulator" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void An_environment_that_names_no_Cosmos_DB_is_refused_with_what_to_set(string? endpoint, string? key, string words)
        => Assert.Contains(words, Assert.Throws<UsageException>(() => Of(endpoint, key)).Message, StringComparison.Ordinal);

    /// <summary>Keys are for emulators: an account is reached with the identity of whoever started the app.</summary>
    [Theory]
    [InlineData(Emulator, "key", "key")]
    [InlineData(Account, "key", null)]
    [InlineData(Account, null, null)]
    public void The_app_is_told_the_account_and_a_key_only_of_an_emulator(string endpoint, string? key, string? told)
    {
        var store = Of(endpoint, key);
        Assert.Equal((endpoint, told), (store.Settings["Records__Cosmos__Endpoint"], store.Settings.GetValueOrDefault("Records__Cosmos__Key")));
    }

    private static RecordStore Of(string? endpoint, string? key)
        => RecordStore.Of(RecordStore.Cosmos, name => name switch { "COSMOS_TEST_ENDPOINT" => endpoint, "COSMOS_TEST_KEY" => key, _ => null });
}
