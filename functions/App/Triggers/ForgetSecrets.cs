using IntegrationPoints.App.Secrets;

namespace IntegrationPoints.App.Triggers;

/// <summary>Once an hour: takes away secrets that nothing refers to any more.</summary>
public sealed class ForgetSecrets(UnusedSecrets unused, ILogger<ForgetSecrets> logger)
{
    /// <summary>Those that were unused an hour ago, too.</summary>
    [Function(nameof(ForgetSecrets))]
    public async Task RunAsync([TimerTrigger("0 41 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        if (await unused.TakeAwayAsync(cancellationToken) is > 0 and var count) logger.LogInformation("{Count} secrets that nothing refers to were taken away", count);
    }
}
