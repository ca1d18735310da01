namespace IntegrationPoints.App.Tests.Running;

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Until
{
    /// <summary>Asks again and again; fails with <paramref name="message"/> when the time is up.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> message)
    {
        for (var end = DateTime.UtcNow + limit; !await condition(); await Task.Delay(50))
            Assert.True(DateTime.UtcNow < end, DateTime.UtcNow < end ? "" : message());
    }
}
