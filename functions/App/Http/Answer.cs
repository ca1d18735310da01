using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Http;

/// <summary>What a function answers with: a status, a JSON body or none, and the headers that go with it.</summary>
internal sealed class Answer(int status, object? body = null) : IActionResult
{
    /// <summary>The media type of problem details (RFC 9457).</summary>
    public const string ProblemType = "application/problem+json";

    private string? Location { get; init; }

    private string? ETag { get; init; }

    /// <summary>200 with a body; <paramref name="etag"/>: the version of what is shown.</summary>
    public static Answer Ok(object body, string? etag = null) => new(StatusCodes.Status200OK, body) { ETag = etag };

    /// <summary>201: it was made and is found at <paramref name="location"/>.</summary>
    public static Answer Created(string location, object body, string? etag = null)
        => new(StatusCodes.Status201Created, body) { Location = location, ETag = etag };

    /// <summary>202: it goes on; <paramref name="location"/> says how far it is.</summary>
    public static Answer Accepted(string location, object? body = null) => new(StatusCodes.Status202Accepted, body) { Location = location };

    /// <summary>204: done, nothing to say.</summary>
    public static Answer Done() => new(StatusCodes.Status204NoContent);

    /// <summary>
    /// Says that a problem is the answer. What the function returned, if it came so far, would be made into another on top of it: results are executed
    /// after all middleware has ended.
    /// </summary>
    public static void Instead(HttpContext http) => http.Items[typeof(ProblemDetails)] = true;

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        if (context.HttpContext.Items.ContainsKey(typeof(ProblemDetails))) return;
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        if (Location is not null) response.Headers.Location = Location;
        if (ETag is not null) response.Headers.ETag = Versions.Tag(ETag);
        if (body is not null) await WriteAsync(response, body, "application/json", context.HttpContext.RequestAborted);
    }

    /// <summary>Writes JSON.</summary>
    public static async Task WriteAsync(HttpResponse response, object body, string contentType, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ApiJson.Options);
        response.ContentType = $"{contentType}; charset=utf-8";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, cancellationToken);
    }
}
