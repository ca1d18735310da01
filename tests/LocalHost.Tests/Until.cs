namespace IntegrationPoints.LocalHost.Tests;

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); !await condition(); await Task.Delay(5))
        {
            Assert.True(DateTime.UtcNow < end, "It did not come to that within 5 minutes.");
        }
    }
}
