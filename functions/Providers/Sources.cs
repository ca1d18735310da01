using System.Text.Json;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Entra;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Providers.Retry;
using IntegrationPoints.Providers.Spool;
using IntegrationPoints.Providers.WorkspaceRecords;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers;

/// <summary>The source providers by name: for each its settings record and how to open it.</summary>
public sealed class Sources(WorkspaceStores stores, JobStores jobs, Outside outside, StagingPaths staging, BatchSize size)
{
    private static readonly string[] PathMembers = [nameof(LoadFileSettings.File), nameof(LoadFileSettings.BaseFolder)];

    /// <summary>Each provider's name and the type of its settings, from which the API makes the schema of its form.</summary>
    public static IReadOnlyDictionary<string, Type> Settings { get; } = new Dictionary<string, Type>
    {
        [LoadFileSettings.Provider] = typeof(LoadFileSettings),
        [ImageFileSettings.Provider] = typeof(ImageFileSettings),
        [CsvSettings.Provider] = typeof(CsvSettings),
        [EntraSettings.Provider] = typeof(EntraSettings),
        [LdapSettings.Provider] = typeof(LdapSettings),
        [WorkspaceSettings.Provider] = typeof(WorkspaceSettings),
    };

    /// <summary>The source of a job.</summary>
    /// <exception cref="ConfigurationException">There is no such provider, or its settings cannot be read.</exception>
    public ISource Open(Job job) => (Open(job.Point, job.Id, job.Instance, job.StartedUtc), job.Retry) switch
    {
        (WorkspaceSource workspace, { Whole: false } retry) => workspace.Retrying(new RejectedDocuments(retry.JobId, jobs.Files, jobs.Tables.Batches)),
        (IFileSource file, { Whole: false } retry) => new RetrySource(file, retry.JobId, jobs.Files, jobs.Tables.Batches, size),
        var (source, _) => source,
    };

    /// <summary>The source of an integration point.</summary>
    /// <param name="point">The integration point.</param>
    /// <param name="job">Where planning keeps what it finds; empty: somebody only looks, and nothing is kept.</param>
    /// <param name="instance">What the instance's settings say of it.</param>
    /// <param name="startedUtc">What "now" is for it; null: now.</param>
    /// <exception cref="ConfigurationException">There is no such provider, or its settings cannot be read.</exception>
    public ISource Open(IntegrationPoint point, string job, InstanceValues instance, DateTimeOffset? startedUtc = null) => point.Source.Provider switch
    {
        LoadFileSettings.Provider => new LoadFileSource(Readable(Read<LoadFileSettings>(point.Source), point.Workspace), stores.Blobs.Within(instance.Packages), job, size)
        {
            PathRules = point.Import.PathRules,
            Culture = point.Import.Culture,
        },
        ImageFileSettings.Provider => new ImageFileSource(Readable(Read<ImageFileSettings>(point.Source), point.Workspace), stores.Blobs.Within(instance.Packages), job, size)
        {
            PathRules = point.Import.PathRules,
        },
        CsvSettings.Provider => Spooled(point, job, instance, new CsvOrigin(point, startedUtc ?? outside.Time.GetUtcNow(), outside, new Learned(point, job, outside, jobs.Tables))),
        EntraSettings.Provider => Spooled(point, job, instance, new EntraOrigin(point, outside, new SpooledPages<WalkState>(stores.Blobs, job)), DirectoryWalk.PageSize),
        LdapSettings.Provider => Spooled(point, job, instance, new LdapOrigin(point, outside)),
        WorkspaceSettings.Provider => new WorkspaceSource(point, job, stores, size),
        var other => throw new ConfigurationException("unknown-provider", $"There is no source provider \"{other}\". Choose one of: {string.Join(", ", Settings.Keys)}."),
    };

    private SpooledSource Spooled(IntegrationPoint point, string job, InstanceValues instance, IOrigin origin, int mostRecords = int.MaxValue)
    {
        var blobs = stores.Blobs.Within(instance.Packages);
        return new SpooledSource(point, job, new SpooledCopy(origin, blobs, outside, jobs.Tables.History), blobs, size with { Records = Math.Min(size.Records, mostRecords) });
    }

    // What a workspace may read can have changed since the point was saved.
    private LoadFileSettings Readable(LoadFileSettings settings, string workspace) => settings with
    {
        File = staging.ForReading(workspace, settings.File),
        BaseFolder = string.IsNullOrWhiteSpace(settings.BaseFolder) ? null : staging.FolderForReading(workspace, settings.BaseFolder),
    };

    private ImageFileSettings Readable(ImageFileSettings settings, string workspace) => settings with
    {
        File = staging.ForReading(workspace, settings.File),
        BaseFolder = string.IsNullOrWhiteSpace(settings.BaseFolder) ? null : staging.FolderForReading(workspace, settings.BaseFolder),
    };

    /// <summary>The load file that a source reads, as a path of the staging area; null when it reads none.</summary>
    public static string? FileOf(ProviderSettings source) => source.Provider switch
    {
        LoadFileSettings.Provider => Read<LoadFileSettings>(source).File,
        ImageFileSettings.Provider => Read<ImageFileSettings>(source).File,
        _ => null,
    };

    /// <summary>The names of a source's fields as far as its settings know them; empty: only reading it tells.</summary>
    public static IReadOnlyList<string> ColumnsOf(ProviderSettings source)
        => source.Provider == CsvSettings.Provider ? Read<CsvSettings>(source).Columns : [];

    /// <summary>
    /// The fields of a source whose types its provider knows without asking it; others that it has may have one too. What comes of files and LDAP is text.
    /// </summary>
    public static IReadOnlyList<SourceField> TypesOf(ProviderSettings source)
        => source.Provider == EntraSettings.Provider ? [.. UserProperties.Fields([]).Where(f => f.Type is not null)] : [];

    /// <summary>The names of the fields that a source had when it was mapped, or first copied, as far as its settings know them; empty: they do not.</summary>
    internal static IReadOnlyList<string> KnownFieldsOf(ProviderSettings source)
        => source.Provider == CsvSettings.Provider ? CsvRules.KnownColumns(Read<CsvSettings>(source)) : [];

    /// <summary>The paths of the staging area that a source names: those that can be read of its settings, which need not be right.</summary>
    public static IEnumerable<string> PathsOf(ProviderSettings source)
    {
        if (source.Settings.ValueKind != JsonValueKind.Object) yield break;
        foreach (var member in source.Settings.EnumerateObject())
        {
            var isPath = PathMembers.Contains(member.Name, StringComparer.OrdinalIgnoreCase) && member.Value.ValueKind == JsonValueKind.String;
            if (isPath) yield return member.Value.GetString()!;
        }
    }

    /// <summary>The same source with another load file, whose folder is where its paths start.</summary>
    public static ProviderSettings WithFile(ProviderSettings source, string file) => source.Provider switch
    {
        LoadFileSettings.Provider => Write(source.Provider, Read<LoadFileSettings>(source) with { File = file, BaseFolder = null }),
        ImageFileSettings.Provider => Write(source.Provider, Read<ImageFileSettings>(source) with { File = file, BaseFolder = null }),
        _ => source,
    };

    /// <summary>A provider's settings as an integration point keeps them.</summary>
    public static ProviderSettings Write<T>(string provider, T settings)
        => new(provider, JsonSerializer.SerializeToElement(settings, JsonSerializerOptions.Web));

    /// <summary>A provider's settings.</summary>
    /// <exception cref="ConfigurationException">They cannot be read.</exception>
    public static T Read<T>(ProviderSettings source)
    {
        try
        {
            return source.Settings.Deserialize<T>(JsonSerializerOptions.Web) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new ConfigurationException("invalid-settings", $"The settings of the source cannot be read{(e.Path is { } path ? $" at {path}" : "")}. Save the integration point again.");
        }
    }
}

/// <summary>What jobs leave: their files and their tables.</summary>
public sealed record JobStores(JobFiles Files, JobTables Tables);

/// <summary>How a source is cut into batches (design, Rules of orchestration 3 and 5).</summary>
public sealed record BatchSize
{
    /// <summary>A batch ends with the record that reaches this many bytes.</summary>
    public int Bytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>A batch holds no more records than this.</summary>
    public int Records { get; init; } = 5000;

    /// <summary>How many batches are planned, and in flight, at a time, at most.</summary>
    public int Page { get; init; } = 64;

    /// <summary>How many batches a page has: the first is short, so that transfer begins soon, and each has twice as many as the one before.</summary>
    internal int PageAt(int page) => page >= 3 ? Page : Math.Max(1, Page >> (3 - page));
}
