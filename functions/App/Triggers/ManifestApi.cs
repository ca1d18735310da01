using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Custody;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IntegrationPoints.App.Triggers;

/// <summary>The manifest of a job over HTTP.</summary>
public sealed class ManifestApi(Existing existing, Manifests manifests, Blobs blobs)
{
    /// <summary>Shows the manifest's head.</summary>
    [Function(nameof(GetManifest))]
    [Needs(Operation.ViewJobs)]
    [Operation("What a job imported or exported: the load file that was read with its SHA-256, settings, counts, and the SHA-256 of the list of files.", Answer = typeof(ManifestHead))]
    public async Task<IActionResult> GetManifest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/manifest")] HttpRequest request, string job, CancellationToken cancellationToken)
        => Answer.Ok(await HeadAsync(await existing.JobAsync(job, cancellationToken), cancellationToken));

    /// <summary>Downloads the list of files.</summary>
    [Function(nameof(GetManifestFiles))]
    [Needs(Operation.ViewFiles)]
    [Operation(
        "Every native, text and image that a job imported, or native, text, image and load file that it exported, with size and SHA-256, as CSV. Exact data: cells are not changed for programs that compute them.",
        File = "text/csv")]
    public async Task<IActionResult> GetManifestFiles(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/manifest/files")] HttpRequest request, string job, CancellationToken cancellationToken)
    {
        var manifest = (await HeadAsync((await existing.JobOfPointAsync(job, cancellationToken)).Row, cancellationToken)).Manifest;
        var version = await Blobs.FindAsync(blobs.Jobs, manifest.Name, cancellationToken) ?? throw NoManifest("The manifest was removed from storage.");
        await using var content = await Blobs.OpenRangeAsync(blobs.Jobs, manifest.Name, 0, null, version.ETag, cancellationToken);
        await request.Audit().WriteAsync();
        var response = request.HttpContext.Response;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"manifest-{job}.csv");
        response.Headers.ContentDisposition = disposition.ToString();
        response.ContentType = "text/csv; charset=utf-8";
        response.ContentLength = version.Bytes;
        await content.CopyToAsync(response.Body, cancellationToken);
        return new EmptyResult();
    }

    private async Task<ManifestHead> HeadAsync(JobHistory row, CancellationToken cancellationToken)
    {
        if (await manifests.HeadAsync(row.JobId, cancellationToken) is { } head) return head;
        // Of a job of which nothing is kept any more nobody knows whether it had one.
        await existing.RequireKeptAsync(row, cancellationToken);
        throw NoManifest(row.EndedUtc is null ? "The job is still running; its manifest is written at the end." : "The job has no manifest: it transferred nothing.");
    }

    private static RefusedException NoManifest(string message) => new(StatusCodes.Status404NotFound, "no-manifest", message);
}
