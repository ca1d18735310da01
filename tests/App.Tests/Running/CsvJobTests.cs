using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Storage;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>Jobs that copy from real servers: what they record, what they never tell, and what a crash costs (guide 4.2; design, Security).</summary>
public sealed class CsvJobTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Issue: trust on first use recorded on the point, a change refuses to connect; secrets are nowhere but where they are kept.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_host_key_is_recorded_and_a_password_is_told_nowhere()
    {
        if (FilesServer.Missing("sshd") is { } missing) Assert.Skip(missing);
        await using var sftp = await FilesServer.StartAsync("sftp.sh");
        await sftp.WriteAsync("people.csv", "Control Number,Full Name\n1,Jane\n");
        await using var app = await servers.NewAppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        await AllowAsync(app, sftp);
        var told = new PlantedSecrets(app, "csv", ["password", "privateKey", "passphrase"], sftp.Password);
        var point = await PointAsync(import, Settings(sftp, "sftp", "people.csv"));

        var first = await point.EndOfAsync(await point.RunAsync());
        Assert.True(first.Text("status") == "Completed", await app.Http.GetStringAsync($"jobs/{first.Text("jobId")}/errors", Stop));
        Assert.Equal(1, first.Number("transferred"));
        var saved = await app.Http.GetFromJsonAsync<JsonObject>(point.PointAddress, Stop);
        Assert.StartsWith("SHA256:", saved!["source"]!["settings"]!["hostKey"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("password-", saved["source"]!["settings"]!["password"]!["secret"]!.GetValue<string>(), StringComparison.Ordinal);

        Assert.Equal(["Control Number", "Full Name"], saved["source"]!["settings"]!["seenColumns"]!.AsArray().Select(name => name!.GetValue<string>()));
        var audit = (await app.Http.GetFromJsonAsync<JsonElement>($"workspaces/{import.Workspace}/audit?action=change-integration-point", Stop)).GetProperty("items").EnumerateArray().ToList();
        Assert.All(audit, entry => Assert.Equal((Environment.UserName, "job", first.Text("jobId")), (entry.Text("who"), entry.Text("by"), entry.Text("jobId"))));
        Assert.Equal(["seenColumns", "hostKey"], audit.Select(entry => entry.GetProperty("after").GetProperty("source").GetProperty("settings").EnumerateObject().Single().Name));

        var other = Settings(sftp, "sftp", "people.csv");
        other["hostKey"] = $"SHA256:{new string('A', 43)}";
        var spoofed = await PointAsync(import, other);
        var refused = await spoofed.EndOfAsync(await spoofed.RunAsync());
        Assert.Equal("Validation failed", refused.Text("status"));
        var error = Assert.Single((await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{refused.Text("jobId")}/errors", Stop)).GetProperty("items").EnumerateArray());
        Assert.Equal("host-key-changed", error.Text("code"));

        await told.EverywhereAsync(point, Settings(sftp, "sftp", "people.csv"));
        await told.FindNoneAsync();
    }

    /// <summary>Issue: the file is streamed once, so a crash never reads the server twice and a file replaced meanwhile changes nothing.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_crash_behind_the_copy_does_not_read_the_server_again()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        await using var ftp = await FilesServer.StartAsync("ftp.sh", "plain");
        await File.WriteAllTextAsync(Path.Combine(ftp.Text("anonymous"), "people.csv"), "Control Number,Full Name\n1,Jane\n2,John\n", Stop);
        await using var gate = await servers.NewGateAsync();
        await using var app = await AppProcess.StartAsync(gate.Account, Servers.SmallBatches);
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        await AllowAsync(app, ftp);
        var point = await PointAsync(import, Anonymous(ftp, "/people.csv"));
        KillAt[] steps = [KillAt.After(@"PUT .*/source/file$"), KillAt.Before(@"PUT .*/prepared\.json$"), KillAt.After(@"PUT .*/plan/000000\.json$"), KillAt.Before(@"PUT .*/batches/\d+$")];
        var come = gate.HoldAsync(steps[0]);
        var job = await point.RunAsync();
        for (var i = 0; i < steps.Length; i++)
        {
            await Until.TrueAsync(() => Task.FromResult(come.IsCompleted), Patience, () => app.Failed($"The job did not come to {steps[i]}.").Message);
            await app.KillAsync();
            await File.WriteAllTextAsync(Path.Combine(ftp.Text("anonymous"), "people.csv"), $"Other\n{i}\n", Stop);
            if (i + 1 < steps.Length) come = gate.HoldAsync(steps[i + 1]);
            await app.StartAsync();
        }
        var ended = await point.EndOfAsync(job);
        Assert.Equal(("Completed", 2, 2), (ended.Text("status"), ended.Number("read"), ended.Number("transferred")));
        Assert.Single(await File.ReadAllLinesAsync(ftp.Text("log"), Stop), line => line.Contains("\"RETR ", StringComparison.Ordinal));
    }

    /// <summary>Design, Rules of orchestration 9: a wish to stop is seen within the copy, which here would take a quarter of an hour.</summary>
    [Fact, Trait("Speed", "Slow")]
    public async Task A_job_that_is_stopped_while_it_copies_ends_at_once_and_the_next_copies_anew()
    {
        if (FilesServer.Missing("vsftpd") is { } missing) Assert.Skip(missing);
        await using var ftp = await FilesServer.StartAsync("ftp.sh", "plain", "anon_max_rate=2000");
        var file = Path.Combine(ftp.Text("anonymous"), "people.csv");
        await File.WriteAllTextAsync(file, "Control Number,Full Name\n" + string.Concat(Enumerable.Repeat("1,Jane\n", 300_000)), Stop);
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app, "in/none.dat");
        await AllowAsync(app, ftp);
        var point = await PointAsync(import, Anonymous(ftp, "/people.csv"));
        var job = await point.RunAsync();
        await Until.TrueAsync(async () => (await File.ReadAllTextAsync(ftp.Text("log"), Stop)).Contains("\"RETR ", StringComparison.Ordinal), Patience, () => app.Failed("Nothing is copied.").Message);

        // The copy belongs to the check, in which a job is not suspended.
        using var suspended = await app.Http.PostAsync($"jobs/{job}/suspend", null, Stop);
        Assert.Contains("its source copied", (await suspended.Content.ReadFromJsonAsync<JsonElement>(Stop)).Text("detail"), StringComparison.Ordinal);
        using var stopped = await app.Http.PostAsync($"jobs/{job}/stop", null, Stop);
        Assert.True(stopped.IsSuccessStatusCode);
        var ended = await point.EndOfAsync(job);
        Assert.Equal(("Stopped", 0, 0, 0), (ended.Text("status"), ended.Number("read"), ended.Number("transferred"), ended.Number("withErrors")));
        Assert.Empty((await app.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/errors", Stop)).GetProperty("items").EnumerateArray());
        Assert.Null(await Blobs.FindAsync(app.Blobs.Jobs, JobFiles.CopyName(job), Stop));
        await point.UntilFreeAsync();

        await File.WriteAllTextAsync(file, "Control Number,Full Name\n1,Jane\n", Stop);
        var again = await point.EndOfAsync(await point.RunAsync());
        Assert.Equal(("Completed", 1), (again.Text("status"), again.Number("transferred")));
    }

    private static async Task AllowAsync(AppProcess app, FilesServer server)
    {
        using var opened = await app.Http.PutAsJsonAsync("settings/AllowedHosts", new { value = $"127.0.0.1:{server.Port}" }, Stop);
        Assert.True(opened.IsSuccessStatusCode);
    }

    private static Task<SampleImport> PointAsync(SampleImport import, JsonObject settings) => import.PointAsync($"People {Guid.NewGuid():n}", "in/none.dat", body =>
    {
        body["source"] = new JsonObject { ["provider"] = "csv", ["settings"] = settings };
        body["import"] = new JsonObject { ["createFields"] = new JsonObject(), ["overwrite"] = "append-overlay" };
    });

    private static JsonObject Anonymous(FilesServer server, string path)
    {
        var settings = Settings(server, "ftp", path);
        settings.Remove("user");
        settings.Remove("password");
        return settings;
    }

    private static JsonObject Settings(FilesServer server, string protocol, string path) => new()
    {
        ["host"] = "127.0.0.1",
        ["protocol"] = protocol,
        ["port"] = server.Port,
        ["user"] = server.User,
        ["password"] = server.Password,
        ["path"] = path,
    };
}
