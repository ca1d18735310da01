using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.Engine;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace IntegrationPoints.App.Http;

/// <summary>
/// Turns whatever an HTTP function throws into problem details (RFC 9457) with a stable code and words that a user can act on. The texts of
/// unexpected exceptions go to the log only.
/// </summary>
public sealed class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    private const int SecondsUntilBack = 5;

    /// <summary>Guards HTTP functions; others pass at once, since awaiting before an orchestrator breaks it.</summary>
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        => context.GetHttpContext() is { } http ? GuardAsync(http, context, next) : next(context);

    private async Task GuardAsync(HttpContext http, FunctionContext context, FunctionExecutionDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            RefuseOtherSites(http.Request);
            await next(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The caller of {Function} has gone", context.FunctionDefinition.Name);
        }
#pragma warning disable CA1031 // Every failure is answered; that is what this class is for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await AnswerAsync(http, context, e);
        }
    }

    // A page of another site can make its reader's browser call the app, and a run or a stop needs no body; the browser says where the call comes
    // from (W3C Fetch Metadata). What such a page reads, the browser keeps from it.
    private static void RefuseOtherSites(HttpRequest request)
    {
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!reads && request.Headers["Sec-Fetch-Site"] is [not ("same-origin" or "none"), ..])
            throw new RefusedException(StatusCodes.Status403Forbidden, "cross-site-request", "A page of another site asked for this. Use the command line, or a page of this app's own address.");
    }

    private async Task AnswerAsync(HttpContext http, FunctionContext context, Exception exception)
    {
        var trace = Activity.Current?.TraceId.ToString() ?? context.InvocationId;
        var problem = ProblemDetails.Of(exception, trace);
        if (problem.Status >= 500) logger.LogError(exception, "{Function} failed, trace {Trace}", context.FunctionDefinition.Name, trace);
        else logger.LogInformation("{Function} refused: {Status} {Code}", context.FunctionDefinition.Name, problem.Status, problem.Code);
        if (http.Response.HasStarted)
        {
            // Half an answer is on its way; cutting the connection tells the caller that the rest is missing.
            http.Abort();
            return;
        }
        Answer.Instead(http);
        http.Response.StatusCode = problem.Status;
        var wait = (exception as RefusedException)?.RetryAfterSeconds ?? (problem.Status == StatusCodes.Status503ServiceUnavailable ? SecondsUntilBack : default(int?));
        if (wait is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await Answer.WriteAsync(http.Response, problem, Answer.ProblemType, http.RequestAborted);
    }
}

/// <summary>Problem details (RFC 9457) as every refusal of the API shows them.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed record ProblemDetails(int Status, string Code, string Detail)
{
    /// <summary>A name for the kind of problem.</summary>
    public string Type => $"urn:integration-points:{Code}";

    /// <summary>The status in words.</summary>
    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    /// <summary>Everything that is wrong with the request's body.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IReadOnlyList<ProblemEntry>? Errors { get; init; }

    /// <summary>Under which id the log says more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? TraceId { get; init; }

    /// <summary>What a failure is to the caller.</summary>
    internal static ProblemDetails Of(Exception exception, string trace) => exception switch
    {
        RefusedException e => new(e.Status, e.Code, e.Message) { Errors = e.Problems.Count == 0 ? null : [.. e.Problems.Select(ProblemEntry.Of)] },
        ConfigurationException e => new(StatusCodes.Status400BadRequest, e.Problem.Code, e.Problem.Message) { Errors = [ProblemEntry.Of(e.Problem)] },
        NameTakenException e => new(StatusCodes.Status409Conflict, "name-taken", $"{e.Message} Choose another one."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new(
            StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is larger than a request may be."),
        BadHttpRequestException e => new(e.StatusCode, "bad-request", "The request ended before it was complete, or is not HTTP."),
        _ when StoreFailure.IsUnavailable(exception) => new(
            StatusCodes.Status503ServiceUnavailable, "store-unavailable", "The store cannot be reached, or is too busy. Try again in a few seconds."),
        _ => new(StatusCodes.Status500InternalServerError, "internal-error",
            $"The app failed; this is not your doing. Its log has the reason under the trace id {trace}.")
        { TraceId = trace },
    };
}

/// <summary>One thing that is wrong with a body.</summary>
/// <param name="Code">Stable kebab-case code.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Field">The member concerned, such as <c>import.culture</c>.</param>
public sealed record ProblemEntry(string Code, string Message, string? Field)
{
    /// <summary>The workspace's field or the source's column that a problem of a mapping is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }

    internal static ProblemEntry Of(Problem problem) => new(problem.Code, problem.Message, problem.Field) { Name = problem.Name };
}
