using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Azure;
using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Storage;

/// <summary>
/// What a job keeps in the jobs container, by name. Whatever decides something is written once: the first to store it wins and everybody else
/// reads the winner's (design, Rules of orchestration 6 and 10). Manifests, and decisions with the values that they replaced, are what a job is
/// verified by and undone from: nothing here is deleted before the retention of the container has passed, which the infrastructure sets.
/// </summary>
public sealed class JobFiles(Blobs blobs)
{
    // Every batch reads the same three: the job, what validation found, its page.
    private const int MostRemembered = 16;
    private readonly ConcurrentDictionary<string, object> remembered = new();

    /// <summary>Where they lie.</summary>
    public Blobs Blobs => blobs;

    /// <summary>The frozen job.</summary>
    public static string JobName(string job) => $"{job}/job.json";

    /// <summary>Whether it may run, where nobody asked for it at that moment.</summary>
    public static string StartName(string job) => $"{job}/start.json";

    /// <summary>What validation found, frozen.</summary>
    public static string PreparedName(string job) => $"{job}/prepared.json";

    /// <summary>One page of batches.</summary>
    public static string PageName(string job, int page) => string.Create(CultureInfo.InvariantCulture, $"{job}/plan/{page:d6}.json");

    /// <summary>What a workspace source exports: its records in order, a line each (<see cref="Engine.Exports.ListedDocument"/>).</summary>
    public static string ListName(string job) => $"{job}/source/list";

    /// <summary>The copy of a file that a source hands out only once.</summary>
    public static string CopyName(string job) => $"{job}/source/file";

    /// <summary>One page of a source that hands out pages, before they are joined in <see cref="CopyName"/>.</summary>
    public static string SourcePageName(string job, int page) => string.Create(CultureInfo.InvariantCulture, $"{job}/source/page-{page:d6}");

    /// <summary>Where the files of a batch go.</summary>
    public static string LayoutName(string job, int batch) => string.Create(CultureInfo.InvariantCulture, $"{job}/layout/{batch:d8}");

    /// <summary>Where laying out stands after a page of batches.</summary>
    public static string LayoutStateName(string job, int page) => string.Create(CultureInfo.InvariantCulture, $"{job}/layout/{page:d6}.state");

    /// <summary>A file that a job writes in parts, before it is put where it belongs.</summary>
    public static string OutputName(string job, string name) => $"{job}/output/{name}";

    /// <summary>What a batch decided.</summary>
    public static string DecisionName(string job, int batch) => string.Create(CultureInfo.InvariantCulture, $"{job}/batches/{batch:d8}");

    /// <summary>What linking the records of a batch decided.</summary>
    public static string LinkDecisionName(string job, int number) => string.Create(CultureInfo.InvariantCulture, $"{job}/links/{number:d8}");

    /// <summary>The rows that a batch rejected, with their problems.</summary>
    public static string RejectedName(string job, int batch) => $"{DecisionName(job, batch)}.rejected";

    /// <summary>The error file: rejected rows as they stood in the source.</summary>
    public static string ErrorFileName(string job) => $"{job}/errors/error-file";

    /// <summary>Why each row was rejected.</summary>
    public static string ErrorReportName(string job) => $"{job}/errors/error-report.csv";

    /// <summary>What the job imported, file by file.</summary>
    public static string ManifestName(string job) => $"{job}/manifest.csv";

    /// <summary>The manifest's head: load file, settings, counts, and the manifest's own hash.</summary>
    public static string ManifestHeadName(string job) => $"{job}/manifest.json";

    /// <summary>That a recipient got the notification of the job's end, or was refused it.</summary>
    public static string NotifiedName(string job, string recipient) => $"{job}/notified/{recipient}.json";

    /// <summary>What is leased by whoever sends the notifications of the job's end.</summary>
    public static string NotifyingName(string job) => $"{job}/notified/turn";

    /// <summary>What a batch of an undo decided about the records of the job that it undoes.</summary>
    public static string UndoDecisionName(string job, int batch) => $"{DecisionName(job, batch)}.undo";

    /// <summary>The run whose statistics are calculated, frozen when that was asked for.</summary>
    public static string StatisticsJobName(string calculation) => $"{calculation}/statistics/job.json";

    /// <summary>The same with the version of its source.</summary>
    public static string StatisticsSourceName(string calculation) => $"{calculation}/statistics/source.json";

    /// <summary>What reading a job's files again came to.</summary>
    public static string VerificationName(string job, string verification) => $"{job}/verify/{verification}.json";

    /// <summary>One part of a verification; <paramref name="kind"/>: its plan or its result.</summary>
    public static string VerificationPartName(string job, string verification, string kind, int number)
        => string.Create(CultureInfo.InvariantCulture, $"{job}/verify/{verification}/{kind}-{number:d6}.json");

    /// <summary>Stores a value unless there is one, and answers with what is there.</summary>
    public async Task<T> DecideAsync<T>(string name, T value, CancellationToken cancellationToken) where T : class
        => await Blobs.CreateAsync(blobs.Jobs, name, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web)), cancellationToken)
            ? value
            : await ReadAsync<T>(name, cancellationToken) ?? throw new InvalidOperationException($"{name} was there and is gone.");

    /// <summary>
    /// The value, or null when nothing is stored under the name. Nothing here ever changes, so that a value that was read lately is not read again;
    /// callers share it.
    /// </summary>
    public async Task<T?> ReadAsync<T>(string name, CancellationToken cancellationToken) where T : class
    {
        if (remembered.TryGetValue(name, out var known)) return (T)known;
        try
        {
            var blob = await blobs.Jobs.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            var value = blob.Value.Content.ToObjectFromJson<T>(JsonSerializerOptions.Web);
            if (remembered.Count >= MostRemembered) remembered.Clear();
            if (value is not null && name.EndsWith(".json", StringComparison.Ordinal)) remembered[name] = value;
            return value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>A page of batches as it was planned first: planning it again changes nothing.</summary>
    public async Task<BatchPage> PageAsync(string job, int page, Func<Task<BatchPage>> plan, CancellationToken cancellationToken)
        => await ReadAsync<BatchPage>(PageName(job, page), cancellationToken) ?? await DecideAsync(PageName(job, page), await plan(), cancellationToken);

    /// <summary>The frozen job.</summary>
    /// <exception cref="InvalidOperationException">There is no such job.</exception>
    public async Task<Job> JobAsync(string job, CancellationToken cancellationToken)
        => await ReadAsync<Job>(JobName(job), cancellationToken) ?? throw new InvalidOperationException($"Job {job} has no job.json.");
}
