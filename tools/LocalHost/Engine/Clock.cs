namespace IntegrationPoints.LocalHost.Engine;

/// <summary>The time in UTC. It never goes back, so that what was due stays due when the machine's clock is set.</summary>
internal static class Clock
{
    private static long last;

    public static DateTime UtcNow
    {
        get
        {
            var now = DateTime.UtcNow.Ticks;
            long seen;
            while ((seen = Interlocked.Read(ref last)) < now)
            {
                Interlocked.CompareExchange(ref last, now, seen);
            }

            return new DateTime(seen, DateTimeKind.Utc);
        }
    }
}
