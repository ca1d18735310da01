using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Providers.Images;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>The images that a row brings to its document.</summary>
/// <param name="Set">The name of their set.</param>
/// <param name="Pages">How many pages, those of files of several pages counted.</param>
/// <param name="Items">The pages.</param>
internal sealed record RowImages(string Set, int Pages, NewImages Items)
{
    /// <summary>What the record says of them.</summary>
    public ImageSet Summary => new(Pages, Items.Item, (Items.Pages.Count + ImageSet.PagesPerPart - 1) / ImageSet.PagesPerPart);
}

/// <summary>
/// Reads the images of documents: checks each file by its content, says where it is to be kept, and sets what follows from the pages, Bates
/// numbers and text. One page that cannot be used fails its document, and each such page is an error of its own.
/// </summary>
internal sealed class PageReader(Blobs blobs, TextFiles texts, BatchScope scope, ImportSettings import, PreparedImages images)
{
    private const int AtOnce = 16;

    /// <summary>Larger files are checked on disk.</summary>
    private const int InMemory = 1024 * 1024;

    private static readonly FileContent NoContent = new(default, "");

    /// <summary>Adds images to rows, or what is wrong with their pages.</summary>
    public async Task AddAsync(IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        // A row that stood in the file before is not looked at; everything else that is wrong is said at once.
        var read = rows.Where(r => r.Source.FirstLine is null).ToList();
        var files = read.SelectMany(r => r.Source.Pages).Select(p => p.File).OfType<SourceFile>()
            .Where(f => f.Problem is null && f.Bytes > 0).DistinctBy(f => f.Path).ToList();
        var contents = new FileContent[files.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, files.Count), parallel, async (i, token) => contents[i] = await ContentAsync(files[i], token));
        var byBlob = files.Zip(contents).ToDictionary(f => f.First.Path, f => f.Second);
        foreach (var row in read) Add(row, byBlob);
        if (images.Text is not { } field) return;
        await Parallel.ForEachAsync(read.Where(r => r.Errors.Count == 0), parallel, async (row, token) => await AddTextAsync(row, field, token));
    }

    private async Task<FileContent> ContentAsync(SourceFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using var spool = new MemoryOrDisk(InMemory);
            await using (var bytes = await blobs.OpenAsync(file, cancellationToken))
                await spool.WriteAsync(bytes, cancellationToken);
            return new FileContent(ImageContent.Of(spool.Content()), spool.Sha256);
        }
        catch (PackageEntryException e)
        {
            return new FileContent(default, "") { Unreadable = e.Problem };
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            return NoContent;
        }
    }

    private void Add(Row row, Dictionary<string, FileContent> contents)
    {
        var pages = new List<ImagePage>();
        var kept = new Dictionary<string, string>();
        string? pdf = null;
        foreach (var page in row.Source.Pages)
        {
            if (!CanBeUsed(row, page)) continue;
            var file = page.File!;
            var content = file.Bytes == 0 ? new FileContent(new ImageContent(default, 0, "empty (0 bytes)"), "") : contents[file.Path];
            if (Wrong(page, content, ref pdf) is var (code, reason))
            {
                Report(row, page, code, reason);
                continue;
            }
            if (!kept.TryGetValue(file.Path, out var blob)) kept.Add(file.Path, blob = Keep(row, page, content));
            pages.Add(Stored(page, content, blob));
        }
        if (row.Errors.Count > 0) return;
        var count = pages.Sum(p => p.PageOfFile > 0 ? 1 : p.PagesInFile);
        if (row.Source.Pages[0].PageCount is { } said && said != count && said != pages.Count)
            Warn(row, row.Source.Pages[0], "page-count", $"The load file says that the document has {Counted(said)}, and there {(count == 1 ? "is" : "are")} {Counted(count)}. Check whether lines are missing.");
        row.Images = new RowImages(images.Set, count, new NewImages($"images|{Identifier.Escape(scope.Job)}|{row.Source.Line}", pages));
        AddBates(row, images.BatesBegin, pages[0].Id);
        AddBates(row, images.BatesEnd, pages[^1].Id);
    }

    // Whether the line could be read and its file is there.
    private bool CanBeUsed(Row row, SourcePage page)
    {
        if (page.Problem is { Severity: ProblemSeverity.Error } problem)
        {
            // What keeps a document from having a name was said already.
            if (row.Source.Problem is null || page.Line != row.Source.Line) row.Errors.Add(At(row, page, problem.Code, problem.Message));
            return false;
        }
        if (page.Problem is { } remark) Warn(row, page, remark.Code, remark.Message);
        var id = IdentifierCheck.Check(page.Id, Identifier.MaxLength);
        if (id.IsError) Report(row, page, id.Code, id.Reason);
        if (page.File is { Entry: not null, Problem: null } packed && import.Natives == NativeMode.Link)
        {
            Report(row, page, NativeFiles.NotLinked, NativeFiles.CannotBeLinked(packed));
            return false;
        }
        if (page.File is null) Report(row, page, "missing-file", "The line names no image file. Enter its path, or remove the line.");
        else if (page.File.Problem is { } missing) Report(row, page, missing.Code, missing.Message);
        else if (page.File is { Warning: { } warning, Bytes: > 0 }) Warn(row, page, warning.Code, warning.Message);
        return !id.IsError && page.File is { Problem: null };
    }

    private static (string Code, string Reason)? Wrong(SourcePage page, FileContent content, ref string? pdf)
    {
        var name = Words.Quote(page.File!.Reference);
        if (content.Unreadable is { } unreadable) return (unreadable.Code, unreadable.Message);
        if (content == NoContent)
            return ("file-changed", $"The file {name} was replaced or removed while the job ran. Import the error file to load it as it is now.");
        if (content.Image.Wrong is { } wrong) return ("invalid-image", $"The file {name} is {wrong}. {ImageContent.Expected}");
        if (page.PageOfFile > content.Image.Pages && page.PageOfFile > 1)
            return ("invalid-image", $"The line asks for page {page.PageOfFile} of the file {name}, which has {Counted(content.Image.Pages)}. Correct the line.");
        if (content.Image.Type != ImageType.Pdf || (pdf ??= page.File.Path) == page.File.Path) return null;
        return ("invalid-image", $"The file {name} is the second PDF of its document, and a document has one at most. Put the PDFs together, or make documents of them.");
    }

    private string Keep(Row row, SourcePage page, FileContent content)
    {
        var file = page.File!;
        var kept = new KeptFile
        {
            Kind = FileKind.Image,
            Path = file.Blob,
            From = new BlobVersion(file.Blob, file.Bytes, file.ETag),
            Bytes = file.Bytes,
            Sha256 = content.Sha256,
            Md5 = file.Md5,
            Source = file.Path,
            Entry = file.Entry,
        };
        if (import.Natives == NativeMode.Link)
        {
            row.Files.Add(kept with { Place = FilePlace.Staging });
            return file.Blob;
        }
        var to = scope.FileName(page.Line, file.Name);
        row.Files.Add(kept with { Path = to });
        return to;
    }

    private ImagePage Stored(SourcePage page, FileContent content, string blob) => new()
    {
        Id = page.Id.Trim(),
        File = page.File!.Name,
        Blob = blob,
        Linked = import.Natives == NativeMode.Link,
        Bytes = page.File.Bytes,
        Sha256 = content.Sha256,
        Type = content.Image.Type,
        PagesInFile = content.Image.Pages,
        PageOfFile = page.PageOfFile,
        Rotation = page.Rotation,
    };

    private void AddBates(Row row, Field? field, string number)
    {
        if (field is null) return;
        row.Values.Add(new NewValue(field, number));
        if (number.Length <= (field.Length ?? int.MaxValue)) return;
        Report(row, row.Source.Pages[0], "text-too-long", string.Create(CultureInfo.InvariantCulture,
            $"The Bates number {Words.Quote(number)} has {number.Length} characters, and the field {Words.Quote(field.Name)} holds {field.Length}. Make the field longer."));
    }

    private async Task AddTextAsync(Row row, Field field, CancellationToken cancellationToken)
    {
        foreach (var page in row.Source.Pages.Where(p => p.Text is { Problem: not null }))
            Warn(row, page, page.Text!.Problem!.Code, $"The page has no text: {page.Text.Problem.Message}");
        var files = row.Source.Pages.Select(p => p.Text).OfType<SourceFile>().Where(f => f.Problem is null).DistinctBy(f => f.Path).ToList();
        if (files.Count == 0) return;
        var text = await texts.JoinAsync(files, row.Source.Line, import.TextEncoding, cancellationToken);
        if (text.Code is not null)
        {
            row.Errors.Add(Problem.Item(scope.File, text.Code, row.Source.Line, row.SourceId, field.Name, text.Reason!));
            return;
        }
        row.Values.Add(new NewValue(field, (object?)text.File ?? (text.Inline is { Length: > 0 } inline ? inline : null)));
        row.Files.Add(KeptFile.Of(field, text, files.Count == 1 ? files[0] : null));
    }

    private void Report(Row row, SourcePage page, string code, string reason) => row.Errors.Add(At(row, page, code, reason));

    private void Warn(Row row, SourcePage page, string code, string reason)
        => row.Warnings.Add(At(row, page, code, reason) with { Severity = ProblemSeverity.Warning });

    private Problem At(Row row, SourcePage page, string code, string reason) => Problem.Item(
        scope.File, code, page.Line, row.SourceId, null, page.Id.Length == 0 ? reason : $"Page {Words.Quote(page.Id)}: {reason}");

    private static string Counted(int pages) => pages == 1 ? "1 page" : string.Create(CultureInfo.InvariantCulture, $"{pages:N0} pages");

    /// <summary>What a file is, and the SHA-256 of its bytes.</summary>
    private sealed record FileContent(ImageContent Image, string Sha256)
    {
        /// <summary>Why a file of a package could not be read; null when it could.</summary>
        public Problem? Unreadable { get; init; }
    }
}
