using System.Net;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using IntegrationPoints.App.Http;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.App.Tests.Http;

/// <summary>What goes away by itself, trouble with the app's own identity among it, is answered with 503.</summary>
public sealed class StoreFailureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, Exception, bool> Failures => new()
    {
        { "no answer", new RequestFailedException(0, ""), true },
        { "throttled files", new RequestFailedException(429, ""), true },
        { "no role on files", new RequestFailedException(403, ""), false },
        { "a mistake about files", new RequestFailedException(400, ""), false },
        { "throttled records", new CosmosException("", HttpStatusCode.TooManyRequests, 3200, "", 0), true },
        { "no role on records", new CosmosException("", HttpStatusCode.Forbidden, 5302, "", 0), false },
        { "a key that is wrong", new CosmosException("", HttpStatusCode.Unauthorized, 0, "", 0), false },
        { "no token", new AuthenticationFailedException(""), true },
        { "no identity yet", new CredentialUnavailableException(""), true },
        { "no token in any attempt", new AggregateException(new AuthenticationFailedException("")), true },
        { "a mistake of ours", new InvalidOperationException(), false },
    };

    [Theory, MemberData(nameof(Failures))]
    public void What_goes_away_by_itself_is_told_from_mistakes(string what, Exception failure, bool isUnavailable)
    {
        Assert.True(isUnavailable == StoreFailure.IsUnavailable(failure), what);
        if (isUnavailable) Assert.Equal((503, "store-unavailable"), (ProblemDetails.Of(failure, "").Status, ProblemDetails.Of(failure, "").Code));
    }

    [Fact]
    public async Task The_clients_say_it_so_when_the_identity_gives_no_token()
    {
        using var cosmos = new CosmosClient("https://127.0.0.1:9/", new NoToken());
        var records = await Record.ExceptionAsync(() => cosmos.GetContainer("d", "c").ReadItemAsync<object>("i", new PartitionKey("p"), cancellationToken: Stop));
        Assert.True(StoreFailure.IsUnavailable(records!), records!.ToString());
        var blobs = new BlobServiceClient(new Uri("https://127.0.0.1:9/"), new NoToken());
        Assert.True(StoreFailure.IsUnavailable((await Record.ExceptionAsync(() => blobs.GetPropertiesAsync(Stop)))!));
    }

    private sealed class NoToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new AuthenticationFailedException("No answer.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new AuthenticationFailedException("No answer.");
    }
}
