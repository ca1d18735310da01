using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Secrets;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Connections;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>A workspace, and servers that an administrator opened.</summary>
internal sealed class CsvPlace(Stores stores, Import import)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public Import Import => import;

    public static async Task<CsvPlace> NewAsync(Stores stores, params FilesServer[] servers)
    {
        var place = new CsvPlace(stores, await Import.NewAsync(stores));
        foreach (var server in servers) stores.Secrets[server.User] = server.Password;
        await place.AllowAsync([.. servers.Select(s => s.Port)]);
        return place;
    }

    /// <summary>Settings for a server of FTP.</summary>
    public static CsvSettings Settings(FilesServer server) => new()
    {
        Host = "127.0.0.1",
        Protocol = FileProtocol.Ftp,
        Port = server.Port,
        User = server.User,
        Password = Secret.Named(server.User),
        Path = "/export/people.csv",
        TimeoutSeconds = 60,
    };

    public CsvSettings Ssh(FilesServer server, string path) => Settings(server) with { Protocol = FileProtocol.Sftp, Path = path };

    /// <summary>Opens further ports of this machine.</summary>
    public async Task AllowAsync(params int[] ports)
    {
        var setting = InstanceSetting.Find(InstanceSetting.AllowedHosts)!;
        var now = await stores.Instance.GetAsync(setting, Stop);
        var all = string.Join(", ", ports.Select(p => $"127.0.0.1:{p}").Prepend(now.Value).Where(text => text.Length > 0));
        Assert.True(await stores.Instance.TrySetAsync(setting, setting.Clean(all), now.ETag, Stop));
    }

    public Task<TestJob> JobAsync(CsvSettings settings) => import.JobAsync(Sources.Write(CsvSettings.Provider, settings), new ImportSettings { CreateFields = new FieldSchema() });

    public IntegrationPoint Point(CsvSettings settings) => new()
    {
        Id = "p",
        Name = "Point",
        Workspace = import.Workspace.Id,
        Source = Sources.Write(CsvSettings.Provider, settings),
        MapAllFields = true,
    };

    public Sources Opened(Outside? outside = null) => new(stores.Workspaces, new JobStores(new JobFiles(stores.Blobs), stores.Tables), outside ?? stores.Outside, new StagingPaths(), new BatchSize());

    /// <summary>The source of a job, or of nobody who only looks when it has no name.</summary>
    public ISource Source(IntegrationPoint point, string job) => Opened().Open(point, job.Length == 0 ? "" : $"{import.Workspace.Id}-{job}", new InstanceValues());

    public async Task<string?> ValueAsync(TestJob job, string record, string field)
        => (await import.RecordAsync(record))?.Values.GetValueOrDefault(job.FieldId(field))?.ToString();
}
