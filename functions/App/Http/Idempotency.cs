using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Http;

/// <summary>The key by which a repeated request is known as the same.</summary>
internal static class Idempotency
{
    private const int LongestKey = 255;

    /// <summary>The header Idempotency-Key; blank when it was not sent.</summary>
    /// <exception cref="RefusedException">400: it is too long.</exception>
    public static string Key(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        return key.Length <= LongestKey
            ? key
            : throw RefusedException.Bad("invalid-idempotency-key", $"The Idempotency-Key has more than {LongestKey} characters.");
    }
}
