using System.Net;

namespace IntegrationPoints.Cli.Api;

/// <summary>Waits as long as the app says when it gets too many requests, and asks again: a command that watches a job for hours does not fail for that.</summary>
internal sealed class Patience(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostWaits = 1;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(61);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var waits = 0; ; waits++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.TooManyRequests || waits == MostWaits || response.Headers.RetryAfter?.Delta is not { } wait || wait > LongestWait) return response;
            response.Dispose();
            await Task.Delay(wait, cancellationToken);
        }
    }
}
