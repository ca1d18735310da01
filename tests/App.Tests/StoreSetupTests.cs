using System.Net;
using Azure;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace IntegrationPoints.App.Tests;

/// <summary>Which failures the app waits out when it starts on Azure, where the roles of its identity may be some minutes old.</summary>
public sealed class StoreSetupTests
{
    public static TheoryData<string, Exception, bool> Failures => new()
    {
        { "storage: no role yet", new RequestFailedException(403, "This request is not authorized to perform this operation using this permission."), true },
        { "storage: token not taken", new RequestFailedException(401, "unauthorized"), true },
        { "Cosmos DB: no role yet", new CosmosException("forbidden", HttpStatusCode.Forbidden, 5301, "", 0), true },
        { "the identity is not there yet", new AuthenticationFailedException("ManagedIdentityCredential authentication failed"), true },
        { "every attempt of a client", new AggregateException(new RequestFailedException(403, "x"), new RequestFailedException(403, "x")), true },
        { "a store that is away waits, too, but not so long", new RequestFailedException(503, "busy"), false },
        { "no such account", new RequestFailedException(404, "x"), false },
        { "a mistake of ours", new InvalidOperationException("x"), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void It_is_for_want_of_a_role(string what, Exception failure, bool isRefused) => Assert.True(isRefused == StoreSetup.IsRefused(failure), what);
}
