using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IntegrationPoints.App.Triggers;

/// <summary>The files that a job leaves for people: the rows that it rejected, and why.</summary>
public sealed class JobFilesApi(Existing existing, Blobs blobs)
{
    /// <summary>The rejected rows as they stood in the load file.</summary>
    [Function(nameof(GetErrorFile))]
    [Needs(Operation.DownloadErrorFile)]
    [Operation("The rejected rows, with the header, as they stood in the load file: correct them and import the file again.", File = "application/octet-stream")]
    public Task<IActionResult> GetErrorFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/error-file")] HttpRequest request, string job, CancellationToken cancellationToken)
        => SendAsync(request, job, JobFiles.ErrorFileName(job), null, "application/octet-stream", cancellationToken);

    /// <summary>Why each row was rejected.</summary>
    [Function(nameof(GetErrorReport))]
    [Needs(Operation.ViewErrors)]
    [Operation("Why each row was rejected, row by row.", File = "text/csv")]
    public Task<IActionResult> GetErrorReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/error-report")] HttpRequest request, string job, CancellationToken cancellationToken)
        => SendAsync(request, job, JobFiles.ErrorReportName(job), ".csv", "text/csv; charset=utf-8", cancellationToken);

    private async Task<IActionResult> SendAsync(
        HttpRequest request, string job, string blob, string? extension, string contentType, CancellationToken cancellationToken)
    {
        var (row, point) = await existing.JobOfPointAsync(job, cancellationToken);
        var version = await Blobs.FindAsync(blobs.Jobs, blob, cancellationToken) ?? throw new RefusedException(
            StatusCodes.Status404NotFound, "no-error-file",
            row.EndedUtc is null ? "The job is still running; its error file is written at the end."
            : row.Counts.Rejected == 0 ? "The job has no error file: it rejected no row."
            : "The rejected rows cannot be copied any more: the load file was replaced before the job ended. The error report says which rows they were.");
        await using var content = await Blobs.OpenRangeAsync(blobs.Jobs, blob, 0, null, version.ETag, cancellationToken);
        await request.Audit().WriteAsync();
        var response = request.HttpContext.Response;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(NameOf(point, extension));
        response.Headers.ContentDisposition = disposition.ToString();
        response.ContentType = contentType;
        response.ContentLength = version.Bytes;
        await content.CopyToAsync(response.Body, cancellationToken);
        return new EmptyResult();
    }

    // What has no file of its own was copied into one with commas.
    private static string NameOf(IntegrationPoint point, string? extension)
    {
        var file = Sources.FileOf(point.Source) ?? "records.csv";
        return $"{Path.GetFileNameWithoutExtension(file)}-errors{extension ?? Path.GetExtension(file)}";
    }
}
