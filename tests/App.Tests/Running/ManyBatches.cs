using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A load file of fifty little batches, of which some records are rejected and some have natives; and what importing it undisturbed comes to.</summary>
internal static class ManyBatches
{
    public const int Records = 150;

    /// <summary>Three records a batch; pages of up to sixteen.</summary>
    public static readonly (string Name, object Value)[] Settings = [("Jobs:BatchRecords", 3), ("Jobs:PageBatches", 16)];

    /// <summary>A workspace whose point imports the file, which is staged.</summary>
    public static async Task<SampleImport> NewAsync(AppProcess app)
    {
        var import = await SampleImport.NewSmallAsync(app, body => body["runOnUpload"] = false);
        foreach (var native in new[] { "one", "two" }) await import.StageAsync($"in/natives/{native}.txt", Encoding.UTF8.GetBytes(native));
        await import.StageAsync("in/small.dat", SampleImport.SmallFile([.. Enumerable.Range(1, Records).Select(Row)]));
        return import;
    }

    /// <summary>An import that nobody disturbs, and how long it took.</summary>
    public static async Task<(Snapshot Snapshot, TimeSpan Duration)> QuietAsync(AppProcess app)
    {
        var import = await NewAsync(app);
        var time = Stopwatch.StartNew();
        var job = await import.RunAsync();
        var ended = await import.EndOfAsync(job);
        Assert.Equal(("Completed with errors", Records, 21), (ended.Text("status"), ended.Number("read"), ended.Number("withErrors")));
        return (await Snapshot.OfAsync(import, job), time.Elapsed);
    }

    /// <summary>How many records of the workspace a job wrote last.</summary>
    public static long WrittenBy(SampleImport import, string job)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = import.App.Records, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM items WHERE pk LIKE $workspace || '|%' AND json_extract(body, '$.stamp.job') = $job";
        command.Parameters.AddWithValue("$workspace", import.Workspace);
        command.Parameters.AddWithValue("$job", job);
        return (long)command.ExecuteScalar()!;
    }

    // Every seventh record lacks its native; every fifth of the others has one.
    private static (string, string) Row(int i) => ($"A{i:d4}", i % 7 == 0 ? "natives/none.txt" : i % 5 == 0 ? $"natives/{(i % 2 == 0 ? "one" : "two")}.txt" : "");
}
