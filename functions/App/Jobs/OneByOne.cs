namespace IntegrationPoints.App.Jobs;

/// <summary>Work that recurs, item by item: one that fails is logged and keeps none of the others waiting; the next tick tries it again.</summary>
internal static class OneByOne
{
    /// <summary>Does the work of one item.</summary>
    public static async Task DoAsync(ILogger logger, string item, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "The tick could not do its work for {Item}", item);
        }
    }
}
