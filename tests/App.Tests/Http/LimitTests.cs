using System.Globalization;
using System.Net;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.Tests.Running;
using IntegrationPoints.Cli.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>No caller takes the app from all others: so many requests a minute, and 429 with Retry-After beyond them.</summary>
public sealed class LimitTests(Servers servers)
{
    [Fact]
    public async Task Beyond_the_limit_a_caller_is_told_when_to_go_on_and_others_are_not_held_up()
    {
        await using var app = await servers.NewAppAsync(("Limits:RequestsPerMinute", 5));
        var (jane, joe) = (Somebody(app, "jane"), Somebody(app, "joe"));
        for (var i = 0; i < 5; i++) Assert.Equal(200, (await jane.GetAsync("providers")).Status);
        await Until.TrueAsync(async () => (await jane.GetAsync("providers")).Status == 429, TimeSpan.FromMinutes(5), () => "There is no limit.");
        var refused = await jane.GetAsync("providers");
        Assert.Equal((429, "too-many-requests"), (refused.Status, refused.Code));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(200, (await joe.GetAsync("providers")).Status);

        // One of two keys has let somebody in before the flood.
        var (used, unused) = (await KeyAsync(app, "used"), await KeyAsync(app, "unused"));
        Assert.Equal(200, (await WithKeyAsync(app, used)).Status);

        // Those who try out tokens, by their address, wherever they say that they are.
        var stranger = new Api(app, "").As("Bearer x");
        for (var i = 0; i < 4; i++) Assert.Equal(401, (await stranger.GetAsync("providers")).Status);
        await Until.TrueAsync(async () => (await stranger.GetAsync("providers")).Status == 429, TimeSpan.FromMinutes(5), () => "Strangers have no limit.");
        Assert.Equal(429, (await stranger.GetAsync("providers", ("X-Forwarded-For", "198.51.100.7"))).Status);
        Assert.Equal(429, (await new Api(app, "").As("").GetAsync("health")).Status);

        // A key that nobody has come with yet is not even looked up any more; nor is another secret with the id of one that is known.
        Assert.Equal(429, (await WithKeyAsync(app, unused)).Status);
        Assert.Equal(429, (await WithKeyAsync(app, used[..^43] + unused[^43..])).Status);
        Assert.Equal(200, (await WithKeyAsync(app, used)).Status);
        Assert.Equal(200, (await joe.GetAsync("providers")).Status);
    }

    /// <summary>Where the connection shows only the host beside the worker: the address at the end of the header, which Azure adds; of IPv6 the network.</summary>
    [Theory]
    [InlineData(true, "198.51.100.7:1234", "198.51.100.7:4321", true)]
    [InlineData(true, "198.51.100.7:1234", "198.51.100.8:1234", false)]
    [InlineData(true, "203.0.113.1, 198.51.100.7", "203.0.113.2, 198.51.100.7:99", true)]
    [InlineData(true, "[2001:db8:1:2::1]:80", "[2001:db8:1:2:ffff::9]:81", true)]
    [InlineData(true, "2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData(true, "::ffff:198.51.100.7", "198.51.100.7", true)]
    [InlineData(true, "nowhere", "elsewhere", true)]
    [InlineData(false, "198.51.100.7", "198.51.100.8", true)]
    public void Strangers_are_told_apart_by_address(bool onAzure, string first, string second, bool areTheSame)
    {
        using var limits = Limits("1", onAzure);
        limits.CountStranger(From(first));
        if (areTheSame) Assert.Equal(429, Assert.Throws<RefusedException>(() => limits.CountStranger(From(second))).Status);
        else limits.CountStranger(From(second));
    }

    /// <summary>On Azure the worker's web server has taken the caller's address out of the header into the connection: what is left is the caller's to make up.</summary>
    [Theory]
    [InlineData("198.51.100.7", "203.0.113.1", "198.51.100.7", "203.0.113.2", true)]
    [InlineData("198.51.100.7", "203.0.113.1", "198.51.100.8", "203.0.113.1", false)]
    [InlineData("2001:db8:1:2::1", "127.0.0.1", "2001:db8:1:2::9", "", true)]
    [InlineData("::1", "198.51.100.7", "127.0.0.1", "198.51.100.7:99", true)]
    public void What_the_connection_says_goes_before_what_a_caller_can_write(string first, string firstHeader, string second, string secondHeader, bool areTheSame)
    {
        using var limits = Limits("1", onAzure: true);
        limits.CountStranger(From(firstHeader, first));
        if (areTheSame) Assert.Throws<RefusedException>(() => limits.CountStranger(From(secondHeader, second)));
        else limits.CountStranger(From(secondHeader, second));
    }

    [Fact]
    public void Callers_are_told_apart_by_what_they_cannot_choose()
    {
        using var limits = Limits("1", onAzure: true);
        limits.Count(From("198.51.100.7"), new Identity("jane") { ObjectId = "1" });
        Assert.Throws<RefusedException>(() => limits.Count(From("198.51.100.8"), new Identity("renamed") { ObjectId = "1" }));
        limits.Count(From("198.51.100.7"), new Identity("key:jane"));
        limits.CountStranger(From("198.51.100.7"));
    }

    [Theory]
    [InlineData("0", 5000)]
    [InlineData("", 1200)]
    [InlineData("3", 3)]
    public void The_setting_says_how_many(string setting, int allowed)
    {
        using var limits = Limits(setting, onAzure: false);
        for (var i = 0; i < allowed; i++) limits.CountStranger(From(""));
        if (setting != "0") Assert.Contains(allowed.ToString(CultureInfo.InvariantCulture), Assert.Throws<RefusedException>(() => limits.CountStranger(From(""))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public void A_setting_that_is_no_number_is_refused(string setting)
        => Assert.Contains("Limits__RequestsPerMinute", Assert.Throws<InvalidOperationException>(() => Limits(setting, false)).Message, StringComparison.Ordinal);

    private static async Task<string> KeyAsync(AppProcess app, string name)
        => (await Somebody(app, $"owner of {name}").PostAsync("api-keys", $$"""{"name":"{{name}}","workspaces":["*"],"actions":["view"],"expiresUtc":"{{DateTime.UtcNow.AddDays(1):O}}"}""")).Json["key"]!.GetValue<string>();

    private static Task<Reply> WithKeyAsync(AppProcess app, string key) => new Api(app, "").As($"ApiKey {key}").GetAsync("providers");

    private static Api Somebody(AppProcess app, string name) => new Api(app, "").As(new LocalToken { Name = name });

    private static RequestLimits Limits(string setting, bool onAzure) => new(
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Limits:RequestsPerMinute", (string?)setting)]).Build(), onAzure);

    private static DefaultHttpContext From(string forwarded, string connection = "127.0.0.1")
    {
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(connection) } };
        if (forwarded.Length > 0) http.Request.Headers["X-Forwarded-For"] = forwarded;
        return http;
    }
}
