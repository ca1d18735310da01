using System.Collections.Concurrent;
using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Finds the managers that rows name, and says what becomes of each link: by what the source refers to people by, by the unique identifier, or by the
/// full name. Where several fit, those of this job come first; several that are left are ambiguous.
/// </summary>
internal sealed class Managers(LinkedBatch linked, IRecords records)
{
    // More than anybody has under one name or reference: of those some may be of this job.
    private const int Most = 100;

    private readonly PreparedLinks links = linked.Prepared.Links!;
    private readonly string workspace = linked.Prepared.Workspace.Id, type = linked.Prepared.ObjectType.Name;
    private readonly int buckets = linked.Prepared.Workspace.Buckets;

    private sealed record Person(string Identifier, string Name);

    /// <summary>What becomes of the links of a group of records, in their order.</summary>
    public async Task<IReadOnlyList<Decision>> DecideAsync(IReadOnlyList<Decision> group, CancellationToken cancellationToken)
    {
        var now = await records.ReadManyAsync([.. group.Select(d => new ItemKey(d.Partition, d.Id))], cancellationToken);
        var people = await FindAsync(group, cancellationToken);
        return [.. group.Select((d, i) => Decide(d, now[i], people[Identifier.Fold(d.Manager!)]))];
    }

    private async Task<IReadOnlyDictionary<string, List<Person>>> FindAsync(IReadOnlyList<Decision> group, CancellationToken cancellationToken)
    {
        var asked = group.Select(d => d.Manager!).DistinctBy(Identifier.Fold).ToList();
        var stored = await records.ReadManyAsync([.. asked.Select(name => Identifier.Key(workspace, buckets, type, name))], cancellationToken);
        var found = new ConcurrentDictionary<string, List<Person>>();
        await Parallel.ForEachAsync(
            asked.Zip(stored), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (one, token) => found[Identifier.Fold(one.First)] = await FindAsync(one.First, one.Second, token));
        return found;
    }

    private async Task<List<Person>> FindAsync(string named, StoredItem? stored, CancellationToken cancellationToken)
    {
        var lookups = new Lookups(records, workspace, buckets, type);
        if (links is { ByLink: true, LinkColumn: not null } && await lookups.FindLinkAsync(named, Most, cancellationToken) is { Count: > 0 } referred)
            return Chosen(referred);
        // One that is stored under its own name is found by the name as well.
        var isName = stored is not null && RecordJson.Read(stored.Body.Span).ValueOf(links.Name.Id) is null;
        if (stored is not null && links.ByLink && !(isName && links.ByName)) return Chosen([stored]);
        if (!links.ByName) return [];
        var byName = linked.Prepared.Fields.Any(f => f.Id == links.Name.Id && f.Lookup) ? await lookups.FindAsync(links.Name, named, Most, cancellationToken) : [];
        return Chosen(isName ? [stored!, .. byName] : byName);
    }

    private List<Person> Chosen(IReadOnlyList<StoredItem> items)
    {
        var all = items.Select(item => RecordJson.Read(item.Body.Span)).ToList();
        var ours = all.Count < 2 ? [] : all.Where(record => record.Stamp?.Job == linked.Job.Id || record.Stamp?.Job == linked.WrittenBy).ToList();
        return [.. (ours.Count > 0 ? ours : all).Select(record => new Person(record.Identifier, record.NameOf(links.Name.Id)))];
    }

    private Decision Decide(Decision written, StoredItem? item, List<Person> people)
    {
        var record = item is null ? null : RecordJson.Read(item.Body.Span);
        if (record?.Stamp is not { } stamp || stamp != new RecordStamp(linked.WrittenBy, linked.Batch, written.Line)) return Left(written, Changed(linked, written));
        var named = Words.Quote(written.Manager!);
        // An overlay keeps the manager of before when the new one cannot be linked.
        var had = record.Links?.GetValueOrDefault(links.Manager.Id) is { } earlier ? record.ValueOf(links.Manager.Id) as string ?? earlier : null;
        var left = had is null ? "nobody was linked as manager" : $"the manager that it had, {Words.Quote(had)}, stays";
        if (people.Count == 0)
        {
            return Left(written, Problem("link-not-found",
                $"The manager {named} is neither among the records of this job nor in the workspace, so that {left}; the record itself was transferred. Import the manager, then this record again with Append/Overlay, or retry the job's errors."));
        }
        if (people.Count > 1)
        {
            return Left(written, Problem("link-ambiguous", string.Create(CultureInfo.InvariantCulture,
                $"{named} names more than one entity: {Words.List([.. people.Take(5).Select(p => p.Identifier)])}{(people.Count > 5 ? $" and {people.Count - 5} more" : "")}, so that {left}; the record itself was transferred. Name the manager by the unique identifier.")));
        }
        if (Identifier.Fold(people[0].Identifier) == Identifier.Fold(record.Identifier))
        {
            return Left(written, Problem("link-self",
                $"The manager {named} is the person itself, so that {left}; the record itself was transferred. Correct the manager, or leave it blank."));
        }
        return Link(written, item!, record, people[0]);

        Problem Problem(string code, string message) => Item(linked, written, code, message);
    }

    private Decision Link(Decision written, StoredItem item, Record record, Person manager)
    {
        var after = record with { Links = new(record.Links ?? []) { [links.Manager.Id] = manager.Identifier }, Values = new(record.Values), Filterable = new(record.Filterable) };
        after.Values.Remove(links.Manager.Id);
        after.Filterable.Remove(links.Manager.Id);
        (links.Manager.Filterable ? after.Filterable : after.Values)[links.Manager.Id] = manager.Name;
        var body = RecordJson.Write(after);
        // Linked so already: there is nothing to write.
        return Basics(written) with { Outcome = Outcome.Replace, ETag = item.ETag, Body = RecordJson.IsSame(item.Body, body) ? default(ReadOnlyMemory<byte>) : body };
    }

    private static Decision Left(Decision written, Problem problem) => Basics(written) with { Outcome = Outcome.Reject, Problems = [problem] };

    private static Decision Basics(Decision written) => new()
    {
        Line = written.Line,
        Outcome = Outcome.Reject,
        SourceId = written.SourceId,
        Identifier = written.Identifier,
        Partition = written.Partition,
        Id = written.Id,
        Sort = written.Sort,
    };

    /// <summary>The problem of a record that somebody changed before it could be linked.</summary>
    public static Problem Changed(LinkedBatch linked, Decision decision) => Item(linked, decision, "record-changed",
        "The record was changed by somebody else before it was linked to its manager; it was left as it is. Import it again with Append/Overlay to link it.");

    private static Problem Item(LinkedBatch linked, Decision decision, string code, string message)
        => Problem.Item(linked.Prepared.Layout.Name, code, decision.Line, decision.SourceId, linked.Prepared.Links!.Column, message);
}
