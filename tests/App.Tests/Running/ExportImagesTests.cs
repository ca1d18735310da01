using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace IntegrationPoints.App.Tests.Running;

/// <summary>A production that was imported, exported by the running app; and reading what was exported again.</summary>
public sealed class ExportImagesTests(Servers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_production_is_exported_under_its_Bates_numbers_and_verified_until_a_file_is_changed()
    {
        var import = await ProductionAsync();
        var export = await import.ExportAsync(body =>
        {
            body["source"]!["settings"] = JsonSerializer.SerializeToNode(new { part = "production", production = "Vol 1" });
            body["destination"]!["settings"] = JsonSerializer.SerializeToNode(new
            {
                images = true,
                imageFile = "opticon",
                imageOutput = "pdf",
                nameAfter = "begin-production-number",
                encoding = "utf-8",
            });
        });
        var job = await export.RunAsync();
        var ended = await export.EndOfAsync(job);
        Assert.Equal(("Completed", 2), (ended.Text("status"), ended.Number("transferred")));
        await export.UntilFreeAsync();

        var folder = (await export.App.Http.GetFromJsonAsync<JsonElement>($"jobs/{job}/output", Stop)).Text("folder");
        Assert.Equal(
            "B1,VOL01,.\\VOL01\\IMAGES\\IMG001\\B1.pdf,Y,,,2\r\nB3,VOL01,.\\VOL01\\IMAGES\\IMG001\\B3.pdf,Y,,,1\r\n",
            (await export.App.Blobs.Staging.GetBlobClient($"{folder}/Vol 1_export.opt").DownloadContentAsync(Stop)).Value.Content.ToString());

        var first = await VerifyTests.VerifyAsync(export, job);
        Assert.Equal(("Equal", first.Number("total")), (first.Text("status"), first.GetProperty("counts").Number("equal")));
        await export.App.Blobs.Staging.GetBlobClient($"{folder}/VOL01/IMAGES/IMG001/B1.pdf").UploadAsync(BinaryData.FromString("another"), overwrite: true, Stop);
        var second = await VerifyTests.VerifyAsync(export, job);
        Assert.Equal("Different", second.Text("status"));
        var difference = Assert.Single(second.GetProperty("differences").EnumerateArray());
        Assert.Equal("image size-differs A", VerifyTests.Words(difference));
        Assert.Contains("when the job ran and has 7 bytes now", difference.Text("error"), StringComparison.Ordinal);
    }

    // Two documents that are called otherwise than their first pages, and one without images.
    private async Task<SampleImport> ProductionAsync()
    {
        var documents = await SampleImport.NewAsync(await servers.AppAsync(), "in/small.dat", body => body["import"] = JsonSerializer.SerializeToNode(new
        {
            overwrite = "append",
            createFields = new { identifier = "Control Number", fields = new[] { new { name = "Bates Beg", type = "fixed-length-text" } } },
        }));
        var rows = new[] { ("Control Number", "Bates Beg"), ("A", "B1"), ("B", "B3"), ("C", "") };
        await documents.StageAsync("in/small.dat", Encoding.UTF8.GetBytes(string.Concat(rows.Select(r => $"\u00FE{r.Item1}\u00FE\u0014\u00FE{r.Item2}\u00FE\r\n"))));
        Assert.Equal("Completed", (await documents.EndOfAsync(await documents.RunAsync())).Text("status"));

        foreach (var page in (int[])[1, 2, 3]) await documents.StageAsync($"in/{page}.tif", ImageRunTests.Tiff);
        await documents.StageAsync("in/images.opt", "B1,V,1.tif,Y,,,2\r\nB2,V,2.tif,,,,\r\nB3,V,3.tif,Y,,,1\r\n"u8.ToArray());
        var images = await documents.PointAsync("Images", "in/images.opt", body =>
        {
            var file = body["source"]!["settings"]!["file"]!.GetValue<string>();
            body["source"] = JsonSerializer.SerializeToNode(new { provider = "image-load-file", settings = new { file, production = "Vol 1" } });
            body["import"] = JsonSerializer.SerializeToNode(new { overwrite = "overlay", overlayField = "Bates Beg" });
        });
        Assert.Equal("Completed", (await images.EndOfAsync(await images.RunAsync())).Text("status"));
        return images;
    }
}
