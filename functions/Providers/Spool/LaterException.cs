namespace IntegrationPoints.Providers.Spool;

/// <summary>
/// A copy is not finished, and there is nothing wrong: what it has is kept, and another attempt of the activity goes on with it (design, Rules of
/// orchestration 4 and 5).
/// </summary>
/// <param name="message">Why, for logs.</param>
internal sealed class LaterException(string message) : Exception(message);
