using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Jobs;

/// <summary>What is said of a job whose steps failed in every attempt: which, what of the source they cover, and how to retry.</summary>
internal static class FailedSteps
{
    // What kept steps waiting is not known here: nothing branches on the text of an exception (design, Rules of orchestration 4).
    private const string Cause = "storage cannot be reached, or holds back who writes much at a time (Cosmos DB answers 429: the administrator can raise the throughput, COSMOS_AUTOSCALE)";

    // A message names so many batches, and counts the others.
    private const int Named = 5;

    /// <summary>The job-level error of a job that was given up at a step, or cut off with its orchestration; null when it was neither.</summary>
    public static async Task<Problem?> ProblemAsync(JobFiles files, Job job, JobEnd end, CancellationToken cancellationToken)
    {
        if (end.EndedEarly)
        {
            return new Problem(
                "job-ended-early",
                "The job ended before its records could be accounted for, as happens when storage cannot be reached for a long time. What was transferred until then "
                + $"stays, and is counted. {WayOn(job)}");
        }
        if (end.FailedBatches.Count > 0)
        {
            return new Problem(
                "batch-failed",
                $"{await BatchesAsync(files, job, end.FailedBatches, cancellationToken)} failed in each of {RunJob.Attempts} attempts, as happens when {Cause}, and the job was "
                + "given up. The counts are those of the batches that finished; some records of "
                + $"{(end.FailedBatches.Count == 1 ? "this one" : "these")} may have been written too. {WayOn(job)}");
        }
        return end.FailedStep is not { } step ? null : new Problem(
            "batch-failed",
            $"The job was given up at {step}: it failed in each of {RunJob.Attempts} attempts, as happens when "
            + (IsOfSource(job, step) ? "the server or directory that is the source is too slow or holds back those who ask often, or when " : "")
            + $"{Cause}. The counts are those of the batches that finished. {WayOn(job, IsOfSource(job, step) ? "Later" : "When storage can be reached")}");
    }

    // A step that waits for what lies outside.
    private static bool IsOfSource(Job job, string step)
        => job.Undo is null && step is (RunJob.CheckStep or RunJob.CopyStep) && job.Point.Source.Provider is (CsvSettings.Provider or EntraSettings.Provider or LdapSettings.Provider);

    private static string WayOn(Job job, string when = "When storage can be reached") => job.Undo is not null
        ? "When storage can be reached, undo the job again (ip job undo): it goes on where this one ended. If it fails again, tell your administrator the job's id."
        : $"{when}, retry the job (ip point retry {job.Point.Id} --workspace {job.Point.Workspace}): it transfers "
            + $"{(job.Retry is { Whole: false } ? "all of the records that this retry was to transfer" : "all of its records")}, and those that are there already are not doubled. "
            + "If it fails again, tell your administrator the job's id.";

    private static async Task<string> BatchesAsync(JobFiles files, Job job, IReadOnlyList<FailedBatch> failed, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var batch in failed.OrderBy(b => b.Batch).Take(Named)) names.Add(await BatchAsync(files, job, batch, cancellationToken));
        var more = failed.Count - names.Count;
        var text = (failed.Count == 1 ? "Batch " : "Batches ") + string.Join(", ", names);
        return more == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text} and {more} more");
    }

    // Up to where the next batch begins: a record may take several lines.
    private static async Task<string> BatchAsync(JobFiles files, Job job, FailedBatch failed, CancellationToken cancellationToken)
    {
        var name = failed.Batch.ToString(CultureInfo.InvariantCulture);
        if (await files.ReadAsync<BatchPage>(JobFiles.PageName(job.Id, failed.Page), cancellationToken) is not { } page) return name;
        var place = failed.Batch - page.Batches[0].Index;
        var batch = page.Batches[place];
        if (batch.Retries is { } retried) return string.Create(CultureInfo.InvariantCulture, $"{name} (what batch {retried} of job {job.Retry!.JobId} rejected)");
        var next = place + 1 < page.Batches.Count ? page.Batches[place + 1].FirstLine : page.Next?.Line;
        var last = next > batch.FirstLine ? string.Create(CultureInfo.InvariantCulture, $"{next - 1}") : "the end";
        var unit = job.Point.Source.Provider is LoadFileSettings.Provider or ImageFileSettings.Provider ? "lines" : "records";
        return string.Create(CultureInfo.InvariantCulture, $"{name} ({unit} {batch.FirstLine} to {last})");
    }
}
