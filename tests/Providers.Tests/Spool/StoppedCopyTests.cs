using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Providers.Ldap;
using IntegrationPoints.Providers.Tests.Csv;
using IntegrationPoints.Providers.Tests.Entra;
using IntegrationPoints.Storage;
using IntegrationPoints.Tests;
using IntegrationPoints.Tests.Graph;

namespace IntegrationPoints.Providers.Tests.Spool;

/// <summary>A job that is asked to stop while it copies its source (design, Rules of orchestration 9): it lets go at once, and leaves nothing that is taken for whole.</summary>
public sealed class StoppedCopyTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, Trait("Speed", "Slow")]
    [InlineData(FileProtocol.Ftp, "vsftpd", "ftp.sh", "plain")]
    [InlineData(FileProtocol.Sftp, "sshd", "sftp.sh")]
    public async Task A_file_is_copied_no_further(FileProtocol protocol, string program, string script, params string[] arguments)
    {
        if (FilesServer.Missing(program) is { } missing) Assert.Skip(missing);
        await using var server = await FilesServer.StartAsync(script, arguments);
        await server.WriteAsync("long.csv", "Id,Name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},name {i}\n")));
        await using var proxy = CuttingProxy.Before(server, ftp: protocol == FileProtocol.Ftp);
        var place = await CsvPlace.NewAsync(stores, server);
        await place.AllowAsync(proxy.Port);
        var settings = CsvPlace.Settings(server) with { Protocol = protocol, Port = proxy.Port, Path = "long.csv", TimeoutSeconds = 600 };
        await StopsHalfWayAsync(place, place.Point(settings), proxy);
    }

    /// <summary>An activity has 30 minutes, and one that takes longer is ended with all that runs beside it: a server that dawdles must not bring that about.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_server_that_hands_over_little_by_little_is_waited_for_no_longer_than_a_job_has()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        await using var server = await FilesServer.StartAsync("ftp.sh", "plain");
        await server.WriteAsync("long.csv", "Id,Name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},name {i}\n")));
        await using var proxy = CuttingProxy.Before(server, ftp: true);
        (proxy.Limit, proxy.Holds) = (150_000, true);
        var place = await CsvPlace.NewAsync(stores, server);
        await place.AllowAsync(proxy.Port);
        var point = place.Point(CsvPlace.Settings(server) with { Port = proxy.Port, Path = "long.csv", TimeoutSeconds = 600 });
        var row = await RowAsync(point);
        var source = place.Opened(stores.Outside with { LongestCopy = TimeSpan.FromSeconds(5) }).Open(point, row.JobId, new InstanceValues());
        var refusal = await Assert.ThrowsAsync<Engine.ConfigurationException>(() => source.CheckAsync(Stop).WaitAsync(Patience, Stop));
        Assert.Equal("copy-too-slow", refusal.Problem.Code);
        await UntilAsync(() => proxy.Open == 0);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName(row.JobId), Stop));
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_directory_is_read_no_further()
    {
        if (FilesServer.MissingDirectory() is { } missing) Assert.Skip(missing);
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Certificate("localhost");
        await using var server = await FilesServer.StartDirectoryAsync(certificate, key);
        await using var proxy = CuttingProxy.Before(server.Port);
        var place = await CsvPlace.NewAsync(stores);
        await place.AllowAsync(proxy.Port);
        var settings = new LdapSettings { Path = $"127.0.0.1:{proxy.Port}/ou=People,dc=example,dc=com", Protocol = DirectoryProtocol.Ldap, Nested = true, TimeoutSeconds = 600 };
        var point = place.Point(new CsvSettings()) with { Source = Sources.Write(LdapSettings.Provider, settings), MapAllFields = false, Mapping = [new("cn", "cn")] };
        await StopsHalfWayAsync(place, point, proxy);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("holding back")]
    public async Task A_directory_of_Entra_is_asked_no_further_when_Graph_is(string what)
    {
        await using var graph = await GraphServer.StartAsync();
        var place = await EntraPlace.NewAsync(stores, graph);
        graph.People = 3000;
        var (held, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        graph.Disturb = async (number, http) =>
        {
            if (number != 2) return false;
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "600";
            held.SetResult();
            if (what == "silent") await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => gone.SetResult(), TaskScheduler.Default);
            return true;
        };
        var point = place.Point(place.Settings with { TimeoutSeconds = 600 }, "id");
        var row = await RowAsync(point);
        var copy = place.Source(point, row.JobId).CheckAsync(Stop);
        await held.Task.WaitAsync(Patience, Stop);
        await StopAsync(row);
        await Assert.ThrowsAsync<JobStoppedException>(() => copy.WaitAsync(Patience, Stop));
        if (what == "silent") await gone.Task.WaitAsync(Patience, Stop);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName(row.JobId), Stop));
        Assert.Equal(2, graph.Asked.Count);
    }

    /// <summary>Delivered again late, the step begins no copy; nor does it for a job that has ended.</summary>
    [Theory]
    [InlineData(true, JobStatus.Stopping)]
    [InlineData(false, JobStatus.Failed)]
    public async Task Nothing_is_begun_for_a_job_that_is_over(bool asked, JobStatus status)
    {
        await using var graph = await GraphServer.StartAsync();
        var place = await EntraPlace.NewAsync(stores, graph);
        graph.Disturb = async (_, http) =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var point = place.Point(place.Settings, "id");
        var row = await RowAsync(point, r => r with { StopRequested = asked, Status = status });
        await Assert.ThrowsAsync<JobStoppedException>(() => place.Source(point, row.JobId).CheckAsync(Stop).WaitAsync(Patience, Stop));
    }

    private async Task StopsHalfWayAsync(CsvPlace place, IntegrationPoint point, CuttingProxy proxy)
    {
        (proxy.Limit, proxy.Holds) = (150_000, true);
        var row = await RowAsync(point);
        var copy = place.Opened().Open(point, row.JobId, new InstanceValues()).CheckAsync(Stop);
        await UntilAsync(() => proxy.Cuts == 1 || copy.IsCompleted);
        await StopAsync(row);
        await Assert.ThrowsAsync<JobStoppedException>(() => copy.WaitAsync(Patience, Stop));
        await UntilAsync(() => proxy.Open == 0);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName(row.JobId), Stop));

        // The next job begins anew, and has all of it.
        proxy.Limit = long.MaxValue;
        var source = place.Opened().Open(point, (await RowAsync(point)).JobId, new InstanceValues());
        var layout = await source.CheckAsync(Stop);
        var page = await source.PlanAsync(layout, 0, new PlanCursor(), Stop);
        Assert.NotEmpty(page.Batches);
        Assert.Equal((1, 0), (proxy.Cuts, proxy.Open));
    }

    private async Task<JobHistory> RowAsync(IntegrationPoint point, Func<JobHistory, JobHistory>? change = null)
    {
        var row = new JobHistory
        {
            JobId = Guid.NewGuid().ToString("n"),
            Workspace = point.Workspace,
            WorkspaceName = "Harbour",
            PointId = point.Id,
            Name = point.Name,
            Trigger = "user",
            StartedBy = "tester",
            StartedUtc = DateTimeOffset.UtcNow,
            Status = JobStatus.Validation,
        };
        Assert.True(await stores.Tables.History.CreateAsync(change is null ? row : change(row), Stop));
        return row;
    }

    private async Task StopAsync(JobHistory row)
    {
        var now = (await stores.Tables.History.GetAsync(row.JobId, Stop))!;
        Assert.True(await stores.Tables.History.TryUpdateAsync(now with { StopRequested = true, Status = JobStatus.Stopping }, Stop));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        while (!isSo()) await Task.Delay(20, limit.Token);
    }
}
