using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>The sample data set through the running app.</summary>
public sealed class QuietRunTests(Servers servers)
{
    [Fact]
    public async Task Every_record_of_the_sample_is_written_or_rejected_for_the_reason_that_its_generator_gave_it()
    {
        var (import, job, snapshot, _) = await servers.QuietAsync();
        var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SampleImport.SampleFolder, "expected.json"))).RootElement;
        var bad = expected.GetProperty("badRows").EnumerateArray().Select(r => $"{r.GetProperty("line")} {r.GetProperty("code")}").ToList();

        var view = await import.JobAsync(job);
        Assert.Equal("Completed with errors", view.GetProperty("status").GetString());
        Assert.Equal(bad, snapshot.Errors.Select(LineAndCode));
        Assert.Equal(expected.GetProperty("documents").GetInt64() - bad.Count, view.Number("transferred"));
        Assert.Equal(bad.Count, view.Number("withErrors"));
        view.AssertReconciles();
        Assert.Equal(view.Number("read"), view.Number("total"));
        Assert.Equal(snapshot.Warnings.Count, view.Number("warnings"));
        Assert.Equal(view.Number("transferred"), await import.CountAsync());
    }

    [Fact]
    public async Task Overlaying_the_sample_with_itself_rejects_the_same_rows_and_changes_no_record()
    {
        var (_, _, appended, overlaid) = await servers.QuietAsync();
        Assert.Equal(appended.Errors, overlaid.Errors);
        Assert.Equal(appended.Records, overlaid.Records);
        Assert.Equal(appended.ErrorFile, overlaid.ErrorFile);
    }

    [Fact]
    public async Task The_error_file_is_rejected_row_by_row_again_when_it_is_imported_with_the_same_options()
    {
        var app = await servers.AppAsync();
        var import = await SampleImport.NewAsync(app);
        var job = await import.RunAsync();
        var first = await import.EndOfAsync(job);
        var snapshot = await Snapshot.OfAsync(import, job);
        await import.StageAsync("in/errors.dat", snapshot.ErrorFile);
        var errors = await import.PointAsync("Errors", "in/errors.dat");

        var again = await errors.RunAsync();
        var second = await errors.EndOfAsync(again);
        Assert.Equal(first.Number("withErrors"), second.Number("read"));
        Assert.Equal(second.Number("read"), second.Number("withErrors"));
        Assert.Equal(0, second.Number("transferred"));
        // The row that lost against the row before it now loses against the record that this one became.
        var expected = snapshot.Errors.Select(Code).Select(code => code == "duplicate-identifier" ? "record-exists" : code);
        var repeated = await Snapshot.OfAsync(errors, again);
        Assert.Equal(expected, repeated.Errors.Select(Code));
        Assert.Equal(snapshot.ErrorFile, repeated.ErrorFile);
        Assert.Equal(snapshot.Records, repeated.Records);
    }

    [Fact]
    public async Task The_error_report_names_each_rejected_row_in_both_files()
    {
        var snapshot = (await servers.QuietAsync()).Appended;
        var rows = snapshot.ErrorReport.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Line in the load file,Line in the error file,Identifier,Field,Code,Error", rows[0]);
        Assert.Equal(snapshot.Errors.Count, rows.Length - 1);
        for (var i = 1; i < rows.Length; i++) Assert.StartsWith($"{snapshot.Errors[i - 1].Split(" | ")[0]},{i + 1},", rows[i], StringComparison.Ordinal);
    }

    private static string LineAndCode(string error) => $"{error.Split(" | ")[0]} {Code(error)}";

    private static string Code(string error) => error.Split(" | ")[2];
}
