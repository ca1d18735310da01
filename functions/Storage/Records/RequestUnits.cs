namespace IntegrationPoints.Storage;

/// <summary>
/// Adds up what Cosmos DB charges, in request units, for the requests of one piece of work and of all that it waits for: beside it others may be at
/// work over the same client, which sends the writes of all of them together, and each is charged its own. Other stores charge nothing.
/// </summary>
public sealed class RequestUnits
{
    private static readonly AsyncLocal<RequestUnits?> Current = new();

    // Charges come with two digits after the point: whole hundredths add up exactly.
    private long _hundredths;

    private RequestUnits() { }

    /// <summary>What was charged so far.</summary>
    public double Total => Interlocked.Read(ref _hundredths) / 100.0;

    /// <summary>Begins to count for the method that calls this, until it ends. The method has to be an asynchronous one.</summary>
    public static RequestUnits Measure() => Current.Value = new RequestUnits();

    /// <summary>Counts a charge for whoever waits for the request.</summary>
    internal static void Add(double charge)
    {
        if (Current.Value is { } work) Interlocked.Add(ref work._hundredths, (long)Math.Round(charge * 100));
    }
}
