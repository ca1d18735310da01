using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Does what a decision says and nothing else: files first, then choices, folders, lookups and images, then the record, created only when nothing is
/// there and replaced only in the version that was seen. Doing it twice changes nothing.
/// </summary>
internal sealed class Applier(Blobs blobs, IRecords records, UsedNames names, BatchScope scope)
{
    /// <summary>Applies a group. Answers with the problem of each record that could not be written, null where it was.</summary>
    public async Task<Problem?[]> ApplyAsync(IReadOnlyList<Decision> group, CancellationToken cancellationToken)
    {
        var problems = new Problem?[group.Count];
        await CopyFilesAsync(group, problems, cancellationToken);
        var writing = Enumerable.Range(0, group.Count).Where(i => problems[i] is null && group[i].Outcome != Outcome.Reject).ToList();
        await names.EnsureAsync(scope, [.. writing.Select(i => group[i])], cancellationToken);
        await names.EnsureObjectsAsync(scope, [.. writing.Select(i => group[i])], cancellationToken);
        var lookups = writing.SelectMany(i => group[i].Lookups.Select(l => scope.Lookups(records).Item(l.Key, l.Value, group[i].Identifier))).ToList();
        if (lookups.Count > 0) await records.WriteAsync(lookups, cancellationToken);
        var images = writing.SelectMany(i => Images(group[i])).ToList();
        if (images.Count > 0) await records.WriteAsync(images, cancellationToken);
        var results = await records.WriteAsync([.. writing.Select(i => Write(group[i]))], cancellationToken);
        for (var n = 0; n < writing.Count; n++)
            if (results[n].Status == WriteStatus.TooLarge) problems[writing[n]] = TooLarge(scope, group[writing[n]]);
        var conflicts = writing.Where((_, n) => results[n].Status == WriteStatus.Conflict).ToList();
        var there = conflicts.Count == 0 ? [] : await records.ReadManyAsync([.. conflicts.Select(i => Key(group[i]))], cancellationToken);
        for (var n = 0; n < conflicts.Count; n++)
        {
            var decision = group[conflicts[n]];
            if (!WrittenBefore(decision, there[n])) problems[conflicts[n]] = Changed(decision);
        }
        return problems;
    }

    private async Task CopyFilesAsync(IReadOnlyList<Decision> group, Problem?[] problems, CancellationToken cancellationToken)
    {
        var copies = Enumerable.Range(0, group.Count).Where(i => group[i].Outcome != Outcome.Reject)
            .SelectMany(i => group[i].Files.Where(f => f is { From: not null, Place: FilePlace.Repository }), (i, file) => (i, file));
        await Parallel.ForEachAsync(
            copies, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (copy, token) =>
            {
                var (i, file) = copy;
                try
                {
                    await CopyAsync(file, token);
                }
                catch (PackageEntryException e)
                {
                    problems[i] = Problem.Item(scope.File, e.Problem.Code, group[i].Line, group[i].SourceId, null, e.Problem.Message);
                }
                catch (Exception e) when (e is BlobChangedException or BlobMissingException)
                {
                    problems[i] = Problem.Item(
                        scope.File, "file-changed", group[i].Line, group[i].SourceId, null,
                        $"The file {Words.Quote(file.From!.Name)} was replaced or removed while the job ran. Import the error file to load the record with the file that is there now.");
                }
            });
    }

    private async Task CopyAsync(KeptFile file, CancellationToken cancellationToken)
    {
        var from = file.From!;
        if (file.Entry is null)
        {
            await blobs.CopyAsync(blobs.Staging, from, blobs.Files, file.Path, cancellationToken);
            return;
        }
        var packed = new SourceFile(file.Source) { Blob = from.Name, ETag = from.ETag, Bytes = file.Bytes, Entry = file.Entry };
        await using var content = await blobs.OpenAsync(packed, cancellationToken);
        await Blobs.CreateAsync(blobs.Files, file.Path, content, cancellationToken);
    }

    // A record that carries the stamp of this job and batch and line was written by another attempt at this batch; a user's later edit keeps the stamp.
    private bool WrittenBefore(Decision decision, StoredItem? there)
        => there is not null && RecordJson.Read(there.Body.Span).Stamp is { } stamp
            && stamp.Job == scope.Job && stamp.Batch == scope.Batch && stamp.Line == decision.Line;

    private Problem Changed(Decision decision) => Problem.Item(
        scope.File, "record-changed", decision.Line, decision.SourceId, null,
        decision.Outcome == Outcome.Create
            ? "A record with this identifier was made by somebody else while the job ran; it was left as it is. Import the error file with Append/Overlay to overlay it."
            : "The record was changed by somebody else while the job ran; it was left as it is. Import the error file to overlay it as it is now.");

    /// <summary>A record that no store takes.</summary>
    public static Problem TooLarge(BatchScope scope, Decision decision) => Problem.Item(
        scope.File, "item-too-large", decision.Line, decision.SourceId, null, string.Create(CultureInfo.InvariantCulture,
            $"The record takes {decision.Body.Length:N0} bytes, and with its keys more than the {RecordLimits.ItemBytes:N0} that can be stored. Map fewer fields, or shorten the longest values."));

    // Nobody sees them until the record points to them; those that are there were written by another attempt at this batch.
    private static IEnumerable<ItemWrite> Images(Decision decision)
        => decision.Images is not { } images ? [] : images.Pages.Chunk(ImageSet.PagesPerPart).Select((pages, part) =>
        {
            var id = ImageSet.PartId(images.Item, part);
            var body = JsonSerializer.SerializeToUtf8Bytes(new ImagePart(pages), JsonSerializerOptions.Web);
            return new ItemWrite(WriteKind.Create, new ItemKey(decision.Partition, id), id, body);
        });

    /// <summary>The write of a record that is created or replaced.</summary>
    public static ItemWrite Write(Decision decision) => new(
        decision.Outcome == Outcome.Create ? WriteKind.Create : WriteKind.Replace, Key(decision), decision.Sort, decision.Body, decision.ETag);

    private static ItemKey Key(Decision decision) => new(decision.Partition, decision.Id);
}

/// <summary>Which batch of which job is at work, where, and what its source is called.</summary>
internal sealed record BatchScope(string Workspace, int Buckets, string ObjectType, string Job, int Batch, string File)
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>When the job started.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    public Lookups Lookups(IRecords records) => new(records, Workspace, Buckets, ObjectType);

    /// <summary>Where the file of a line is kept in the file repository.</summary>
    public string FileName(long line, string name) => string.Create(CultureInfo.InvariantCulture, $"{Workspace}/{Job}/{Batch:d8}-{line}{Extension(name)}");

    // Part of a blob's name: short, and of letters and digits only.
    private static string Extension(string name)
        => Path.GetExtension(name) is { Length: > 1 and <= 11 } extension && extension.AsSpan(1).IndexOfAnyExcept(Letters) < 0 ? extension.ToLowerInvariant() : "";
}
