using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Tests.Csv;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using IntegrationPoints.Tests;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace IntegrationPoints.Providers.Tests;

/// <summary>Real stores, and workspaces to import into: an account of its own on the emulator that all classes share.</summary>
public sealed class Stores(AzuriteServer azurite) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("stores-").FullName;
    private SqliteRecords? sqlite;

    public Blobs Blobs { get; private set; } = null!;
    public JobTables Tables { get; private set; } = null!;
    public IRecords Records => sqlite!;
    public WorkspaceStores Workspaces => new(Import.Catalog(this), new Catalog(Records), Records, Blobs);

    /// <summary>The way out, on which a test opens what it needs.</summary>
    internal InstanceSettings Instance => new(new Catalog(Records));

    internal KnownSecrets Secrets { get; } = [];

    internal Outside Outside => new(new OutboundHosts(Instance), Secrets, new PointCatalog(new Catalog(Records), TimeProvider.System), TimeProvider.System, Instance) { FirstWait = TimeSpan.FromMilliseconds(50) };

    public async ValueTask InitializeAsync()
    {
        var account = azurite.NewAccount();
        Blobs = new Blobs(new BlobServiceClient(account));
        Tables = new JobTables(new TableServiceClient(account));
        sqlite = new SqliteRecords(Path.Combine(folder, "records.db"));
        await Blobs.EnsureAsync(default);
        await Tables.EnsureAsync(default);
        await sqlite.EnsureAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await sqlite!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One workspace and the jobs that import into it, batch by batch, as an orchestration would run them.</summary>
internal sealed class Import(Stores stores, Engine.Workspaces.Workspace workspace)
{
    private int jobs;

    /// <summary>What the instance's settings say when a job starts.</summary>
    public InstanceValues Instance { get; init; } = new();

    /// <summary>What whoever starts its jobs may not have made.</summary>
    public Withheld? Withheld { get; set; }

    public Stores Stores { get; } = stores;
    public Engine.Workspaces.Workspace Workspace { get; } = workspace;
    public string Folder => $"StructuredData/{Workspace.Id}/in";

    public static async Task<Import> NewAsync(Stores stores)
        => new(stores, await Catalog(stores).CreateAsync("Test", default));

    public Task<BlobVersion> UploadAsync(string path, string content) => UploadAsync(path, Encoding.UTF8.GetBytes(content));

    public async Task<BlobVersion> UploadAsync(string path, byte[] content)
    {
        var name = $"{Folder}/{path}";
        await Stores.Blobs.Staging.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true);
        return (await Blobs.FindAsync(Stores.Blobs.Staging, name, default))!;
    }

    /// <summary>A job that is validated and planned: a comma-separated file with a header.</summary>
    public Task<TestJob> JobAsync(string file, ImportSettings? import = null, LoadFileSettings? settings = null, BatchSize? size = null,
        IRecords? records = null)
    {
        var source = (settings ?? new LoadFileSettings { Column = ',', Quote = '"' }) with { File = $"{Folder}/{file}" };
        if (source.BaseFolder is { } folder) source = source with { BaseFolder = $"{Folder}/{folder}" };
        var creating = (import ?? new ImportSettings()) with { CreateFields = import?.CreateFields ?? new FieldSchema() };
        return JobAsync(Sources.Write(LoadFileSettings.Provider, source), creating, size, records);
    }

    /// <summary>A job that is validated and planned, from any source.</summary>
    public async Task<TestJob> JobAsync(
        ProviderSettings source, ImportSettings import, BatchSize? size = null, IRecords? records = null, string point = "p",
        string objectType = "Document", IReadOnlyList<FieldMapping>? mapping = null)
    {
        var id = $"{Workspace.Id}-{++jobs}";
        var owner = new IntegrationPoint
        {
            Id = point,
            Name = "Point",
            Workspace = Workspace.Id,
            ObjectType = objectType,
            Source = source,
            MapAllFields = true,
            Mapping = mapping ?? [],
            Import = import,
        };
        var job = new Job { Id = id, Point = owner, Trigger = "user", StartedBy = "tester", StartedUtc = new DateTimeOffset(2026, 3, 4, 5, 6, 7, default), Instance = Instance, Withheld = Withheld };
        await Stores.Tables.History.CreateAsync(
            new JobHistory
            {
                JobId = id,
                Workspace = Workspace.Id,
                WorkspaceName = Workspace.Name,
                PointId = point,
                Name = "Point",
                Trigger = "user",
                StartedBy = "tester",
                StartedUtc = job.StartedUtc,
                Status = JobStatus.Processing,
            },
            default);
        return await TestJob.PrepareAsync(this, job, size, records ?? Stores.Records);
    }

    /// <summary>The validation of a job once more, as the same job or as another of its point.</summary>
    public Task<TestJob> PrepareAgainAsync(TestJob job, JobType? type = null, string? id = null)
        => TestJob.PrepareAsync(this, job.Job with { Id = id ?? job.Job.Id, Type = type ?? job.Job.Type }, null, Stores.Records);

    public async Task<Engine.Records.Record?> RecordAsync(string identifier, string objectType = "Document")
        => await Stores.Records.ReadAsync(Identifier.Key(Workspace.Id, Workspace.Buckets, objectType, identifier), default) is { } item
            ? RecordJson.Read(item.Body.Span)
            : null;

    /// <summary>Names and sizes of the files that the workspace keeps.</summary>
    public async Task<List<string>> FilesAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Blobs.ListAsync(Stores.Blobs.Files, Workspace.Id + "/", default)) names.Add($"{blob.Name} {blob.Bytes}");
        return names;
    }

    /// <summary>The paths of choices or folders as they are shown.</summary>
    public async Task<List<string>> ConfigAsync(string prefix)
        => [.. (await Stores.Records.ListAsync(new ItemQuery($"{Workspace.Id}|config", prefix), default))
            .Select(i => System.Text.Json.JsonSerializer.Deserialize<NamedPath>(i.Body.Span, System.Text.Json.JsonSerializerOptions.Web)!.Path)];

    public static WorkspaceFields Fields(Stores stores, IRecords? records = null)
        => new(Catalog(stores), new UserCatalog(new Catalog(stores.Records)), new FieldCatalog(new Catalog(stores.Records)), records ?? stores.Records);

    public static WorkspaceCatalog Catalog(Stores stores) => new(new Catalog(stores.Records), stores.Records, TimeProvider.System);
}

/// <summary>A job between validation and its end: its batches can be attempted in any order, more than once, over faulty stores.</summary>
internal sealed class TestJob
{
    private readonly Import import;
    private readonly ISource source;

    private TestJob(Import import, Job job, PreparedJob prepared, ISource source, IReadOnlyList<BatchPlan> batches)
        => (this.import, Job, Prepared, this.source, Batches) = (import, job, prepared, source, batches);

    public Job Job { get; }
    public PreparedJob Prepared { get; }
    public IReadOnlyList<BatchPlan> Batches { get; }

    public static async Task<TestJob> PrepareAsync(Import import, Job job, BatchSize? size, IRecords records)
    {
        var stores = import.Stores;
        var source = new Sources(stores.Workspaces, new JobStores(new JobFiles(stores.Blobs), stores.Tables), stores.Outside, new StagingPaths(), size ?? new BatchSize()).Open(job);
        var layout = await source.CheckAsync(default);
        var prepared = await Preparation(import, records).PrepareAsync(job, layout, default);
        var batches = new List<BatchPlan>();
        for (PlanCursor? cursor = new(); cursor is not null;)
        {
            var page = prepared.ObjectType.IsDocument
                ? await source.PlanAsync(layout, identifier: 0, cursor, default)
                : await Destination(import, records).PlanAsync(job, prepared, source, cursor, default);
            batches.AddRange(page.Batches);
            cursor = page.Next;
        }
        return new TestJob(import, job, prepared, source, batches);
    }

    /// <summary>One attempt at a batch; <paramref name="records"/> may be a store that fails or stalls.</summary>
    public Task<BatchResult> AttemptAsync(int batch = 0, IRecords? records = null)
    {
        return Destination(import, records ?? import.Stores.Records).WriteAsync(Job, Prepared, source, Batches[batch], default);
    }

    /// <summary>One attempt at linking the records of a batch.</summary>
    public Task<BatchResult> LinkAsync(int batch = 0, IRecords? records = null) => LinkAsync(new LinkedBatch(Job, Prepared, batch), records);

    /// <summary>Links what jobs that it retries could not: the last of them first, as their batches are counted.</summary>
    public async Task<JobCounts> LinkRetriedAsync(params TestJob[] retried)
    {
        var prepared = Prepared with { Links = Prepared.Links! with { Retried = [.. retried.Select(r => new RetriedBatches(r.Job.Id, r.Batches.Count))] } };
        var counts = new JobCounts();
        for (var place = 0; place < retried.Sum(r => r.Batches.Count); place++) counts += (await LinkAsync(LinkedBatch.OfRetried(Job, prepared, place))).Counts;
        return counts;
    }

    private Task<BatchResult> LinkAsync(LinkedBatch linked, IRecords? records = null)
        => new RecordLinks(import.Stores.Blobs, import.Stores.Tables, records ?? import.Stores.Records).LinkAsync(linked, default);

    private static WorkspaceDestination Destination(Import import, IRecords records)
        => new(Preparation(import, records), new JobFiles(import.Stores.Blobs), import.Stores.Tables, records, new UsedNames(records));

    /// <summary>What the end of the job does to its workspace.</summary>
    public Task SettleAsync(JobStatus status, JobCounts counts)
        => Preparation(import, import.Stores.Records).SettleAsync(Job, Prepared, status, counts, default);

    private static WorkspacePreparation Preparation(Import import, IRecords records)
        => new(
            Import.Fields(import.Stores, records), Import.Catalog(import.Stores),
            new ProductionCatalog(new Catalog(import.Stores.Records)), TimeProvider.System);

    /// <summary>Changes the job's row of the history.</summary>
    public async Task ChangeAsync(Func<JobHistory, JobHistory> change)
        => Assert.True(await import.Stores.Tables.History.TryUpdateAsync(change((await import.Stores.Tables.History.GetAsync(Job.Id, default))!), default));

    public string FieldId(string name) => Prepared.Fields.Single(f => f.Name == name).Id;

    /// <summary>Line, code and identifier of each error.</summary>
    public async Task<List<string>> ErrorsWithIdAsync() => [.. (await import.Stores.Tables.Errors.ListAsync(Job.Id, 1000, null, default)).Items
        .Select(e => $"{e.Problem.Line} {e.Problem.Code} {e.Problem.SourceId}")];

    public async Task<List<string>> ErrorsAsync() => [.. (await import.Stores.Tables.Errors.ListAsync(Job.Id, 1000, null, default)).Items
        .Select(e => $"{e.Problem.Line} {e.Problem.Code}")];

    public async Task<List<string>> WarningsAsync() => [.. (await import.Stores.Tables.Warnings.ListAsync(Job.Id, 1000, null, default)).Items
        .Select(e => $"{e.Problem.Line} {e.Problem.Code}")];

    public async Task<List<string>> MessagesAsync() => [.. (await import.Stores.Tables.Errors.ListAsync(Job.Id, 1000, null, default)).Items.Select(e => e.Problem.Message)];
}
