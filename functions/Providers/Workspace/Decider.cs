using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Custody;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Decides what becomes of source records: reads the rows, looks at the records that are there, and says for each row whether it creates one,
/// replaces one in the version seen, or is rejected and why. Writes nothing but long texts and files of packages into the file repository, and
/// not even those when its <see cref="TextFiles"/> are on paper.
/// </summary>
internal sealed class Decider
{
    private readonly ImportSettings import;
    private readonly ResolvedMapping mapping;
    private readonly RowReader rows;
    private readonly Overlay overlay;
    private readonly ExistingRecords existing;
    private readonly Field[] lookupFields;
    private readonly Field[] choiceFields;
    private readonly NativeFiles natives;
    private readonly NamedValues named;
    private readonly (Field Field, string ObjectType)[] objectFields;
    private readonly UsedNames names;
    private readonly FileHashes? hashes;
    private readonly BatchScope scope;
    private readonly DateTimeOffset now;

    public Decider(
        Job job, PreparedJob prepared, IRecords records, UsedNames names, TextFiles texts, BatchScope scope, DateTimeOffset now)
    {
        import = job.Point.Import;
        mapping = ResolvedMapping.Of(job.Point, prepared);
        rows = new RowReader(job, prepared, mapping, texts, scope);
        overlay = new Overlay(prepared.ObjectType, prepared.Fields, import);
        existing = new ExistingRecords(records, mapping, prepared.Fields, scope);
        lookupFields = [.. prepared.Fields.Where(f => Lookups.IsUsed(prepared.ObjectType, f))];
        choiceFields = [.. mapping.Fields.Select(m => m.Field).Where(f => f.Type is FieldType.SingleChoice or FieldType.MultipleChoice)];
        natives = new NativeFiles(texts, scope, import, job.Instance.RestrictedFileTypes);
        named = new NamedValues(job, prepared, mapping, records, scope);
        objectFields = [.. mapping.Fields.Select(m => m.Field).Where(f => prepared.Associated.GetValueOrDefault(f.Id) is { CanCreate: true })
            .Select(f => (f, prepared.Associated[f.Id].ObjectType))];
        this.names = names;
        hashes = import.HashFiles && !texts.OnPaper ? new FileHashes(texts.Blobs, scope.File) : null;
        this.scope = scope;
        this.now = now;
    }

    /// <summary>Reads the images of documents; null when the source brings none.</summary>
    public PageReader? Pages { get; init; }

    /// <summary>The fields of the source whose cells hold paths.</summary>
    public IReadOnlyList<int> FileFields => rows.FileFields;

    /// <summary>Decides about the records of a group, in their order.</summary>
    public async Task<IReadOnlyList<Decision>> DecideAsync(IReadOnlyList<SourceRecord> group, CancellationToken cancellationToken)
    {
        var read = group.Select(rows.Read).ToArray();
        await Parallel.ForEachAsync(
            read.Where(row => row.Texts.Count > 0), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (row, token) => await rows.AddTextsAsync(row, token));
        if (Pages is not null) await Pages.AddAsync(read, cancellationToken);
        await named.CheckAsync(read, cancellationToken);
        var found = await existing.FindAsync(read, cancellationToken);
        var refused = read.Select((row, i) => Refused(row, found[i])).ToArray();
        // Of rows that are written only: each native costs a request.
        await Parallel.ForEachAsync(
            read.Where((row, i) => refused[i] is null && row.NativeSource is not null),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken },
            async (row, token) => await natives.AddAsync(row, token));
        Decision[] decisions = [.. read.Select((row, i) => refused[i] ?? (row.Errors.Count > 0 ? Rejected(row, row.Errors) : Write(row, found[i].Item)))];
        return hashes is null ? decisions : await hashes.AddAsync(decisions, cancellationToken);
    }

    private Decision? Refused(Row row, Found found)
    {
        if (row.Errors.Count > 0) return Rejected(row, row.Errors);
        if (found.Ambiguous is { } both)
        {
            return Rejected(row, "overlay-ambiguous", mapping.Key.ColumnName,
                $"The value {Words.Quote(row.Key)} names more than one record: {Words.List(both)}. Expected one; overlay by the identifier, or make the values unique.");
        }
        if (found.IsTaken && import.Overwrite != OverwriteMode.OverlayOnly)
        {
            return Rejected(row, "record-exists", mapping.Identifier?.ColumnName,
                $"No record has the {Words.Quote(mapping.Key.Field.Name)} {Words.Quote(row.Key)}, so that a new one is to be made, but {Words.Quote(row.Identifier ?? "")} is in the workspace already. Correct the row.");
        }
        if (found.Item is null && import.Overwrite == OverwriteMode.OverlayOnly)
        {
            return Rejected(row, "record-not-found", mapping.Key.ColumnName,
                $"No record has the {Words.Quote(mapping.Key.Field.Name)} {Words.Quote(row.Key)}, and Overlay Only makes none. Correct the value, or import with Append/Overlay.");
        }
        if (found.Item is not null && import.Overwrite == OverwriteMode.AppendOnly)
        {
            return Rejected(row, "record-exists", mapping.Key.ColumnName,
                $"A record with the {Words.Quote(mapping.Key.Field.Name)} {Words.Quote(row.Key)} is in the workspace already, and Append Only leaves it as it is. Import with Append/Overlay to overlay it.");
        }
        return null;
    }

    private Decision Write(Row row, StoredItem? item)
    {
        var before = item is null ? null : RecordJson.Read(item.Body.Span);
        var identifier = before?.Identifier ?? row.Identifier;
        if (identifier is null) return Rejected(row, "missing-identifier", mapping.Identifier?.ColumnName, "The identifier is blank, and a new record needs one. Enter it, or leave the row out.");
        if (before is null && mapping.HasUniqueIdentifier && row.Name is null)
            return Rejected(row, "missing-identifier", mapping.Name!.Field.Name, "The full name is blank, and a new record needs one. Enter it, or leave the row out.");
        var values = new NewValues
        {
            Identifier = identifier,
            Values = row.Values,
            Folder = row.Folder,
            Native = row.Native,
            Link = row.Link,
            WrittenUtc = now,
            Stamp = new RecordStamp(scope.Job, scope.Batch, row.Source.Line),
        };
        var result = before is null ? overlay.New(values) : overlay.Apply(before, values);
        if (result.Record is not { } record)
            return Rejected(row, [.. result.Problems.Select(p => Problem.Item(scope.File, p.Code, row.Source.Line, row.SourceId, p.Field.Name, p.Reason))]);
        if (row.Images is { } images) record = record with { Images = new(record.Images ?? []) { [images.Set] = images.Summary } };
        var body = RecordJson.Write(record);
        var key = item?.Key ?? Identifier.Key(scope.Workspace, scope.Buckets, scope.ObjectType, identifier);
        return Basics(row) with
        {
            Outcome = item is null ? Outcome.Create : Outcome.Replace,
            Identifier = identifier,
            Partition = key.Partition,
            Id = key.Id,
            Sort = Identifier.Sort(scope.ObjectType, identifier),
            ETag = item?.ETag,
            Manager = row.Manager,
            Files = row.Files,
            Images = row.Images?.Items,
            Choices = NewChoices(record),
            Objects = NewObjects(row),
            Folder = record.Folder is { } folder && !names.Knows(scope.Workspace, folder) ? folder : null,
            Lookups = NewLookups(before, record),
            Problems = row.Warnings,
            Body = body,
            Replaced = item?.Body ?? default,
        };
    }

    private Dictionary<string, string> NewLookups(Record? before, Record after)
    {
        var lookups = new Dictionary<string, string>();
        foreach (var field in lookupFields)
            if (after.ValueOf(field.Id) is string value && before?.ValueOf(field.Id) as string != value) lookups.Add(field.Id, value);
        if (after.Link is { } link && before?.Link != link) lookups.Add(Lookups.Link, link);
        return lookups;
    }

    // Those of the row: what a merged field had before was made long ago.
    private IReadOnlyList<UsedObject> NewObjects(Row row)
    {
        if (objectFields.Length == 0) return [];
        var objects = new List<UsedObject>();
        foreach (var (field, type) in objectFields)
        {
            var value = row.Values.Find(v => v.Field.Id == field.Id).Value;
            IReadOnlyList<string> used = value switch { string one => [one], string[] many => many, _ => [] };
            objects.AddRange(used.Select(name => new UsedObject(type, name)).Where(o => !names.Knows(scope, o) && !named.IsThere(o)));
        }
        return objects;
    }

    private IReadOnlyList<UsedChoice> NewChoices(Record record)
    {
        List<UsedChoice>? choices = null;
        foreach (var field in choiceFields)
        {
            IReadOnlyList<string> paths = record.ValueOf(field.Id) switch { string path => [path], string[] many => many, _ => [] };
            foreach (var path in paths)
                if (new UsedChoice(field.Id, path) is var choice && !names.Knows(scope.Workspace, choice)) (choices ??= []).Add(choice);
        }
        return choices is null ? [] : choices;
    }

    private Decision Rejected(Row row, string code, string? field, string reason)
        => Rejected(row, [Problem.Item(scope.File, code, row.Source.Line, row.SourceId, field, reason)]);

    private static Decision Rejected(Row row, IReadOnlyList<Problem> errors) => Basics(row) with { Problems = errors };

    private static Decision Basics(Row row) => new()
    {
        Line = row.Source.Line,
        Offset = row.Source.Position.Offset,
        Length = row.Source.Position.Length,
        Outcome = Outcome.Reject,
        SourceId = row.SourceId,
    };
}
