using System.Text.Json.Nodes;
using IntegrationPoints.Engine.Secrets;

namespace IntegrationPoints.Engine.Tests;

/// <summary>Secrets are known by mark, name and look (design, Security: secrets are never in history, logs or errors).</summary>
public sealed class SecretsTests
{
    public static TheoryData<string, bool> Names => new()
    {
        { "password", true }, { "smtpPassword", true }, { "Smtp__Password", true }, { "pass", true }, { "passphrase", true }, { "bindPwd", true },
        { "clientSecret", true }, { "client_secret", true }, { "x-api-key", true }, { "apiKey", true }, { "accountKey", true }, { "privateKey", true }, { "key", true },
        { "accessToken", true }, { "token", true }, { "sas", true }, { "sasUrl", true }, { "sharedAccessSignature", true }, { "connectionString", true },
        { "credentials", true }, { "Authorization", true }, { "hash", true }, { "cookie", true },
        { "name", false }, { "keyField", false }, { "userName", false }, { "file", false }, { "column", false }, { "hashFiles", false }, { "sort", false },
        { "path", false }, { "identifier", false }, { "passengers", false }, { "workspaces", false }, { "authority", false },
    };

    [Theory, MemberData(nameof(Names))]
    public void Members_are_secrets_by_their_names(string name, bool isSecret)
    {
        Assert.Equal(isSecret, SecretMask.IsSecret(name));
        var masked = SecretMask.In(JsonNode.Parse($$$"""{"a":[{"{{{name}}}":"hunter2"},{"{{{name}}}":{"b":"hunter2"}}]}"""), new HashSet<string>())!.ToJsonString();
        Assert.Equal(!isSecret, masked.Contains("hunter2", StringComparison.Ordinal));
        Assert.Contains(name, masked, StringComparison.Ordinal);
    }

    private sealed record Settings
    {
        public string Host { get; init; } = "";

        public Secret? Knock { get; init; }
    }

    [Fact]
    public void Members_are_secrets_by_their_mark()
    {
        var marked = SecretMask.OfTypes([typeof(Settings)]);
        Assert.Equal(["knock"], marked);
        Assert.Equal("""{"provider":"x","settings":{"host":"h","knock":"***"}}""", SecretMask.In(JsonNode.Parse("""{"provider":"x","settings":{"host":"h","knock":"3-2-1"}}"""), marked)!.ToJsonString());
    }

    public static TheoryData<string, string> Texts => new()
    {
        // Azure Storage, shared access signatures and connection strings.
        { "https://a.blob.core.windows.net/c/b.dat?sv=2024&sp=r&sig=abc%2Fdef%3D&se=2026", "https://a.blob.core.windows.net/c/b.dat?sv=2024&sp=r&sig=***&se=2026" },
        { "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9v+/==;EndpointSuffix=core.windows.net", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=***;EndpointSuffix=core.windows.net" },
        { "Server=s;Password=p w;Database=d", "Server=s;Password=***;Database=d" },
        // RFC 3986, 3.2.1.
        { "sftp://jane:hunter2@files.example.com/in", "sftp://***@files.example.com/in" },
        { "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl end", "Bearer *** end" },
        { "key ipk_abcDEF-123_456", "key ***" },
        { "jane@example.com", "jane@example.com" },
        { "See https://example.com/a@b", "See https://example.com/a@b" },
        { "design=modern; signal=loud", "design=modern; signal=loud" },
        { "", "" },
    };

    [Theory, MemberData(nameof(Texts))]
    public void Texts_lose_the_secrets_that_they_carry(string text, string masked)
    {
        Assert.Equal(masked, SecretMask.InText(text));
        Assert.Equal(masked, SecretMask.In(new JsonObject { ["a"] = new JsonArray(text) }, new HashSet<string>())!["a"]![0]!.GetValue<string>());
    }

    /// <summary>What was, what is, and what is shown of it: that a secret is another, and nothing of either.</summary>
    [Theory]
    [InlineData("""{"password":"a"}""", """{"password":"b"}""", """{"password":"*** (changed)"}""")]
    [InlineData("""{"password":"a"}""", """{"password":"a"}""", """{"password":"***"}""")]
    [InlineData("""{"password":null}""", """{"password":"b"}""", """{"password":"***"}""")]
    [InlineData("""{}""", """{"password":"b"}""", """{"password":"***"}""")]
    [InlineData("""{"password":"a"}""", """{"password":null}""", """{"password":null}""")]
    [InlineData("""{"s":{"knock":{"secret":"x-1"},"host":"h"}}""", """{"s":{"knock":{"secret":"x-2"},"host":"h"}}""", """{"s":{"knock":"*** (changed)","host":"h"}}""")]
    [InlineData("""{"s":[1]}""", """{"s":{"knock":{"secret":"x-2"}}}""", """{"s":{"knock":"***"}}""")]
    [InlineData("""[{"password":"a"}]""", """[{"password":"b"}]""", """[{"password":"***"}]""")]
    public void A_secret_that_changed_is_said_to_have_changed(string was, string now, string shown)
        => Assert.Equal(shown, SecretMask.In(JsonNode.Parse(now), SecretMask.OfTypes([typeof(Settings)]), JsonNode.Parse(was))!.ToJsonString());

    [Fact]
    public void What_is_no_secret_stays_as_it_is()
    {
        const string Document = """{"a":null,"b":[1,2.5,true,null,[]],"c":{"d":"e","token":null}}""";
        Assert.Equal(Document, SecretMask.In(JsonNode.Parse(Document), new HashSet<string>())!.ToJsonString());
        Assert.Null(SecretMask.In(null, new HashSet<string>()));
    }

    [Theory]
    [InlineData("eyJ-")]
    [InlineData("sig=")]
    [InlineData("a://b")]
    [InlineData("AccountKey AccountKey")]
    public void Hostile_texts_cost_no_more_than_their_length(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 100_000));
        Assert.True(SecretMask.InText(text).Length <= text.Length);
    }
}
