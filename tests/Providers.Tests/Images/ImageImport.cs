using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests.Images;

/// <summary>A workspace into which image load files are imported, over real stores.</summary>
internal sealed class ImageImport
{
    private ImageImport(Import import) => Import = import;

    public Import Import { get; }

    public static async Task<ImageImport> NewAsync(Stores stores) => new(await Import.NewAsync(stores));

    public ProductionCatalog Productions => new(new Catalog(Import.Stores.Records));

    /// <summary>Puts files beside the load file: text, or a small TIFF where none is given.</summary>
    public async Task StageAsync(params string[] tiffs)
    {
        foreach (var (path, i) in tiffs.Select((p, i) => (p, i))) await StageAsync(path, TestImages.Tiff(variant: i));
    }

    public Task StageAsync(string path, byte[] content)
        => Import.Stores.Blobs.Staging.GetBlobClient($"{Import.Folder}/{path}").UploadAsync(BinaryData.FromBytes(content), overwrite: true);

    public Task StageTextAsync(string path, string content) => StageAsync(path, Encoding.Latin1.GetBytes(content));

    /// <summary>A job over a load file, prepared and planned.</summary>
    public async Task<TestJob> JobAsync(
        string content, ImageFileSettings? settings = null, ImportSettings? import = null, BatchSize? size = null, string file = "images.opt", string point = "p")
    {
        await StageTextAsync(file, content);
        var source = (settings ?? new ImageFileSettings()) with { File = $"{Import.Folder}/{file}" };
        return await Import.JobAsync(Sources.Write(ImageFileSettings.Provider, source), import ?? new ImportSettings(), size, point: point);
    }

    /// <summary>The same, and all of its batches, once.</summary>
    public async Task<(TestJob Job, JobCounts Counts)> RunAsync(
        string content, ImageFileSettings? settings = null, ImportSettings? import = null, BatchSize? size = null, string file = "images.opt")
    {
        var job = await JobAsync(content, settings, import, size, file);
        var counts = new JobCounts();
        for (var batch = 0; batch < job.Batches.Count; batch++) counts += (await job.AttemptAsync(batch)).Counts;
        return (job, counts);
    }

    /// <summary>Every document's images: <c>A: A1 1.tif 174, A2 2.tif 174</c>; of a production with its name before the page id.</summary>
    public async Task<List<string>> ImagesAsync()
    {
        var listing = new ImageListing(new RecordListing(Import.Stores.Records), Import.Stores.Records);
        var documents = new List<string>();
        await foreach (var document in listing.ListAsync(Import.Workspace, null, default))
        {
            var pages = document.Sets.SelectMany(s => s.Pages, (s, p) => $"{(s.Set == ImageSet.Original ? "" : s.Set + "/")}{p.Id} {p.File} {p.Bytes}");
            documents.Add($"{document.Document}: {string.Join(", ", pages)}");
        }
        return documents;
    }

    /// <summary>The pages of a document's original images.</summary>
    public async Task<IReadOnlyList<ImagePage>> PagesAsync(string document)
    {
        var key = Identifier.Key(Import.Workspace.Id, Import.Workspace.Buckets, ObjectType.Document, document);
        var set = (await Import.RecordAsync(document))!.Images![ImageSet.Original];
        return await new ImageListing(new RecordListing(Import.Stores.Records), Import.Stores.Records).PagesAsync(key.Partition, set, default);
    }
}
