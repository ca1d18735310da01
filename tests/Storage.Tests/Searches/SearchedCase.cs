using System.Text;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.Storage.Tests.Searches;

/// <summary>A document as people see it: its values by the names of fields.</summary>
/// <param name="Id">The identifier.</param>
/// <param name="Values">Text, whole numbers, yes/no, arrays, and <see cref="KeptText"/>.</param>
/// <param name="Folder">The path of its folder; null: the root.</param>
/// <param name="Productions">The productions that hold images of it.</param>
internal sealed record Row(string Id, Dictionary<string, object> Values, string? Folder = null, params string[] Productions);

/// <summary>A long text that is kept as a file.</summary>
internal sealed record KeptText(string Text);

/// <summary>A workspace for searches: a field of each type, indexed and not.</summary>
internal sealed class SearchedCase(IRecords store, Blobs blobs)
{
    public static readonly ObjectType Documents = new() { Name = ObjectType.Document, IdentifierField = "id" };

    public static readonly IReadOnlyList<Field> Fields =
    [
        New("Control Number", FieldType.FixedLengthText, false) with { Id = "id", Role = FieldRole.Identifier },
        New("Title", FieldType.FixedLengthText, true), New("Note", FieldType.FixedLengthText, false), New("Body", FieldType.LongText, false),
        New("Remark", FieldType.LongText, true), New("Pages", FieldType.WholeNumber, true), New("Size", FieldType.WholeNumber, false),
        New("Price", FieldType.Decimal, true), New("Cost", FieldType.Currency, false), New("Sent", FieldType.Date, true), New("Day", FieldType.Date, false),
        New("Hot", FieldType.YesNo, true), New("Flag", FieldType.YesNo, false), New("Tag", FieldType.SingleChoice, true), New("Issues", FieldType.MultipleChoice, true),
        New("Marks", FieldType.MultipleChoice, false), New("Custodian", FieldType.SingleObject, true), New("Parties", FieldType.MultipleObject, false),
        New("Reviewer", FieldType.User, true),
    ];

    public Workspace Workspace { get; } = new() { Id = $"search-{Guid.NewGuid():n}", Name = "Search", Buckets = 3 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Field New(string name, FieldType type, bool filterable)
        => new() { Id = Field.IdFor(ObjectType.Document, name), ObjectType = ObjectType.Document, Name = name, Type = type, Filterable = filterable };

    public async Task FillAsync(IEnumerable<Row> rows)
    {
        var writes = new List<ItemWrite>();
        foreach (var row in rows) writes.Add(await WriteAsync(row));
        // Records of another object type lie in the same partitions.
        writes.AddRange(writes.Select(w => w with { Key = new ItemKey(w.Key.Partition, "OTHER|" + w.Key.Id), Sort = "OTHER|" + w.Sort }).ToList());
        foreach (var some in writes.Chunk(200)) Assert.All(await store.WriteAsync(some, Stop), result => Assert.Equal(WriteStatus.Done, result.Status));
    }

    /// <summary>The query of a condition, also after it was stored as JSON.</summary>
    public static RecordQuery Query(Condition condition)
    {
        var resolved = ConditionResolver.Resolve(condition, Documents, Fields);
        Assert.Empty(resolved.Problems);
        var json = System.Text.Json.JsonSerializer.Serialize(resolved.Query);
        return System.Text.Json.JsonSerializer.Deserialize<RecordQuery>(json)!;
    }

    public async Task<List<string>> FindAsync(RecordQuery query)
        => await new Storage.Catalog.RecordListing(store, blobs).ListAsync(Workspace, ObjectType.Document, null, query, Stop)
            .Select(item => RecordJson.Read(item.Body.Span).Identifier).ToListAsync(Stop);

    /// <summary>What the store itself answers, in all partitions.</summary>
    public async Task<List<Record>> AnsweredAsync(RecordQuery query)
    {
        var answered = new List<Record>();
        for (var bucket = 0; bucket < Workspace.Buckets; bucket++)
        {
            var items = await store.ListAsync(new ItemQuery(Identifier.Partition(Workspace.Id, bucket), Identifier.SortPrefix(ObjectType.Document)) { Filter = query }, Stop);
            answered.AddRange(items.Select(item => RecordJson.Read(item.Body.Span)));
        }
        return answered;
    }

    private async Task<ItemWrite> WriteAsync(Row row)
    {
        var record = new Record
        {
            Type = ObjectType.Document,
            Identifier = row.Id,
            Folder = FolderPath.Parse("", row.Folder ?? "").Folder,
            Images = row.Productions.Length == 0 ? null : row.Productions.ToDictionary(Production.IdFor, _ => new ImageSet(1, "x", 1)),
        };
        foreach (var (name, value) in row.Values)
        {
            var field = Fields.Single(f => f.Name == name);
            (field.Filterable ? record.Filterable : record.Values)[field.Id] = value is KeptText kept ? await KeepAsync(kept.Text) : value;
        }
        return new ItemWrite(
            WriteKind.Create, Identifier.Key(Workspace.Id, Workspace.Buckets, record.Type, row.Id), Identifier.Sort(record.Type, row.Id), RecordJson.Write(record));
    }

    private async Task<TextReference> KeepAsync(string text)
    {
        var reference = new TextReference($"{Workspace.Id}/{Guid.NewGuid():n}.txt", Encoding.UTF8.GetByteCount(text));
        Assert.True(await Blobs.CreateAsync(blobs.Files, reference.Blob, BinaryData.FromString(text), Stop));
        return reference;
    }
}
