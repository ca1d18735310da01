using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>The images of a document as the API shows them, for their description; they are written without being built.</summary>
/// <param name="Document">The document's identifier.</param>
/// <param name="Pages">Its original images, then those of productions.</param>
public sealed record DocumentImagesView(string Document, IReadOnlyList<PageView> Pages);

/// <summary>One image.</summary>
/// <param name="Id">The page id; of a production the Bates number.</param>
/// <param name="File">The file's name without folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Type">tiff, jpeg or pdf.</param>
/// <param name="PagesInFile">How many pages the file has.</param>
/// <param name="PageOfFile">Which page of the file it is, from 1; 0: all of it.</param>
/// <param name="Rotation">By how many degrees it is to be turned.</param>
/// <param name="Sha256">SHA-256 of the file's bytes.</param>
/// <param name="Production">The id of the production that it belongs to; null: it is an original image.</param>
public sealed record PageView(
    string Id, string File, long Bytes, ImageType Type, int PagesInFile, int PageOfFile, int Rotation, string Sha256, string? Production);

/// <summary>Images over HTTP.</summary>
public sealed class ImagesApi(Existing existing, ImageListing listing)
{
    private const string All = "workspaces/{workspace}/images", JsonLines = "application/x-ndjson";

    // A page ends with the document that reaches this, whatever its size was to be.
    private const long PageBytes = 8 * 1024 * 1024;

    /// <summary>Lists documents with their images in pages, or all of them as JSON lines.</summary>
    [Function(nameof(ListImages))]
    [Needs(Operation.ViewDocuments)]
    [Operation(
        "The images of a workspace, by document in identifier order. A page may hold fewer documents than asked for when they have many images. With Accept: application/x-ndjson all of them, a line each.",
        Answer = typeof(Listing<DocumentImagesView>), Paged = true)]
    public async Task<IActionResult> ListImages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        if (request.Headers.Accept.ToString().Contains(JsonLines, StringComparison.OrdinalIgnoreCase))
            return await StreamImages(request, workspace, cancellationToken);
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        var (list, prefix) = ($"images {workspace}", Identifier.SortPrefix(ObjectType.Document));
        var (size, after) = (Paging.Size(request), Paging.After(request, list));
        using var stream = new JsonStream(request.HttpContext.Response, "application/json; charset=utf-8");
        stream.Json.WriteStartObject();
        stream.Json.WriteStartArray("items");
        var (count, last, more) = (0, "", false);
        await foreach (var document in listing.ListAsync(owner, after is null ? null : prefix + after, cancellationToken))
        {
            more = count == size || stream.Written >= PageBytes;
            if (more) break;
            await WriteAsync(stream, document, cancellationToken);
            (count, last) = (count + 1, document.Sort[prefix.Length..]);
        }
        stream.Json.WriteEndArray();
        stream.Json.WriteString("continuationToken", more ? Paging.Token(list, last) : null);
        stream.Json.WriteEndObject();
        await stream.EndAsync(cancellationToken);
        return new EmptyResult();
    }

    /// <summary>All documents with their images as JSON lines.</summary>
    [Function(nameof(StreamImages))]
    [Needs(Operation.ViewDocuments)]
    [Operation("All images of a workspace, by document in identifier order, as JSON lines.", File = JsonLines)]
    public async Task<IActionResult> StreamImages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All + ".jsonl")] HttpRequest request, string workspace, CancellationToken cancellationToken)
    {
        var owner = (await existing.WorkspaceAsync(workspace, cancellationToken)).Value;
        using var stream = new JsonStream(request.HttpContext.Response, $"{JsonLines}; charset=utf-8");
        await foreach (var document in listing.ListAsync(owner, null, cancellationToken))
        {
            await WriteAsync(stream, document, cancellationToken);
            stream.EndLine();
        }
        await stream.EndAsync(cancellationToken);
        return new EmptyResult();
    }

    private static async Task WriteAsync(JsonStream output, DocumentImages document, CancellationToken cancellationToken)
    {
        output.Json.WriteStartObject();
        output.Json.WriteString("document", document.Document);
        output.Json.WriteStartArray("pages");
        foreach (var (set, pages) in document.Sets)
        {
            foreach (var page in pages) Write(output, page, set == ImageSet.Original ? null : set);
            await output.SendAsync(cancellationToken);
        }
        output.Json.WriteEndArray();
        output.Json.WriteEndObject();
        await output.SendAsync(cancellationToken);
    }

    private static void Write(JsonStream output, ImagePage page, string? production)
    {
        output.Json.WriteStartObject();
        output.Json.WriteString("id", page.Id);
        output.Json.WriteString("file", page.File);
        output.Json.WriteNumber("bytes", page.Bytes);
        output.Json.WriteString("type", page.Type.ToString().ToLowerInvariant());
        output.Json.WriteNumber("pagesInFile", page.PagesInFile);
        output.Json.WriteNumber("pageOfFile", page.PageOfFile);
        output.Json.WriteNumber("rotation", page.Rotation);
        output.Json.WriteString("sha256", page.Sha256);
        output.Json.WriteString("production", production);
        output.Json.WriteEndObject();
    }
}
