using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.LoadFile;

namespace IntegrationPoints.Providers.Tests;

/// <summary>A load file as batches read it: the same records wherever it is cut; what it shows of itself; what is worth a warning.</summary>
public sealed class LoadFileReadingTests(Stores stores) : IClassFixture<Stores>
{
    private static readonly LoadFileSettings Csv = new() { Column = ',', Quote = '"' };

    // Line breaks and delimiters in quotes, blank lines, mixed line ends, letters of several bytes, every kind of broken row, duplicates.
    private const string Troubled =
        "Id,Title\r\nA,\"two\r\nlines\"\r\n\r\nB,\"say \"\"hi\"\"\"\nC,Zoë 日本\rD,\"never closed\r\nE,\"a\"x\r\na,again\r\nF,one,too many\r\n\n\nG,5\" disk\r\nH,\"\n\n\"\r\nb,\"x,y\"\r\nI,end";

    [Fact]
    public async Task A_file_cut_into_batches_at_any_byte_gives_the_same_records()
    {
        var import = await Import.NewAsync(stores);
        var file = await import.UploadAsync("docs.csv", Troubled);
        var settings = Csv with { File = file.Name };
        var whole = await RecordsAsync(import, settings, new BatchSize(), "whole");
        Assert.Equal(11, whole.Count);

        for (var bytes = 1; bytes <= file.Bytes; bytes++)
        {
            var cut = await RecordsAsync(import, settings, new BatchSize { Bytes = bytes, Page = bytes % 3 == 0 ? 8 : 64 }, $"cut-{bytes}");
            Assert.Equal(whole, cut);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task Blank_lines_are_one_warning_that_counts_them_over_all_pages(int bytes)
    {
        var import = await Import.NewAsync(stores);
        var file = await import.UploadAsync("docs.csv", "\r\n" + Troubled);
        var warnings = (await PagesAsync(Csv with { File = file.Name }, new BatchSize { Bytes = bytes, Page = 8 }, $"{import.Workspace.Id}-blank-{bytes}")).SelectMany(p => p.Warnings);

        var warning = Assert.Single(warnings);
        Assert.Equal("blank-lines", warning.Code);
        Assert.StartsWith("4 blank lines of ", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_blank_lines_has_no_such_warning()
    {
        var import = await Import.NewAsync(stores);
        var file = await import.UploadAsync("docs.csv", "Id\nA\nB\n");
        Assert.Empty((await PagesAsync(Csv with { File = file.Name }, new BatchSize(), import.Workspace.Id)).SelectMany(p => p.Warnings));
    }

    [Theory]
    // Header line 1; the row that begins on line 2 ends on line 3 (load-file specification; guide 4.5, start line).
    [InlineData(0, "2 4 6 8 10")]
    [InlineData(1, "2 4 6 8 10")]
    [InlineData(3, "4 6 8 10")]
    [InlineData(4, "4 6 8 10")]
    [InlineData(5, "6 8 10")]
    [InlineData(10, "10")]
    public async Task Records_that_begin_at_the_start_line_or_after_it_are_loaded(long start, string lines)
    {
        var import = await Import.NewAsync(stores);
        var file = await import.UploadAsync("docs.csv", "Id,T\nA,\"x\ny\"\nB,z\n\nC,z\r\n\r\nD,z\n\nE,z\n");
        var records = await RecordsAsync(import, Csv with { File = file.Name, StartLine = start }, new BatchSize(), $"start-{start}");
        Assert.Equal(lines, string.Join(' ', records.Select(r => r.Split(' ')[0])));
    }

    [Fact]
    public async Task With_detection_the_file_decides_and_the_evidence_is_said()
    {
        var import = await Import.NewAsync(stores);
        var rows = string.Concat(Enumerable.Range(1, 28).Select(d => $"REL{d:d5}|{d:d2}/03/2019|text {d}\n"));
        await import.UploadAsync("docs.txt", "Doc Id|Sent|Subject\n" + rows);
        var schema = new FieldSchema { Fields = [new SchemaField("Sent", FieldType.Date)] };
        var job = await import.JobAsync("docs.txt", new ImportSettings { CreateFields = schema }, new LoadFileSettings { Detect = true, Encoding = "utf-16", HasHeader = false });

        Assert.Equal(new JobCounts { Read = 28, Written = 28 }, (await job.AttemptAsync()).Counts);
        Assert.Equal("2019-03-13T00:00:00", (await import.RecordAsync("REL00013"))!.ValueOf(job.FieldId("Sent")));
        var detected = Assert.Single(job.Prepared.Layout.Warnings, w => w.Code == "detected");
        Assert.Contains("code 124 between 3 cells in 100 % of 29 rows", detected.Message, StringComparison.Ordinal);
        Assert.Contains("day first", detected.Message, StringComparison.Ordinal);
        Assert.Equal("en-GB", job.Prepared.Layout.Culture);
    }

    [Theory]
    [InlineData("Doc Id,Sent,Pages\nA0001,13/03/2019,1\nA0002,14/03/2019,2\nA0003,15/03/2019,3\n", true, "culture-doubtful")]
    [InlineData("A0001,3/13/2019,1\nA0002,3/14/2019,2\nA0003,3/15/2019,3\n", true, "header-doubtful")]
    [InlineData("Doc Id,Sent,Pages\nA0001,3/13/2019,1\nA0002,3/14/2019,2\nA0003,3/15/2019,3\n", false, "header-doubtful")]
    [InlineData("Doc Id|Sent,on|Pages\nA0001|3/13/2019|1\nA0002|3/14/2019|2\nA0003|3/15/2019|3\n", true, "delimiters-doubtful")]
    [InlineData("Doc Id,Sent,Pages\nA0001,3/13/2019,1\nA0002,3/14/2019,2\nA0003,3/15/2019,3\n", true, null)]
    public async Task Without_detection_strong_evidence_is_a_warning_and_what_was_said_holds(string content, bool hasHeader, string? code)
    {
        var import = await Import.NewAsync(stores);
        await import.UploadAsync("docs.csv", content);
        var job = await import.JobAsync("docs.csv", settings: Csv with { HasHeader = hasHeader });
        Assert.Equal(code is null ? [] : [code], job.Prepared.Layout.Warnings.Select(w => w.Code));
        Assert.Null(job.Prepared.Layout.Culture);
        Assert.Equal(hasHeader ? 2 : 1, job.Batches[0].FirstLine);
    }

    private async Task<List<string>> RecordsAsync(Import import, LoadFileSettings settings, BatchSize size, string job)
    {
        var source = new LoadFileSource(settings, stores.Blobs, $"{import.Workspace.Id}-{job}", size);
        var layout = await source.CheckAsync(default);
        var records = new List<string>();
        foreach (var batch in (await PagesAsync(settings, size, $"{import.Workspace.Id}-{job}")).SelectMany(p => p.Batches))
        {
            var read = await source.ReadAsync(layout, batch, [], default).ToListAsync();
            Assert.Equal(batch.Records, read.Count);
            records.AddRange(read.Select(r => $"{r.Line} {r.Position} {r.Problem?.Code} {r.FirstLine} {string.Join('|', r.Cells)}"));
        }
        return records;
    }

    private async Task<List<BatchPage>> PagesAsync(LoadFileSettings settings, BatchSize size, string job)
    {
        var source = new LoadFileSource(settings, stores.Blobs, job, size);
        var layout = await source.CheckAsync(default);
        var pages = new List<BatchPage>();
        for (PlanCursor? cursor = new(); cursor is not null; cursor = pages[^1].Next) pages.Add(await source.PlanAsync(layout, 0, cursor, default));
        return pages;
    }
}
