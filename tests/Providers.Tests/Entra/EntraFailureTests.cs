using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.Tests.Connections;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests.Graph;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.Providers.Tests.Entra;

/// <summary>What goes wrong on the way to a directory, and in which words it is told.</summary>
public sealed class EntraFailureTests(Stores stores, LookAlike lookAlike) : IClassFixture<Stores>, IClassFixture<LookAlike>, IAsyncLifetime
{
    private EntraPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private GraphServer Server => lookAlike.Server;

    public async ValueTask InitializeAsync() => place = await EntraPlace.NewAsync(stores, Server);

    public ValueTask DisposeAsync() => default;

    [Theory]
    [InlineData("secret", "the secret is not right (AADSTS7000215). Give the value of a client secret, not its ID")]
    [InlineData("application", "there is no such application in that directory (AADSTS700016)")]
    [InlineData("directory", "there is no such directory (AADSTS90002). Check the Directory (tenant) ID")]
    [InlineData("7000222", "the secret has expired (AADSTS7000222). An Application Administrator makes a new one")]
    [InlineData("900382", "the directory lies in another cloud")]
    [InlineData("50057", "AADSTS50057")]
    public async Task Who_is_not_let_in_is_told_why(string wrong, string words)
    {
        const string Wrong = "a-wrong-secret-value";
        var settings = wrong switch
        {
            "secret" => place.Settings with { Secret = Secret.Sent(Wrong) },
            "application" => place.Settings with { ApplicationId = EntraPlace.Id(1) },
            "directory" => place.Settings with { DirectoryId = EntraPlace.Id(2) },
            _ => place.Settings,
        };
        if (int.TryParse(wrong, out var code)) Server.SignInError = code;
        var problem = await RefusalAsync(settings, job: "");
        Assert.Equal("sign-in-failed", problem.Code);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{settings.ApplicationId}\"", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Secret, problem.Message, StringComparison.Ordinal);
        // Nobody's account is locked by trying again.
        Assert.Equal(1, Server.SignIns);
        Assert.Empty(Server.Asked);
    }

    /// <summary>Issue: missing consent is explained in words (guide 9.1).</summary>
    [Theory]
    [InlineData("User.Read.All", EntraFilterBy.Users)]
    [InlineData("Group.Read.All", EntraFilterBy.Groups)]
    public async Task Missing_consent_is_told_with_who_has_to_give_it(string consent, EntraFilterBy by)
    {
        Server.Consents.Remove(consent);
        foreach (var job in (string[])["", place.NewJob()])
        {
            var problem = await RefusalAsync(place.Settings with { FilterBy = by }, job);
            Assert.Equal("consent-missing", problem.Code);
            Assert.Contains("User.Read.All, Group.Read.All and Directory.Read.All", problem.Message, StringComparison.Ordinal);
            Assert.Contains("Grant admin consent", problem.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("signIn")]
    [InlineData("graph")]
    public async Task A_host_that_is_not_found_is_named(string which)
    {
        var missing = new Uri("https://graph.example.invalid/");
        place = Elsewhere(which, missing);
        place.Changed = o => o with { Hosts = new OutboundHosts(stores.Instance, (_, _) => throw new SocketException((int)SocketError.HostNotFound)) };
        var problem = await RefusalAsync(place.Settings, place.NewJob());
        Assert.Equal("connection-failed", problem.Code);
        Assert.Contains("\"graph.example.invalid\" was not found", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signIn")]
    [InlineData("graph")]
    public async Task A_port_at_which_nothing_listens_is_told(string which)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = listener.Port();
        listener.Stop();
        await (await Csv.CsvPlace.NewAsync(stores)).AllowAsync(port);
        place = Elsewhere(which, new Uri($"https://127.0.0.1:{port}/"));
        var problem = await RefusalAsync(place.Settings, place.NewJob());
        Assert.Equal("connection-failed", problem.Code);
        Assert.Contains("refuses the connection", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signIn")]
    [InlineData("graph")]
    public async Task What_is_not_public_and_not_opened_is_not_connected_to(string which)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        place = Elsewhere(which, new Uri($"https://127.0.0.1:{listener.Port()}/"));
        Assert.Equal(OutboundHosts.NotAllowed, (await RefusalAsync(place.Settings, place.NewJob())).Code);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_gets_no_secret()
    {
        place = place.At(place.Graph with { Trust = null });
        var problem = await RefusalAsync(place.Settings, place.NewJob());
        Assert.Equal("certificate-not-trusted", problem.Code);
        Assert.Contains("an authority that is not trusted", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, Server.SignIns);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_not_waited_for()
    {
        Server.Disturb = async (_, http) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(5), http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var problem = await RefusalAsync(place.Settings with { TimeoutSeconds = 3 }, job: "");
        Assert.Equal("connection-failed", problem.Code);
        Assert.Contains("gave no answer in 3 seconds", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Issue: the connection is lost half-way.</summary>
    [Theory]
    [InlineData("abort")]
    [InlineData("half")]
    [InlineData("500")]
    public async Task A_page_that_breaks_off_is_asked_for_again_and_half_of_it_is_never_used(string how)
    {
        Server.People = 2500;
        Server.Disturb = (number, http) => BreakAsync(http, number == 2 ? how : "");
        var point = place.Point(place.Settings, "department");
        Assert.Equal(2501, (await place.CopyAsync(point, place.NewJob())).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(4, Server.Asked.Count);

        Server.Disturb = (number, http) => BreakAsync(http, number > 5 ? how : "");
        var job = place.NewJob();
        var problem = await RefusalAsync(place.Settings, job);
        Assert.Equal("connection-failed", problem.Code);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName(job), Stop));
        Assert.Equal(4 + 1 + 3, Server.Asked.Count);
    }

    /// <summary>A token must not follow a link to another server.</summary>
    [Theory]
    [InlineData("https://graph.attacker.example/v1.0/users?$skiptoken=x")]
    [InlineData("https://127.0.0.1:1/v1.0/users?$skiptoken=x")]
    [InlineData("http://127.0.0.1:{port}/v1.0/users?$skiptoken=x")]
    [InlineData("https://me:you@127.0.0.1:{port}/v1.0/users?$skiptoken=x")]
    [InlineData("https://127.0.0.1:{port}/beta/users?$skiptoken=x")]
    [InlineData("https://127.0.0.1:{port}/v1.0/../other")]
    [InlineData("//169.254.169.254/latest")]
    public async Task A_next_page_that_is_elsewhere_is_not_asked_for(string next)
    {
        Server.Disturb = async (number, http) =>
        {
            if (number > 1) return false;
            await http.Response.WriteAsync(new JsonObject { ["value"] = new JsonArray(EntraPlace.Person(0)), ["@odata.nextLink"] = next.Replace("{port}", $"{Server.Port}", StringComparison.Ordinal) }.ToJsonString());
            return true;
        };
        var problem = await RefusalAsync(place.Settings, place.NewJob());
        Assert.Equal("connection-failed", problem.Code);
        Assert.Contains("its next page is somewhere else", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("skiptoken", problem.Message, StringComparison.Ordinal);
        Assert.Single(Server.Asked);
    }

    [Theory]
    [InlineData(302, "", "HTTP 302")]
    [InlineData(200, "<html>", "no JSON object")]
    [InlineData(200, "[]", "no JSON object")]
    [InlineData(200, "{}", "no list")]
    [InlineData(200, "{\"value\":[1]}", "no list")]
    [InlineData(404, "{}", "HTTP 404")]
    public async Task What_is_no_page_is_not_taken_for_an_empty_one(int status, string body, string words)
    {
        Server.Disturb = async (_, http) =>
        {
            http.Response.StatusCode = status;
            if (status == 302) http.Response.Headers.Location = "/v1.0/users";
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(body);
            return true;
        };
        var problem = await RefusalAsync(place.Settings, place.NewJob());
        Assert.Equal("connection-failed", problem.Code);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Single(Server.Asked);
    }

    [Fact]
    public async Task What_Graph_refuses_is_told_in_its_words()
    {
        var point = place.Point(place.Settings with { Filter = "department eq 'Sales'" }, "noSuchProperty");
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => place.Source(point, place.NewJob()).CheckAsync(Stop));
        Assert.Equal("query-refused", refusal.Problem.Code);
        Assert.Contains("Could not find a property named 'noSuchProperty'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_never_taken_ends_the_job_and_a_list_that_expired_begins_anew()
    {
        Server.TokenUses = 0;
        Assert.Equal("sign-in-failed", (await RefusalAsync(place.Settings, place.NewJob())).Code);
        Assert.Equal(2, Server.SignIns);

        Server.Clear();
        Server.People = 1500;
        Server.Disturb = async (number, http) =>
        {
            if (number == 2) await GraphServer.RefuseAsync(http, 400, "Directory_ExpiredPageToken", "The specified page token value has expired.");
            return number == 2;
        };
        Assert.Equal("source-changed", (await RefusalAsync(place.Settings, place.NewJob())).Code);
    }

    /// <summary>Design, Security: secrets and tokens are in nothing that a job keeps.</summary>
    [Fact]
    public async Task Neither_secret_nor_token_is_kept()
    {
        Server.People = 1500;
        var job = place.NewJob();
        await place.CopyAsync(place.Point(place.Settings, "department"), job);
        var kept = new StringBuilder();
        await foreach (var blob in Blobs.ListAsync(stores.Blobs.Jobs, $"{job}/", Stop)) kept.Append((await stores.Blobs.Jobs.GetBlobClient(blob.Name).DownloadContentAsync(Stop)).Value.Content);
        Assert.Contains("skiptoken", kept.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Secret, kept.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("planted-signature", kept.ToString(), StringComparison.Ordinal);
    }

    private EntraPlace Elsewhere(string which, Uri address)
        => place.At(which == "graph" ? place.Graph with { Graph = address } : place.Graph with { SignIn = address });

    private async Task<Problem> RefusalAsync(EntraSettings settings, string job)
        => (await Assert.ThrowsAsync<ConfigurationException>(() => place.Source(place.Point(settings, "department"), job).CheckAsync(Stop))).Problem;

    private static async Task<bool> BreakAsync(HttpContext http, string how)
    {
        switch (how)
        {
            case "abort":
                http.Abort();
                return true;
            case "half":
                http.Response.ContentLength = 1000;
                await http.Response.WriteAsync("{\"value\":[{\"id\":\"");
                await http.Response.Body.FlushAsync();
                http.Abort();
                return true;
            case "500":
                await GraphServer.RefuseAsync(http, 500, "InternalServerError", "Oops");
                return true;
            default:
                return false;
        }
    }
}
