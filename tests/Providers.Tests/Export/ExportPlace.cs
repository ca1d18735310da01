using System.Security.Cryptography;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Tests.Export;

/// <summary>A folder that a test exports into, and files of the repository to export.</summary>
internal sealed class ExportPlace(Stores stores)
{
    private readonly string id = $"{Guid.NewGuid():n}";

    public Blobs Blobs => stores.Blobs;
    public string Folder => $"StructuredData/{id}/Export/out";
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ExportedFiles Files(string job = "job1", bool overwrite = false, bool hash = false) => new(Blobs, job, overwrite, hash);

    public ExportedImages Images(string job = "job1", bool overwrite = false, bool hash = false)
        => new(Blobs, Files(job, overwrite, hash), Folder);

    public string At(string path) => $"{Folder}/{path}";

    /// <summary>Puts a file into the repository, or into the staging area.</summary>
    public async Task<string> StoreAsync(string name, byte[] content, bool linked = false)
    {
        var blob = $"{id}/in/{name}";
        await (linked ? Blobs.Staging : Blobs.Files).GetBlobClient(blob).UploadAsync(BinaryData.FromBytes(content), overwrite: true, Stop);
        return blob;
    }

    public async Task<ImagePage> PageAsync(string pageId, ImageType type, byte[] content, int rotation = 0, int pagesInFile = 1, int pageOfFile = 0, bool linked = false)
    {
        var file = pageId + (type == ImageType.Tiff ? ".tif" : type == ImageType.Jpeg ? ".jpg" : ".pdf");
        return new ImagePage
        {
            Id = pageId,
            File = file,
            Blob = await StoreAsync(Convert.ToHexStringLower(SHA256.HashData(content))[..16] + ".bin", content, linked),
            Bytes = content.Length,
            Sha256 = Sha256(content),
            Type = type,
            Rotation = rotation,
            PagesInFile = pagesInFile,
            PageOfFile = pageOfFile,
            Linked = linked,
        };
    }

    /// <summary>A document whose images go to one folder, all into one file when it has a name.</summary>
    public static LaidOutDocument Document(string? imageName = null) => new()
    {
        Document = new ListedDocument { Identifier = "D1", ETag = "1" },
        Volume = "VOL01",
        ImageFolder = "VOL01/IMAGES/IMG001",
        ImageName = imageName,
    };

    public async Task<byte[]> ReadAsync(string path) => (await Blobs.Staging.GetBlobClient(At(path)).DownloadContentAsync(Stop)).Value.Content.ToArray();

    /// <summary>Paths and sizes of all that was exported.</summary>
    public async Task<List<string>> ListAsync()
    {
        var found = new List<string>();
        await foreach (var blob in Blobs.ListAsync(Blobs.Staging, Folder + "/", Stop)) found.Add($"{blob.Name[(Folder.Length + 1)..]} {blob.Bytes}");
        return found;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
