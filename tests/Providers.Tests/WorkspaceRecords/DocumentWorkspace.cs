using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage.Catalog;
using Record = IntegrationPoints.Engine.Records.Record;

namespace IntegrationPoints.Providers.Tests.WorkspaceRecords;

/// <summary>A workspace whose documents are read, over real stores.</summary>
internal sealed class DocumentWorkspace
{
    private readonly Stores stores;
    private int jobs;

    private DocumentWorkspace(Stores stores, Engine.Workspaces.Workspace workspace) => (this.stores, Workspace) = (stores, workspace);

    /// <summary>Who saved the integration points.</summary>
    public const string User = "ann@example.com";

    public Engine.Workspaces.Workspace Workspace { get; }

    public static async Task<DocumentWorkspace> NewAsync(Stores stores)
        => new(stores, await Import.Catalog(stores).CreateAsync("Case Baker", default));

    public async Task<Field> FieldAsync(string name, FieldType type, FieldRole role = FieldRole.None)
    {
        var field = new Field { Id = Field.IdFor(ObjectType.Document, name), ObjectType = ObjectType.Document, Name = name, Type = type, Role = role };
        Assert.True(await Import.Catalog(stores).CreateFieldAsync(Workspace.Id, field, default));
        return field;
    }

    public async Task<Production> ProductionAsync(string name)
    {
        var production = new Production { Id = Production.IdFor(name), Name = name };
        Assert.True(await stores.Workspaces.Productions.CreateAsync(Workspace.Id, production, default));
        return production;
    }

    /// <summary>Saves a search, or changes the one of the name.</summary>
    public Task SearchAsync(SavedList list) => SaveAsync(stores.Workspaces.Searches, list);

    /// <summary>Saves a view.</summary>
    public Task ViewAsync(SavedList list) => SaveAsync(stores.Workspaces.Views, list);

    private async Task SaveAsync(SavedListCatalog lists, SavedList list)
    {
        list = list with { Id = lists.IdFor(list.Name, list.Owner) };
        if (await lists.CreateAsync(Workspace.Id, list, default) is not null) return;
        var now = (await lists.FindAsync(Workspace.Id, list.Id, list.Owner ?? User, default))!;
        Assert.NotNull(await lists.ReplaceAsync(Workspace.Id, list, now.ETag, default));
    }

    public async Task FolderAsync(params string[] paths)
    {
        foreach (var path in paths) await stores.Workspaces.Folders.CreateAsync(Workspace.Id, Folder(path), default);
    }

    /// <summary>A document with values.</summary>
    public static Record Document(string identifier, string? folder = null, params (Field Field, object Value)[] values) => new()
    {
        Type = ObjectType.Document,
        Identifier = identifier,
        Folder = folder is null ? null : Folder(folder),
        Values = values.ToDictionary(v => v.Field.Id, v => v.Value),
    };

    public Task AddAsync(params string[] identifiers) => AddAsync(identifiers.Select(id => Document(id)));

    public async Task AddAsync(IEnumerable<Record> documents)
    {
        foreach (var group in documents.Chunk(1000))
        {
            var results = await stores.Records.WriteAsync(
                [.. group.Select(d => new ItemWrite(WriteKind.Create, Key(d.Identifier), Identifier.Sort(ObjectType.Document, d.Identifier), RecordJson.Write(d)))], default);
            Assert.All(results, r => Assert.Equal(WriteStatus.Done, r.Status));
        }
    }

    public async Task ChangeAsync(string identifier)
    {
        var item = (await stores.Records.ReadAsync(Key(identifier), default))!;
        var changed = RecordJson.Read(item.Body.Span) with { Edited = true };
        var results = await stores.Records.WriteAsync([new ItemWrite(WriteKind.Replace, item.Key, item.Sort, RecordJson.Write(changed), item.ETag)], default);
        Assert.Equal(WriteStatus.Done, results[0].Status);
    }

    public Task DeleteAsync(string identifier) => stores.Records.WriteAsync([new ItemWrite(WriteKind.Delete, Key(identifier), "", default)], default);

    /// <summary>The document with a set of images, whose pages lie beside it.</summary>
    public async Task<Record> WithImagesAsync(Record document, string set, params ImagePage[] pages)
    {
        var images = new ImageSet(pages.Length, $"images|{document.Identifier}|{set}", (pages.Length + ImageSet.PagesPerPart - 1) / ImageSet.PagesPerPart);
        foreach (var (part, number) in pages.Chunk(ImageSet.PagesPerPart).Select((p, i) => (new ImagePart(p), i)))
        {
            var key = new ItemKey(Key(document.Identifier).Partition, images.PartId(number));
            await stores.Records.WriteAsync([new ItemWrite(WriteKind.Create, key, key.Id, JsonSerializer.SerializeToUtf8Bytes(part, JsonSerializerOptions.Web))], default);
        }
        return document with { Images = new(document.Images ?? []) { [set] = images } };
    }

    public static ImagePage Page(string id, long bytes = 10, string? file = null, int pageOfFile = 0) => new()
    {
        Id = id,
        File = file ?? id + ".tif",
        Blob = "ws/" + (file ?? id + ".tif"),
        Bytes = bytes,
        Sha256 = "",
        Type = pageOfFile == 0 ? ImageType.Tiff : ImageType.Pdf,
        PageOfFile = pageOfFile,
    };

    /// <summary>The source of a new job.</summary>
    public WorkspaceSource Source(WorkspaceSettings? settings = null, ExportSettings? export = null, BatchSize? size = null, string? job = null, int runLines = 50_000)
    {
        var point = new IntegrationPoint
        {
            Id = "p",
            Name = "Point",
            Workspace = Workspace.Id,
            SavedBy = User,
            Source = Sources.Write(WorkspaceSettings.Provider, settings ?? new WorkspaceSettings { Part = WorkspacePart.FolderAndSubfolders }),
            Destination = export is null ? null : Sources.Write(ExportSettings.Provider, export),
        };
        return new WorkspaceSource(point, job ?? NextJob(), stores.Workspaces, size ?? new BatchSize()) { RunLines = runLines };
    }

    public string NextJob() => string.Create(CultureInfo.InvariantCulture, $"{Workspace.Id}-{++jobs}");

    /// <summary>What a job would transfer: identifiers in the order of its list, after what is wrong with those that it rejects.</summary>
    public async Task<List<string>> RunAsync(WorkspaceSettings? settings = null, ExportSettings? export = null, Func<SelectedDocuments, SelectedDocuments>? change = null, int runLines = 50_000)
    {
        var source = Source(settings, export, runLines: runLines);
        var layout = await source.CheckAsync(default);
        if (change is not null) layout = layout with { Frozen = change(SelectedDocuments.From(layout)).Freeze() };
        await source.SpoolAsync(layout, default);
        return [.. (await ReadAllAsync(source, layout)).Select(r => r.Stored?.Record.Identifier ?? r.Problem!.Code)];
    }

    public static async Task<List<SourceRecord>> ReadAllAsync(WorkspaceSource source, SourceLayout layout)
    {
        var records = new List<SourceRecord>();
        foreach (var batch in await PlanAllAsync(source, layout))
            await foreach (var record in source.ReadAsync(layout, batch, [], default)) records.Add(record);
        return records;
    }

    public static async Task<List<BatchPlan>> PlanAllAsync(WorkspaceSource source, SourceLayout layout)
    {
        var batches = new List<BatchPlan>();
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = await source.PlanAsync(layout, 0, cursor, default);
            batches.AddRange(page.Batches);
            cursor = page.Next;
        }
        return batches;
    }

    /// <summary>The list of a job, as its documents.</summary>
    public async Task<List<ListedDocument>> ListAsync(string job)
    {
        var documents = new List<ListedDocument>();
        await foreach (var line in new DocumentList(stores.Blobs, job).ReadAsync(0, null, 1, default)) documents.Add(line.Document);
        return documents;
    }

    private ItemKey Key(string identifier) => Identifier.Key(Workspace.Id, Workspace.Buckets, ObjectType.Document, identifier);

    private static RecordFolder Folder(string path) => FolderPath.Parse("", path).Folder!;
}
