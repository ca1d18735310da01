using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Engine;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>Reads the JSON body of a request into a record.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of a body. Configuration is small; files go straight to the storage account.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    // The library quotes what it cannot read.
    private const int LongestReason = 200;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The body as a record.</summary>
    /// <exception cref="RefusedException">400, 413 or 415; everything that is wrong with the body at once.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken) where T : class
    {
        using var document = await ParseAsync(request, cancellationToken);
        var problems = JsonShape.Check(document.RootElement, typeof(T));
        return problems.Count == 0 ? document.RootElement.Deserialize<T>(ApiJson.Options)! : throw RefusedException.Bad(problems);
    }

    /// <summary>As the next, and nothing is rewritten.</summary>
    /// <exception cref="RefusedException">400, 413 or 415; <c>read-only-member</c> when such a member is to be changed.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, T origin, IReadOnlyCollection<string> readOnly, CancellationToken cancellationToken)
        where T : class
    {
        var problems = new List<Problem>();
        var read = await ReadAsync(request, origin, readOnly, static (_, _) => [], problems, cancellationToken);
        return problems.Count == 0 ? read : throw RefusedException.Bad(problems);
    }

    /// <summary>
    /// The body as a record some of whose members are not the caller's to set: those are taken from <paramref name="origin"/>. Sending them
    /// unchanged, as a caller does who read the thing and changed a part of it, is allowed.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="origin">Where the members come from that are not the caller's.</param>
    /// <param name="readOnly">Those members.</param>
    /// <param name="rewrite">Puts what people may write in several ways into the form of JSON, and says what cannot be read.</param>
    /// <param name="problems">
    /// What is wrong is added here, <c>read-only-member</c> when such a member is to be changed. Members with problems are those of the origin, so
    /// that the caller can go on to find what else is wrong.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">400, 413 or 415: the body is no JSON object.</exception>
    public static async Task<T> ReadAsync<T>(
        HttpRequest request, T origin, IReadOnlyCollection<string> readOnly,
        Func<HttpRequest, JsonObject, IReadOnlyList<Problem>> rewrite, List<Problem> problems, CancellationToken cancellationToken) where T : class
    {
        using var document = await ParseAsync(request, cancellationToken);
        var body = Rewritten(request, document.RootElement, rewrite, problems);
        problems.AddRange(JsonShape.Check(body, typeof(T), given: readOnly).Where(p => problems.All(known => known.Field != p.Field)));
        if (body.ValueKind != JsonValueKind.Object || problems.Any(p => TopOf(p).Length == 0)) throw RefusedException.Bad(problems);

        // One by one: an object that is made whole does not take names that differ in case alone.
        var result = new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true });
        foreach (var member in body.EnumerateObject()) result[member.Name] = JsonSerializer.SerializeToNode(member.Value);
        var before = JsonSerializer.SerializeToNode(origin, ApiJson.Options)!.AsObject();
        foreach (var name in problems.Select(TopOf).ToHashSet())
        {
            if (before.TryGetPropertyValue(name, out var there)) result[name] = there?.DeepClone();
            else result.Remove(name);
        }
        foreach (var name in readOnly)
        {
            if (result.TryGetPropertyValue(name, out var sent) && !JsonNode.DeepEquals(sent, before[name]))
                problems.Add(new("read-only-member", $"The member \"{name}\" cannot be set or changed. Leave it out.") { Field = name });
            result[name] = before[name]?.DeepClone();
        }
        return result.Deserialize<T>(ApiJson.Options)!;
    }

    /// <summary>The member of the body in which a problem lies; empty: in none.</summary>
    public static string TopOf(Problem problem) => (problem.Field ?? "").Split('.', '[')[0];

    private static JsonElement Rewritten(
        HttpRequest request, JsonElement body, Func<HttpRequest, JsonObject, IReadOnlyList<Problem>> rewrite, List<Problem> problems)
    {
        if (body.ValueKind != JsonValueKind.Object) return body;
        var json = JsonObject.Create(body)!;
        problems.AddRange(rewrite(request, json));
        return JsonSerializer.SerializeToElement(json);
    }

    private static async Task<JsonDocument> ParseAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Also keeps out what other sites' pages can make a browser send: that comes as a form or as plain text.
        if (!request.HasJsonContentType())
        {
            throw new RefusedException(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type",
                "The body must be JSON. Send it with the header Content-Type: application/json.");
        }
        var bytes = await ReadBytesAsync(request, cancellationToken);
        try
        {
            var document = JsonDocument.Parse(bytes, Strict);
            return HalfCharacter(document.RootElement) is { } place ? throw RefusedException.Bad([JsonShape.Half(place.TrimStart('.'))]) : document;
        }
        catch (JsonException e)
        {
            throw RefusedException.Bad("invalid-json", bytes.Length == 0 ? "The request has no body. Expected a JSON object." : Words(e));
        }
        catch (InvalidOperationException)
        {
            throw RefusedException.Bad("invalid-json", "The name of a member holds half of a character, such as \\ud800 without its second half, or bytes that are no UTF-8. Leave it out.");
        }
    }

    // Escapes are looked at when a text is asked for, not when the JSON is parsed, and some of what follows takes texts as they are.
    // Where the first text stands that holds half of a character; null: none does.
    private static string? HalfCharacter(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    // A name that is no text is found here, too.
                    var name = member.Name;
                    if (HalfCharacter(member.Value) is { } place) return $".{name}{place}";
                }
                return null;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    if (HalfCharacter(item) is { } place) return string.Create(CultureInfo.InvariantCulture, $"[{index}]{place}");
                    index++;
                }
                return null;
            case JsonValueKind.String:
                try
                {
                    value.GetString();
                    return null;
                }
                catch (InvalidOperationException)
                {
                    return "";
                }
            default:
                return null;
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes) throw TooLarge();
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (bytes.Length + read > MaxBytes) throw TooLarge();
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }

    private static RefusedException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "body-too-large",
        $"The body is larger than {MaxBytes / 1024 / 1024} MB, the most that a request may have. Ask for upload addresses to send files.");

    // The library's words end with where it is, counted from 0; people count lines from 1.
    private static string Words(JsonException e)
    {
        var reason = Engine.Words.Shorten(e.Message.Split(" LineNumber:")[0].TrimEnd('.', ' '), LongestReason);
        return string.Create(CultureInfo.InvariantCulture,
            $"The body is not JSON at {(e.Path is { Length: > 0 } path ? $"{Engine.Words.Shorten(path)}, " : "")}line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {reason}.");
    }
}
