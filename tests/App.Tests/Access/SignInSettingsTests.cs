using System.Security.Cryptography;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace IntegrationPoints.App.Tests.Access;

/// <summary>Settings that let nobody in, or those whom they must not, keep the app from starting; and the tokens of a developer's machine.</summary>
public sealed class SignInSettingsTests(Servers servers)
{
    private const string Tenant = Authority.Tenant;

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "", "Set Auth__TenantId and Auth__Audience")]
    [InlineData(true, "", "Set Auth__TenantId and Auth__Audience")]
    [InlineData(true, "LocalKeyFile=key", "Remove the setting")]
    [InlineData(true, "LocalKeyFile=key|TenantId=" + Tenant + "|Audience=app", "Remove the setting")]
    [InlineData(false, "TenantId=" + Tenant, "Auth__TenantId is set without Auth__Audience")]
    [InlineData(false, "TenantId=" + Tenant + "|Audience= , ", "Auth__TenantId is set without Auth__Audience")]
    [InlineData(false, "TenantId=common|Audience=app", "not the id of one tenant")]
    [InlineData(false, "TenantId=organizations|Audience=app", "not the id of one tenant")]
    [InlineData(false, "TenantId=example.onmicrosoft.com|Audience=app", "not the id of one tenant")]
    [InlineData(false, "TenantId=00000000-0000-0000-0000-000000000000|Audience=app", "not the id of one tenant")]
    [InlineData(false, "TenantId=" + Tenant + "|Audience=app|Authority=login", "Auth__Authority is not an address")]
    [InlineData(false, "TenantId=" + Tenant + "|Audience=app|Authority=http://login.example.com/", "Auth__Authority is not an address")]
    [InlineData(true, "TenantId=" + Tenant + "|Audience=app|Authority=http://127.0.0.1:1/", "Auth__Authority is not an address")]
    [InlineData(true, "TenantId=" + Tenant + "|Audience=app|Authority=file:///etc/", "Auth__Authority is not an address")]
    [InlineData(false, "LocalKeyFile=key|SaverDays=0", "Auth__SaverDays is not a number of days")]
    [InlineData(false, "LocalKeyFile=key|SaverDays=0.25", "Auth__SaverDays is not a number of days")]
    [InlineData(false, "LocalKeyFile=key|SaverDays=5000", "Auth__SaverDays is not a number of days")]
    public void What_is_wrong_with_the_settings_is_said(bool onAzure, string settings, string said)
        => Assert.Contains(said, Assert.Throws<InvalidOperationException>(() => SignInSettings.From(Configuration(settings), onAzure)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true, "TenantId=" + Tenant + "|Audience=api://x, y", "https://login.microsoftonline.com/", "api://x+y")]
    [InlineData(true, "TenantId=" + Tenant + "|Audience=x|Authority=https://login.microsoftonline.us", "https://login.microsoftonline.us/", "x")]
    [InlineData(false, "LocalKeyFile=key|Authority=http://localhost:99", "http://localhost:99/", "")]
    public void Right_settings_are_read(bool onAzure, string settings, string authority, string audiences)
    {
        var read = SignInSettings.From(Configuration(settings), onAzure);
        Assert.Equal((authority, audiences), (read.Authority.ToString(), string.Join('+', read.Audiences)));
    }

    [Fact]
    public async Task The_app_ends_and_says_what_to_set()
    {
        await using var app = (await servers.AppAsync()).Another();
        app.Set(("Auth:LocalKeyFile", ""));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(app.StartAsync);
        Assert.Contains("Nobody could sign in. Set Auth__TenantId and Auth__Audience", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not Base64!")]
    public void A_file_without_a_key_is_refused(string? content)
    {
        var file = Path.GetTempFileName();
        if (content is null) File.Delete(file);
        else File.WriteAllText(file, content);
        Assert.Contains("does not hold a key", Assert.Throws<InvalidOperationException>(() => new LocalTokens(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_token_of_this_machine_says_who_asks()
    {
        var token = new LocalToken { Name = "Jane", ObjectId = "1", Groups = ["a", "b"], Roles = [] };
        var jane = await Local().CallerAsync(Request(token.Sign(Key, DateTimeOffset.UtcNow)), Stop);
        Assert.Equal(("Jane", "1", "a+b", false), (jane.Name, jane.ObjectId, string.Join('+', jane.Groups), jane.IsAdministrator));
        var user = await Local().CallerAsync(Request(new LocalToken().Sign(Key, DateTimeOffset.UtcNow)), Stop);
        Assert.Equal((Environment.UserName, null, 0, true), (user.Name, user.ObjectId, user.Groups.Count, user.IsAdministrator));
    }

    [Fact]
    public async Task Other_tokens_of_this_machine_let_nobody_in()
    {
        var now = DateTimeOffset.UtcNow;
        var right = new LocalToken().Sign(Key, now).Split('.');
        string[] wrong =
        [
            new LocalToken().Sign(RandomNumberGenerator.GetBytes(32), now),
            new LocalToken().Sign(Key, now.AddHours(-1)),
            new LocalToken().Sign(Key, now.AddHours(1)),
            new LocalToken { Name = "" }.Sign(Key, now),
            new LocalToken { Name = "key:robot" }.Sign(Key, now),
            $"{Forged.Part(new { alg = "none" })}.{right[1]}.",
            $"{right[0]}.{Forged.Part(new { iss = "ip-local", aud = "integration-points-local", name = "Jane", exp = now.AddHours(1).ToUnixTimeSeconds() })}.{right[2]}",
            $"{right[0]}.{right[1]}.",
        ];
        foreach (var token in wrong) Assert.Equal(401, (await Assert.ThrowsAsync<RefusedException>(() => Local().CallerAsync(Request(token), Stop))).Status);
    }

    private static SignIn Local()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Convert.ToBase64String(Key));
        var signIn = new SignIn(new SignInSettings { LocalKeyFile = file }, Keys.None, NullLoggerFactory.Instance);
        File.Delete(file);
        return signIn;
    }

    private static DefaultHttpContext Request(string token) => new() { Request = { Headers = { Authorization = $"Bearer {token}" } } };

    private static IConfiguration Configuration(string settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create($"Auth:{s[0]}", (string?)s[1]))).Build();
}
