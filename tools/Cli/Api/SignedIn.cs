using System.Net;

namespace IntegrationPoints.Cli.Api;

/// <summary>Puts on each request what proves who asks; once more with a new token, where the one before has ended and another can be had.</summary>
internal sealed class SignedIn(Credentials credentials, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await credentials.AddToAsync(request, null, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !credentials.AreRenewed) return response;
        response.Dispose();
        await credentials.AddToAsync(request, request.Headers.Authorization?.Parameter, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
