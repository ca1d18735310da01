using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;

namespace IntegrationPoints.Providers.Tests;

/// <summary>Bad input gets an error that says what is wrong and what to do, and loses nothing else.</summary>
public sealed class BadInputTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly LoadFileSettings Csv = new() { Column = ',', Quote = '"' };

    [Theory]
    [InlineData("", "empty-file", "0 bytes")]
    [InlineData("\r\n\r\n", "empty-file", "no lines")]
    [InlineData("Id,Title\r\n", "no-records", "no records")]
    [InlineData("Id;Title\r\nA;x\r\n", "wrong-delimiters", "59")]
    [InlineData("\u00feId\u00fe\u0014\u00feTitle\u00fe\u0014\u00feTo\u00fe\u0014\u00feCc\u00fe\u0014\u00feBcc\u00fe\u0014\u00feFrom\u00fe\r\n\u00feA\u00fe\u0014\u00fex\u00fe\u0014\u0014\u0014\u0014\r\n", "wrong-delimiters", "20")]
    [InlineData("\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008PNG\u000e\u000f", "not-a-load-file", "not text")]
    public async Task A_file_that_cannot_be_a_load_file_is_refused_before_anything_is_written(string content, string code, string says)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", content);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("docs.csv", settings: Csv));

        Assert.Equal(code, refused.Problem.Code);
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("docs.csv", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var import = await Import.NewAsync(stores);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => import.JobAsync("nowhere.csv", settings: Csv));

        Assert.Equal("file-not-found", refused.Problem.Code);
        Assert.Contains("nowhere.csv", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_encoding_is_named()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id\nA\n");

        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => import.JobAsync("docs.csv", settings: Csv with { Encoding = "no-such-encoding" }));

        Assert.Equal("unknown-encoding", refused.Problem.Code);
        Assert.Contains("no-such-encoding", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_identifier_column_that_the_header_lacks_is_named_with_the_columns_that_are_there()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Doc,Title\nA,x\n");

        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => import.JobAsync("docs.csv", new ImportSettings { IdentifierColumn = "No Such Column" }, Csv));

        Assert.Equal("identifier-column-missing", refused.Problem.Code);
        Assert.Contains("No Such Column", refused.Problem.Message, StringComparison.Ordinal);
        Assert.Contains("Title", refused.Problem.Message, StringComparison.Ordinal);
        Assert.Equal(["Control Number"], await FieldNamesAsync(import));
    }

    [Fact]
    public async Task A_file_that_is_replaced_between_planning_and_reading_ends_the_job_with_words()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", "Id\nA\n");
        var job = await import.JobAsync("docs.csv");
        await import.UploadAsync("docs.csv", "Id\nB\n");

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => job.AttemptAsync());

        Assert.Equal("file-changed", refused.Problem.Code);
        Assert.Null(await import.RecordAsync("A"));
        Assert.Null(await import.RecordAsync("B"));
    }

    [Fact]
    public async Task Bad_rows_cost_themselves_only()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("there.txt", "native");
        await import.UploadAsync("docs.csv", string.Join('\n',
            "Id,Title,Native",
            "A,good,there.txt",
            "B,missing native,nowhere.txt",
            "C,leaves the root,..\\..\\secret.txt",
            "D,drive letter,C:\\secret.txt",
            "E,server,\\\\server\\share\\secret.txt",
            "F,encoded,%2e%2e%2f%2e%2e%2fsecret.txt",
            ",blank identifier,there.txt",
            "a,same identifier in another case,there.txt",
            "G,one cell too many,there.txt,x",
            "H,\"never closed,there.txt",
            "I,good,THERE.TXT",
            ""));
        var job = await import.JobAsync("docs.csv", new ImportSettings { NativeColumn = "Native" });

        var result = await job.AttemptAsync();

        Assert.Equal(new JobCounts { Read = 11, Written = 2, Rejected = 9, Warnings = 1 }, result.Counts);
        Assert.Equal(
            [
                "3 missing-file", "4 path-outside-root", "5 path-absolute", "6 path-absolute", "7 path-outside-root", "8 missing-identifier",
                "9 duplicate-identifier", "10 column-count", "11 unbalanced-quote",
            ],
            await job.ErrorsAsync());
        Assert.Equal("there.txt", (await import.RecordAsync("I"))!.Native!.Name);
    }

    [Fact]
    public async Task A_record_longer_than_the_limit_is_an_error_of_its_own()
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", $"Id,Title\nA,good\nB,{new string('x', 5000)}\nC,good\n");
        var job = await import.JobAsync("docs.csv", settings: Csv with { MaxRecordBytes = 2048 });

        var result = await job.AttemptAsync();

        Assert.Equal(new JobCounts { Read = 3, Written = 2, Rejected = 1 }, result.Counts);
        Assert.Equal(["3 record-too-long"], await job.ErrorsAsync());
    }

    private static async Task<List<string>> FieldNamesAsync(Import import)
    {
        var names = new List<string>();
        await foreach (var field in Import.Catalog(import.Stores).FieldsAsync(import.Workspace.Id, "Document", default)) names.Add(field.Value.Name);
        return names;
    }
}
