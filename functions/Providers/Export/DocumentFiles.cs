using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.Workspace;
using IntegrationPoints.Storage;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Export;

/// <summary>The files of a document as they were written.</summary>
internal sealed class WrittenFiles
{
    /// <summary>All of them, as the manifests list them.</summary>
    public List<KeptFile> Files { get; } = [];

    /// <summary>Its pages, for the load file of the images.</summary>
    public IReadOnlyList<ExportedImage> Pages { get; set; } = [];

    /// <summary>What is worth knowing.</summary>
    public List<Problem> Warnings { get; } = [];
}

/// <summary>Writes the native, the text and the images of a document to the places that the layout gave them. May be repeated.</summary>
internal sealed class DocumentFiles(ExportSettings settings, PreparedJob prepared, Blobs blobs, ImageListing images, ExportedFiles output)
{
    private readonly string folder = prepared.Export!.Folder;
    private readonly ExportedText text = new(blobs, output, EncodingDetector.Find(settings.TextEncoding)!);
    private readonly ExportedImages pages = new(blobs, output, prepared.Export!.Folder);

    /// <summary>Writes what the layout says that there is.</summary>
    /// <exception cref="UnusableFileException">One of them cannot be exported.</exception>
    public async Task<WrittenFiles> WriteAsync(StoredRecord stored, LaidOutDocument document, CancellationToken cancellationToken)
    {
        var written = new WrittenFiles();
        // What may turn out to be impossible comes first, so that less is left behind of a document that is left out.
        if (document.ImageFolder is not null) await ImagesAsync(stored, document, written, cancellationToken);
        if (document.TextPath is { } path) await TextAsync(stored.Record, document.Document.Text!.Field, path, written, cancellationToken);
        if (document.NativePath is { } native) await NativeAsync(stored.Record.Native!, native, written, cancellationToken);
        return written;
    }

    private async Task NativeAsync(NativeFile native, string path, WrittenFiles written, CancellationToken cancellationToken)
    {
        var from = native.Linked ? blobs.Staging : blobs.Files;
        Add(FileKind.Native, await output.CopyAsync(from, native.Blob, $"{folder}/{path}", cancellationToken), $"{from.Name}/{native.Blob}", written);
    }

    private async Task TextAsync(Record record, string field, string path, WrittenFiles written, CancellationToken cancellationToken)
    {
        var file = record.ValueOf(field) is TextReference kept
            ? await text.WriteAsync(kept, $"{folder}/{path}", cancellationToken)
            : await text.WriteAsync((string)record.ValueOf(field)!, $"{folder}/{path}", cancellationToken);
        Add(FileKind.Text, file.File, "", written);
        if (file.Lacking == 0) return;
        written.Warnings.Add(new Problem(
            "character-not-in-encoding",
            string.Create(null, $"{file.Lacking} characters of the text cannot be written in {settings.TextEncoding}; a mark stands in place of each. Export text files in UTF-8 or UTF-16 to keep them."))
        {
            Severity = ProblemSeverity.Warning,
            Field = prepared.Fields.FirstOrDefault(f => f.Id == field)?.Name,
        });
    }

    private async Task ImagesAsync(StoredRecord stored, LaidOutDocument document, WrittenFiles written, CancellationToken cancellationToken)
    {
        var set = stored.Record.Images![document.Document.Images!.Set];
        var made = await pages.WriteAsync(document, await images.PagesAsync(stored.Partition, set, cancellationToken), settings.ImageOutput, cancellationToken);
        if (made.Problem is { } problem) throw new UnusableFileException(problem);
        written.Pages = made.Images;
        foreach (var file in made.Files) Add(FileKind.Image, file, "", written);
    }

    private static void Add(FileKind kind, ExportedFile file, string source, WrittenFiles written)
    {
        written.Files.Add(new KeptFile { Kind = kind, Place = FilePlace.Staging, Path = file.Path, Bytes = file.Bytes, Sha256 = file.Sha256, Source = source });
        if (!file.WasThere) return;
        written.Warnings.Add(new Problem(
            "file-left", $"The file {Words.QuotePath(file.Path)} was there already, was left as it is, and the load file refers to it. Switch on Overwrite files to have it replaced.")
        {
            Severity = ProblemSeverity.Warning,
        });
    }
}
