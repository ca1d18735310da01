using IntegrationPoints.App.Jobs;
using Microsoft.Extensions.Configuration;

namespace IntegrationPoints.App.Tests;

/// <summary>Settings with which no job could run are found when the app starts, and not by every job.</summary>
public sealed class JobSettingsTests
{
    [Theory] // microsoft/durabletask-dotnet, RetryPolicy: above nothing, and at most the longest wait; design, Rules of orchestration 3
    [InlineData("FirstRetrySeconds", "0.1", true)]
    [InlineData("FirstRetrySeconds", "120", true)]
    [InlineData("FirstRetrySeconds", "0", false)]
    [InlineData("FirstRetrySeconds", "-1", false)]
    [InlineData("FirstRetrySeconds", "120.5", false)]
    [InlineData("FirstRetrySeconds", "NaN", false)]
    [InlineData("BatchRecords", "1", true)]
    [InlineData("BatchRecords", "0", false)]
    [InlineData("PageBatches", "1", true)]
    [InlineData("PageBatches", "64", true)]
    [InlineData("PageBatches", "0", false)]
    [InlineData("PageBatches", "65", false)]
    public void A_number_is_taken_or_refused(string name, string value, bool isTaken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"Jobs:{name}", (string?)value)]).Build();
        if (isTaken) Assert.NotNull(RunJob.Retry(JobSettings.From(configuration).FirstRetrySeconds));
        else Assert.Contains($"Jobs__{name}", Assert.Throws<InvalidOperationException>(() => JobSettings.From(configuration)).Message, StringComparison.Ordinal);
    }
}
