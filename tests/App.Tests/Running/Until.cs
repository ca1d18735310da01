using System.Diagnostics;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Until
{
    private const int SoonMs = 50, SeldomMs = 250;

    /// <summary>Asks again and again, for what may be over soon; fails with <paramref name="message"/> when the time is up.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> message) => TrueAsync(condition, limit, message, SoonMs);

    /// <summary>Asks more and more seldom, for what lasts: an end does not go away, and who asks for it takes time from what is waited for.</summary>
    public static Task LastsAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> message) => TrueAsync(condition, limit, message, SeldomMs);

    private static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> message, int mostMs)
    {
        for (var waited = Stopwatch.StartNew(); !await condition(); await Task.Delay((int)Math.Clamp(waited.ElapsedMilliseconds / 10, SoonMs, mostMs)))
            Assert.True(waited.Elapsed < limit, waited.Elapsed < limit ? "" : message());
    }
}
