using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace IntegrationPoints.App.Http;

/// <summary>Versions of configuration in headers (RFC 9110, 8.8.3 and 13.1.1).</summary>
internal static class Versions
{
    /// <summary>A store's etag as a header; some stores quote theirs, some do not.</summary>
    public static string Tag(string etag) => $"\"{etag.Trim('"')}\"";

    /// <summary>Refuses a change of a version that the caller has not seen.</summary>
    /// <param name="request">The request.</param>
    /// <param name="etag">The version that is there.</param>
    /// <param name="what">What it is, in words.</param>
    /// <exception cref="RefusedException">428 without If-Match; 412 when it names another version.</exception>
    public static void Require(HttpRequest request, string etag, string what)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            throw new RefusedException(StatusCodes.Status428PreconditionRequired, "precondition-required",
                $"Say which version you change: send the ETag that came with {what} as the header If-Match, or * for whichever is there.");
        }
        Respect(request, etag, what);
    }

    /// <summary>Refuses a change when If-Match names another version than is there; without the header there is nothing to refuse.</summary>
    /// <exception cref="RefusedException">412.</exception>
    public static void Respect(HttpRequest request, string etag, string what)
    {
        if (request.Headers.IfMatch.Count == 0) return;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags))
            throw RefusedException.Bad("invalid-if-match", "The header If-Match is not a quoted ETag. Send it as it came, quotes included.");
        var current = new EntityTagHeaderValue(Tag(etag));
        if (!tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true))) throw RefusedException.Changed(what);
    }
}
