using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Microsoft.Azure.Cosmos;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.App.Http;

/// <summary>Tells a store that is away or busy from a mistake of ours.</summary>
internal static class StoreFailure
{
    // https://sqlite.org/rescode.html: BUSY, LOCKED, IOERR, FULL, CANTOPEN.
    private static readonly int[] SqliteAway = [5, 6, 10, 13, 14];

    /// <summary>Whether the failure goes away by itself when the store is back.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        RequestFailedException e => e.Status is 0 or 408 or 429 or >= 500,
        // The app's own identity: where it gets its tokens is away. Cosmos DB's client makes 401 of that.
        AuthenticationFailedException or CosmosException { InnerException: AuthenticationFailedException } => true,
        CosmosException e => (int)e.StatusCode is 408 or 410 or 429 or 449 or >= 500,
        SqliteException e => SqliteAway.Contains(e.SqliteErrorCode),
        HttpRequestException or SocketException or TimeoutException => true,
        // What the storage clients throw when every one of their own attempts failed.
        AggregateException e => e.InnerExceptions.Count > 0 && e.InnerExceptions.All(IsUnavailable),
        OperationCanceledException { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };
}
