using System.Globalization;
using Azure;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Providers.Images;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>What the load file of the images says about one image.</summary>
/// <param name="Id">The page id, or Bates number.</param>
/// <param name="Path">The path of its file from the export folder on, separated by <c>/</c>.</param>
/// <param name="Page">Its number within a file of several pages, from 1; 0: the file is this image alone, with all pages that it has.</param>
/// <param name="PagesInFile">How many pages the file has.</param>
/// <param name="Type">What the file is.</param>
public sealed record ExportedImage(string Id, string Path, int Page, int PagesInFile, ImageType Type)
{
    /// <summary>By how many degrees the one who shows the file has to turn it: of files that were copied. In files that were made the pages are turned already.</summary>
    public int Rotation { get; init; }
}

/// <summary>What became of the images of a document.</summary>
/// <param name="Images">One for each page, in order; none when there is a problem.</param>
/// <param name="Files">The files.</param>
/// <param name="Problem">Why they cannot be exported, without the document; null: they were.</param>
public sealed record ExportedDocumentImages(IReadOnlyList<ExportedImage> Images, IReadOnlyList<ExportedFile> Files, Problem? Problem = null);

/// <summary>Exports the images of documents: each file as it is, or one TIFF or PDF a document, whose pages keep their compressed bytes.</summary>
/// <param name="blobs">The files of the deployment.</param>
/// <param name="files">Where they go.</param>
/// <param name="folder">The path of the export folder in the staging area, without a slash at its end.</param>
public sealed class ExportedImages(Blobs blobs, ExportedFiles files, string folder)
{
    private const int AtOnce = 4, InMemory = 1024 * 1024;

    /// <summary>Exports the pages of one document.</summary>
    /// <param name="document">Where they go.</param>
    /// <param name="pages">All pages of the set, in order.</param>
    /// <param name="output">What they become.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ExportedDocumentImages> WriteAsync(
        LaidOutDocument document, IReadOnlyList<ImagePage> pages, ImageOutput output, CancellationToken cancellationToken)
    {
        if (pages.Count == 0) return new ExportedDocumentImages([], []);
        try
        {
            return output switch
            {
                ImageOutput.SinglePage => await CopyAsync(document, pages, cancellationToken),
                ImageOutput.MultiPageTiff => await TiffAsync($"{document.ImageFolder}/{document.ImageName}.tif", pages, cancellationToken),
                _ => await PdfAsync($"{document.ImageFolder}/{document.ImageName}.pdf", pages, cancellationToken),
            };
        }
        catch (UnusableFileException e)
        {
            return new ExportedDocumentImages([], [], e.Problem);
        }
    }

    private async Task<ExportedDocumentImages> CopyAsync(LaidOutDocument document, IReadOnlyList<ImagePage> pages, CancellationToken cancellationToken)
    {
        var images = new List<ExportedImage>(pages.Count);
        var sources = new List<(ImagePage Page, string Path)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var paths = new Dictionary<string, string>();
        foreach (var page in pages)
        {
            // Pages of one file of several are that file; it is named after the first of them.
            if (page.PageOfFile == 0 || !paths.TryGetValue(page.Blob, out var path))
            {
                path = $"{document.ImageFolder}/{NameOf(document, sources.Count, page, names)}{EndingOf(page.Type)}";
                if (page.PageOfFile > 0) paths.Add(page.Blob, path);
                sources.Add((page, path));
            }
            images.Add(new ExportedImage(page.Id, path, page.PagesInFile == 1 ? 0 : page.PageOfFile, page.PagesInFile, page.Type) { Rotation = page.Rotation });
        }
        var copies = new ExportedFile[sources.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, sources.Count, parallel, async (i, stop) => copies[i] = await CopyAsync(sources[i].Page, sources[i].Path, stop));
        return new ExportedDocumentImages(images, copies);
    }

    // As it was laid out, or after its page id and unlike the names that the document's other files have.
    private static string NameOf(LaidOutDocument document, int file, ImagePage page, HashSet<string> taken)
    {
        if (document.ImageNames is { } names && file < names.Count) return names[file];
        var number = 1;
        while (!taken.Add(ExportNames.Page(page.Id, number))) number++;
        return ExportNames.Page(page.Id, number);
    }

    private static string EndingOf(ImageType type) => type switch { ImageType.Tiff => ".tif", ImageType.Jpeg => ".jpg", _ => ".pdf" };

    private Task<ExportedFile> CopyAsync(ImagePage page, string path, CancellationToken cancellationToken)
        => files.CopyAsync(page.Linked ? blobs.Staging : blobs.Files, page.Blob, page.Linked ? null : page.Sha256, $"{folder}/{path}", cancellationToken);

    private async Task<ExportedDocumentImages> TiffAsync(string path, IReadOnlyList<ImagePage> pages, CancellationToken cancellationToken)
    {
        await using var made = TempFile.Create();
        using (var tiff = new TiffPages(made, Total(pages)))
        {
            foreach (var page in pages)
            {
                await using var image = await FetchAsync(page, cancellationToken);
                var type = TypeOf(page, image.Content());
                if (tiff.Add(type, image.Content(), page.Rotation) is { } reason) throw Unfit(page, "TIFF", reason);
            }
        }
        return Made(path, pages, ImageType.Tiff, await files.WriteAsync($"{folder}/{path}", made, cancellationToken));
    }

    private async Task<ExportedDocumentImages> PdfAsync(string path, IReadOnlyList<ImagePage> pages, CancellationToken cancellationToken)
    {
        if (IsOnePdf(pages)) return Made(path, pages, ImageType.Pdf, await CopyAsync(pages[0], path, cancellationToken));
        var made = await files.WriteAsync(
            $"{folder}/{path}",
            async file =>
            {
                var pdf = new PdfPages(file, cancellationToken);
                await pdf.BeginAsync();
                for (var i = 0; i < pages.Count;) i += await AddAsync(pdf, pages, i, cancellationToken);
                await pdf.EndAsync();
            },
            cancellationToken);
        return Made(path, pages, ImageType.Pdf, made);
    }

    // Adds a page, or as many as lie one after the other in the same PDF, and says how many.
    private async Task<int> AddAsync(PdfPages pdf, IReadOnlyList<ImagePage> pages, int first, CancellationToken cancellationToken)
    {
        var page = pages[first];
        await using var image = await FetchAsync(page, cancellationToken);
        var type = TypeOf(page, image.Content());
        if (type != ImageType.Pdf) return await pdf.AddAsync(type, image.Content(), page.Rotation) is { } reason ? throw Unfit(page, "PDF", reason) : 1;
        List<(int, int)> chosen = page.PageOfFile == 0
            ? [.. Enumerable.Range(1, page.PagesInFile).Select(number => (number, page.Rotation))]
            : [.. pages.Skip(first).TakeWhile(p => p.Blob == page.Blob && p.PageOfFile > 0).Select(p => (p.PageOfFile, p.Rotation))];
        return await pdf.AddAsync(image.Content(), page.PagesInFile, chosen) is { } wrong ? throw Unfit(page, "PDF", wrong) : page.PageOfFile == 0 ? 1 : chosen.Count;
    }

    // Whether they are all pages of one PDF, in order, none turned.
    private static bool IsOnePdf(IReadOnlyList<ImagePage> pages)
        => pages[0] is { Type: ImageType.Pdf } first
            && pages.All(p => p.Blob == first.Blob && p.Rotation == 0)
            && (pages.Count == 1 && first.PageOfFile == 0 || pages.Select(p => p.PageOfFile).SequenceEqual(Enumerable.Range(1, first.PagesInFile)));

    private static int Total(IReadOnlyList<ImagePage> pages) => pages.Sum(Count);

    private static int Count(ImagePage page) => page.PageOfFile > 0 ? 1 : page.PagesInFile;

    private static ExportedDocumentImages Made(string path, IReadOnlyList<ImagePage> pages, ImageType type, ExportedFile file)
    {
        var images = new List<ExportedImage>(pages.Count);
        var (next, total) = (1, Total(pages));
        foreach (var page in pages)
        {
            // One id for all of a file stays one for all of it.
            images.Add(new ExportedImage(page.Id, path, pages.Count == 1 && total > 1 ? 0 : next, total, type));
            next += Count(page);
        }
        return new ExportedDocumentImages(images, [file]);
    }

    private async Task<MemoryOrDisk> FetchAsync(ImagePage page, CancellationToken cancellationToken)
    {
        var container = page.Linked ? blobs.Staging : blobs.Files;
        var image = new MemoryOrDisk(InMemory);
        try
        {
            using var download = (await container.GetBlobClient(page.Blob).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            await image.WriteAsync(download.Content, cancellationToken);
            return image;
        }
        catch (Exception e)
        {
            await image.DisposeAsync();
            if (e is RequestFailedException { Status: 404 }) throw ExportedFiles.IsGone(container, page.Blob, e);
            throw;
        }
    }

    // Files were looked at when they came, but those that are linked may be others now.
    private static ImageType TypeOf(ImagePage page, Stream image)
    {
        var content = ImageContent.Of(image);
        return content.Wrong is null ? content.Type : throw new UnusableFileException(
            "invalid-image", $"The page {Words.Quote(page.Id)} cannot be exported: its file {Words.Quote(page.File)} is {content.Wrong}. Import its image again.");
    }

    private static UnusableFileException Unfit(ImagePage page, string what, string reason) => new(
        "image-not-convertible",
        string.Create(CultureInfo.InvariantCulture, $"The page {Words.Quote(page.Id)} (file {Words.Quote(page.File)}) cannot be put into a {what} because {reason}. Export the images as single pages{(what == "TIFF" ? ", or as PDF" : "")}."));
}
