using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>What tests ask of a job as the API shows it.</summary>
internal static class JobAssertions
{
    public static long Number(this JsonElement job, string name) => job.GetProperty(name).GetInt64();

    public static string Text(this JsonElement job, string name) => job.GetProperty(name).GetString()!;

    /// <summary>Every record that was read is accounted for (design, Rules of orchestration 12).</summary>
    public static void AssertReconciles(this JsonElement job)
        => Assert.Equal(job.Number("read"), job.Number("transferred") + job.Number("withErrors") + job.Number("skipped"));
}
