using IntegrationPoints.Engine;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>A request that cannot be answered as asked; <see cref="ProblemMiddleware"/> makes problem details of it (RFC 9457).</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">Stable kebab-case code.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable kebab-case code.</summary>
    public string Code { get; } = code;

    /// <summary>Everything that is wrong with a body, each with the member concerned.</summary>
    public IReadOnlyList<Problem> Problems { get; private init; } = [];

    /// <summary>Whether it is in a workspace that the caller does not see, or would not see if there were one; the caller is not told.</summary>
    public bool IsUnseen { get; private init; }

    /// <summary>After how many seconds it may be asked again, which the answer says (RFC 9110, Retry-After); null: that is not known.</summary>
    public int? RetryAfterSeconds { get; private init; }

    /// <summary>404: there is nothing of that name.</summary>
    public static RefusedException NotFound(string message) => new(StatusCodes.Status404NotFound, "not-found", message);

    /// <summary>The same 404, about something in a workspace that the caller does not see.</summary>
    public static RefusedException Unseen(string message) => new(StatusCodes.Status404NotFound, "not-found", message) { IsUnseen = true };

    /// <summary>409: it cannot be done as things stand.</summary>
    public static RefusedException Conflict(string code, string message) => new(StatusCodes.Status409Conflict, code, message);

    /// <summary>429: so much of it is being done already.</summary>
    public static RefusedException TooMany(string code, string message, int retryAfterSeconds)
        => new(StatusCodes.Status429TooManyRequests, code, message) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>412: somebody else stored another version since the caller read.</summary>
    public static RefusedException Changed(string what) => new(
        StatusCodes.Status412PreconditionFailed, "changed-meanwhile", $"Somebody changed {what} since you read it. Read it again and repeat your change.");

    /// <summary>403: the caller may not, and why not.</summary>
    public static RefusedException Forbidden(string code, string message, IReadOnlyList<Problem> missing)
        => new(StatusCodes.Status403Forbidden, code, message) { Problems = missing };

    /// <summary>400: the request itself is wrong.</summary>
    public static RefusedException Bad(string code, string message) => new(StatusCodes.Status400BadRequest, code, message);

    /// <summary>400 with all that is wrong; its code is theirs when they agree.</summary>
    public static RefusedException Bad(IReadOnlyList<Problem> problems)
    {
        var codes = problems.Select(p => p.Code).Distinct().ToList();
        var message = problems is [var only] ? only.Message : $"The request has {problems.Count} problems; none of it was done.";
        return new RefusedException(StatusCodes.Status400BadRequest, codes is [var code] ? code : "invalid-request", message) { Problems = problems };
    }
}
