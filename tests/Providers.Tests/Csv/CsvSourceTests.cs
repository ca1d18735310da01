using System.Text.Json.Nodes;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.Csv;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;
using IntegrationPoints.Tests;

namespace IntegrationPoints.Providers.Tests.Csv;

/// <summary>Importing a CSV file of a server, from signing in to the records (guide 4.2). Jobs of the tests start on 4 March 2026 at 05:06:07 UTC.</summary>
public sealed class CsvSourceTests(Stores stores, Vsftpd vsftpd, Sshd sshd) : IClassFixture<Stores>, IClassFixture<Vsftpd>, IClassFixture<Sshd>, IAsyncLifetime
{
    private CsvPlace place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private FilesServer Server => vsftpd.Plain;

    private CsvSettings Settings => CsvPlace.Settings(Server);

    public async ValueTask InitializeAsync()
    {
        if ((FilesServer.Missing("vsftpd") ?? FilesServer.Missing("sshd")) is { } missing) Assert.Skip(missing);
        place = await CsvPlace.NewAsync(stores, Server, sshd.Server);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Issue: wrong width is an item error with its line, quoted line breaks are one record.</summary>
    [Fact]
    public async Task Records_are_imported_and_each_is_accounted_for()
    {
        await Server.WriteAsync("export/people.csv", "Id, \"Name\" ,Note\r\n1,\"Smith, Jane\",\"two\r\nlines\"\r\n2,too,many,cells\r\n3, \"Jones, \"\"JJ\"\"\" ,plain\r\n\r\n4,few\r\n5,Müller,last");
        var job = await JobAsync(Settings);
        var result = await job.AttemptAsync();

        Assert.Equal((5, 3, 2), (result.Counts.Read, result.Counts.Written, result.Counts.Rejected));
        Assert.Equal(["4 column-count", "7 column-count"], await job.ErrorsAsync());
        Assert.Equal("Smith, Jane", await ValueAsync(job, "1", "Name"));
        Assert.Equal("two\nlines", await ValueAsync(job, "1", "Note"));
        Assert.Equal("Jones, \"JJ\"", await ValueAsync(job, "3", "Name"));
        Assert.Equal("Müller", await ValueAsync(job, "5", "Name"));
        Assert.Contains("people.csv, line 4", (await job.MessagesAsync())[0], StringComparison.Ordinal);
    }

    /// <summary>Issue: the file is streamed once; a crash never reads the server twice and a file replaced meanwhile changes nothing.</summary>
    [Fact]
    public async Task The_server_is_read_once_whatever_happens()
    {
        await Server.WriteAsync("export/once.csv", "Id,Name\n1,first\n");
        var job = await JobAsync(Settings with { Path = "/export/once.csv" });
        await Server.WriteAsync("export/once.csv", "Id,Other,More\n1,second,x\n2,second,x\n");
        var again = await place.Import.PrepareAgainAsync(job);
        File.Delete(Path.Combine(Server.Folder, "export/once.csv"));
        Assert.Equal(1, (await again.AttemptAsync()).Counts.Written);
        Assert.Equal("first", await ValueAsync(job, "1", "Name"));
        Assert.Equal(1, (await File.ReadAllLinesAsync(Server.Text("log"), Stop)).Count(line => line.Contains("RETR", StringComparison.Ordinal) && line.Contains("once.csv", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Two_attempts_at_once_come_to_one_copy()
    {
        await Server.WriteAsync("export/both.csv", "Id,Name\n1,a\n");
        var point = Point(Settings with { Path = "/export/both.csv" });
        var layouts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Source(point, "both").CheckAsync(Stop)));
        Assert.Single(layouts.Select(l => l.Frozen["ETag"]).Distinct());
    }

    [Theory]
    [InlineData("", "empty-file", "0 bytes")]
    [InlineData("\n\n", "empty-file", "holds no lines")]
    [InlineData("Id,,Name,\n1,2,3,4\n", "column-unnamed", "no name for column 2, 4 of 4")]
    [InlineData("Id,Name,name\n1,2,3\n", "column-repeated", "\"Name\"")]
    [InlineData("Id,,Name,name\n1,2,3,4\n", "column-unnamed", "more than one column \"Name\"")]
    [InlineData("Id;Name\n1;2\n", "wrong-delimiters", "separated by \";\"")]
    public async Task Files_that_are_refused(string content, string code, string words)
    {
        await Server.WriteAsync("export/bad.csv", content);
        var settings = Settings with { Path = "/export/bad.csv" };
        foreach (var job in (string[])["", Guid.NewGuid().ToString("n")])
        {
            var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Source(Point(settings), job).CheckAsync(Stop));
            Assert.Equal(code, refusal.Problem.Code);
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("bad.csv", refusal.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Issue: UTF-8 with detection.</summary>
    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("windows-1252", false)]
    public async Task Encodings_are_detected(string name, bool marked)
    {
        var encoding = LoadFiles.EncodingDetector.Find(name)!;
        byte[] mark = !marked ? [] : name == "utf-8" ? [0xEF, 0xBB, 0xBF] : encoding.GetPreamble();
        await Server.WriteAsync("export/encoded.csv", "");
        await File.WriteAllBytesAsync(Path.Combine(Server.Folder, "export/encoded.csv"), [.. mark, .. encoding.GetBytes("Id,Größe\n1, \"Müller, Ä\"\n")], Stop);
        var job = await JobAsync(Settings with { Path = "/export/encoded.csv" });
        await job.AttemptAsync();
        Assert.Equal("Müller, Ä", await ValueAsync(job, "1", "Größe"));
        Assert.Equal(["Id", "Größe"], (await Source(Point(Settings with { Path = "/export/encoded.csv" }), "").CheckAsync(Stop)).Fields.Select(f => f.Name));
    }

    /// <summary>An export in which nothing changed: nothing is transferred, and that is said.</summary>
    [Fact]
    public async Task A_header_alone_is_no_failure()
    {
        await Server.WriteAsync("export/none.csv", "Id,Name\r\n");
        var source = Source(Point(Settings with { Path = "/export/none.csv" }), "none");
        var layout = await source.CheckAsync(Stop);
        var page = await source.PlanAsync(layout, 0, new PlanCursor(), Stop);
        Assert.Empty(page.Batches);
        Assert.Equal("no-records", Assert.Single(page.Warnings).Code);
    }

    [Theory]
    // In New York it is still the day before the start, 00:06 in the morning
    [InlineData("/dated/*yyyy*-*MM*-*dd*_HRIS.csv", null, "2026-03-04_HRIS.csv")]
    [InlineData("/dated/*yyyy*-*MM*-*dd*_HRIS.csv", "Pacific/Honolulu", "2026-03-03_HRIS.csv")]
    // The newest of the last hour, not the newest of all
    [InlineData("/dated/*yyyyMMddHHmm*", null, "202603040455.csv")]
    [InlineData("dated/*yyyyMMddHHmm*", null, "202603040455.csv")]
    public async Task Dates_in_names_are_those_of_the_jobs_start(string path, string? zone, string file)
    {
        foreach (var name in (string[])["2026-03-04_HRIS.csv", "2026-03-03_HRIS.csv", "202603040355.csv", "202603040410.csv", "202603040455.csv", "202603040507.csv"])
            await Server.WriteAsync($"dated/{name}", $"Id,Name\n1,{name}\n");
        var job = await JobAsync(Settings with { Path = path, TimeZone = zone });
        Assert.Equal(file, job.Prepared.Layout.Name);
        await job.AttemptAsync();
        Assert.Equal(file, await ValueAsync(job, "1", "Name"));
    }

    [Fact]
    public async Task None_of_the_last_hour_is_said_with_the_hour()
    {
        await Server.WriteAsync("hourly/202603040355.csv", "Id\n1\n");
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => JobAsync(Settings with { Path = "/hourly/*yyyyMMddHHmm*.csv", TimeZone = "Europe/Berlin" }));
        Assert.Equal("file-not-found", refusal.Problem.Code);
        Assert.Contains("between 2026-03-04 05:06 and 06:06 (+01:00), in the time zone \"Europe/Berlin\", is on", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "2026-03-04_none.csv", "those of 2026-03-04 05:06 (+00:00), in UTC, because neither the setting timeZone nor a schedule names a time zone.")]
    [InlineData("America/Chicago", "2026-03-03_none.csv", "those of 2026-03-03 23:06 (-06:00), in the time zone \"America/Chicago\".")]
    public async Task A_file_that_is_not_there_is_said_with_the_moment_that_its_name_means(string? zone, string name, string words)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => JobAsync(Settings with { Path = "/export/*yyyy-MM-dd*_none.csv", TimeZone = zone }));
        Assert.Equal("file-not-found", refusal.Problem.Code);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(words, refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Issue: columns are matched by name; a missing mapped column fails validation by name, a new one is a note.</summary>
    [Fact]
    public async Task Columns_are_matched_by_name()
    {
        await Server.WriteAsync("export/columns.csv", "Phone,ID,Name\n555,1,Jane\n");
        var settings = Settings with { Path = "/export/columns.csv" };

        var byName = new ImportSettings { CreateFields = new FieldSchema(), IdentifierColumn = "Id" };
        var moved = await place.Import.JobAsync(Sources.Write(CsvSettings.Provider, settings with { Columns = ["Id", "NAME"] }), byName);
        await moved.AttemptAsync();
        Assert.Equal(["column-new"], moved.Prepared.Layout.Warnings.Select(w => w.Code));
        Assert.Contains("\"Phone\"", moved.Prepared.Layout.Warnings[0].Message, StringComparison.Ordinal);
        Assert.Equal("Jane", await ValueAsync(moved, "1", "Name"));

        // Nothing was mapped to it, for there is no such field.
        var unmapped = await place.Import.JobAsync(Sources.Write(CsvSettings.Provider, settings with { Columns = ["Id", "Name", "Phone", "Manager"] }), byName);
        Assert.Equal(["column-gone"], unmapped.Prepared.Layout.Warnings.Select(w => w.Code));

        await Server.WriteAsync("export/columns.csv", "Phone,ID\n555,1\n");
        var gone = await Assert.ThrowsAsync<ConfigurationException>(() => place.Import.JobAsync(Sources.Write(CsvSettings.Provider, settings with { SeenColumns = ["Id", "Name", "Phone"] }), byName));
        Assert.Equal("column-missing", gone.Problem.Code);
        Assert.Contains("no column \"Name\" any more", gone.Message, StringComparison.Ordinal);

        // Whoever only looks is told, and refused nothing.
        var looked = await Source(Point(settings with { Columns = ["Id", "Name"] }), "").CheckAsync(Stop);
        Assert.Equal(["not-encrypted", "column-new", "column-gone"], looked.Warnings.Select(w => w.Code));
    }

    /// <summary>Issue: a new column is a note. What a file had is known also where nobody said it: the first job that fits records it, and no other.</summary>
    [Fact]
    public async Task The_columns_of_the_first_file_are_recorded_on_the_point_and_entered_in_the_audit()
    {
        var points = new PointCatalog(new Catalog(stores.Records), TimeProvider.System);
        await Server.WriteAsync("export/seen.csv", "Id,Name\n1,Jane\n");
        var point = Point(Settings with { Path = "/export/seen.csv" }) with { Id = "seen", Name = "Seen", SavedBy = "jane@example.com" };
        Assert.True(await points.CreateAsync(point, Stop));
        var first = Source(point, "seen-1");
        var layout = await first.CheckAsync(Stop);
        Assert.Empty(await SeenAsync());
        var late = (ISpooledSource)Source(point, "seen-2");
        for (var times = 0; times < 2; times++) await ((ISpooledSource)first).SpoolAsync(layout, Stop);
        Assert.Equal(["Id", "Name"], await SeenAsync());

        // Another job that was frozen before, and one of whoever reads another file by now.
        await Server.WriteAsync("export/seen.csv", "Id,Name,Phone\n1,Jane,555\n");
        await late.SpoolAsync(await late.CheckAsync(Stop), Stop);
        var moved = (ISpooledSource)Source(point with { Source = Sources.Write(CsvSettings.Provider, Settings with { Path = "/export/people.csv" }) }, "seen-1");
        await moved.SpoolAsync(layout with { Fields = [new SourceField("Else")] }, Stop);
        Assert.Equal(["Id", "Name"], await SeenAsync());

        var entry = Assert.Single((await stores.Tables.Audit.ListAsync(point.Workspace, new AuditQuery(100), Stop)).Items);
        Assert.Equal(("jane@example.com", "job", "change-integration-point", "seen", $"{point.Workspace}-seen-1", AuditOutcome.Done),
            (entry.Who, entry.By, entry.Action, entry.SubjectId, entry.JobId, entry.Outcome));
        Assert.Equal(("""{"source":{"settings":{"seenColumns":[]}}}""", """{"source":{"settings":{"seenColumns":["Id","Name"]}}}"""), (entry.Before, entry.After));
        Assert.Empty(await stores.Tables.Audit.LeftOpenAsync(DateTimeOffset.MaxValue, Stop));
        await Server.WriteAsync("export/seen.csv", "Name,Id\nJane,1\n");
        var next = await Source((await points.FindAsync(point.Workspace, point.Id, Stop))!.Value, "seen-3").CheckAsync(Stop);
        Assert.Equal(("Id Name", "Id"), (string.Join(' ', next.KnownFields), Assert.Single(next.Fields, f => f.WasFirst).Name));

        async Task<IReadOnlyList<string>> SeenAsync() => Sources.Read<CsvSettings>((await points.FindAsync(point.Workspace, point.Id, Stop))!.Value.Source).SeenColumns;
    }

    [Fact]
    public async Task Looking_copies_nothing_and_tells_what_is_there()
    {
        await Server.WriteAsync("export/people.csv", "Id,Name\n1,Jane\n");
        var layout = await Source(Point(Settings), "").CheckAsync(Stop);
        Assert.Equal(["Id", "Name"], layout.Fields.Select(f => f.Name));
        Assert.Equal("/export/people.csv", layout.Found["path"]);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName(""), Stop));

        await sshd.Server.WriteAsync("people.csv", "Id,Name\n1,Jane\n");
        var ssh = await Source(Point(Ssh("people.csv")), "").CheckAsync(Stop);
        Assert.StartsWith("SHA256:", ssh.Found["hostKey"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_tried_again_and_half_a_file_is_never_used()
    {
        await Server.WriteAsync("export/long.csv", "Id,Name\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},name {i}\n")));
        await using var proxy = CuttingProxy.Before(Server, ftp: true);
        await place.AllowAsync(proxy.Port);
        var settings = Settings with { Port = proxy.Port, Path = "/export/long.csv" };
        (proxy.Limit, proxy.Most) = (200_000, 2);
        var source = Source(Point(settings), "cut");
        var page = await source.PlanAsync(await source.CheckAsync(Stop), 0, new PlanCursor(), Stop);
        Assert.Equal(2, proxy.Cuts);
        Assert.True(page.Records > 0 || page.Next is not null);

        proxy.Most = int.MaxValue;
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Source(Point(settings), "cut-off").CheckAsync(Stop));
        Assert.Equal("connection-failed", refusal.Problem.Code);
        Assert.Equal(5, proxy.Cuts);
        Assert.Null(await Blobs.FindAsync(stores.Blobs.Jobs, JobFiles.CopyName("cut-off"), Stop));
    }

    /// <summary>Issue: trust on first use recorded on the point, a change refuses to connect.</summary>
    [Fact]
    public async Task The_first_host_key_is_recorded_on_the_point_and_another_is_refused()
    {
        var points = new PointCatalog(new Catalog(stores.Records), TimeProvider.System);
        await sshd.Server.WriteAsync("people.csv", "Id,Name\n1,Jane\n");
        var point = Point(Ssh("people.csv")) with { Id = "pinned", Name = "Pinned" };
        Assert.True(await points.CreateAsync(point, Stop));

        await Source(point, "first").CheckAsync(Stop);
        var recorded = (await points.FindAsync(point.Workspace, point.Id, Stop))!.Value;
        var key = Sources.Read<CsvSettings>(recorded.Source).HostKey;
        Assert.StartsWith("SHA256:", key, StringComparison.Ordinal);
        var entry = Assert.Single((await stores.Tables.Audit.ListAsync(point.Workspace, new AuditQuery(100), Stop)).Items);
        Assert.Equal(("job", "change-integration-point", "pinned"), (entry.By, entry.Action, entry.SubjectId));
        Assert.Equal(key, JsonNode.Parse(entry.After!)!["source"]!["settings"]!["hostKey"]!.GetValue<string>());

        // The server is set up anew; a job that was frozen before the first key was recorded is not fooled either.
        var other = recorded with { Source = Sources.Write(CsvSettings.Provider, Ssh("people.csv") with { HostKey = $"SHA256:{new string('A', 43)}" }) };
        var version = (await points.FindAsync(point.Workspace, point.Id, Stop))!;
        Assert.NotNull(await points.ReplaceAsync(other, version, Stop));
        foreach (var run in (IntegrationPoint[])[other, point])
        {
            var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => Source(run, Guid.NewGuid().ToString("n")).CheckAsync(Stop));
            Assert.Equal("host-key-changed", refusal.Problem.Code);
            Assert.Contains(key!, refusal.Message, StringComparison.Ordinal);
        }
    }

    private CsvSettings Ssh(string path) => place.Ssh(sshd.Server, path);

    private Task<TestJob> JobAsync(CsvSettings settings) => place.JobAsync(settings);

    private IntegrationPoint Point(CsvSettings settings) => place.Point(settings);

    private ISource Source(IntegrationPoint point, string job) => place.Source(point, job);

    private Task<string?> ValueAsync(TestJob job, string record, string field) => place.ValueAsync(job, record, field);
}
