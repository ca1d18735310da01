using System.Globalization;
using System.Text.Json.Serialization;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace IntegrationPoints.App.Triggers;

/// <summary>Where an export wrote to.</summary>
/// <param name="Folder">The export folder, a path of the staging area.</param>
/// <param name="DataFile">The name of the data file in it.</param>
/// <param name="ImageFile">The name of the load file of the images; left out when there is none.</param>
/// <param name="Manifest">The name of the list of files.</param>
/// <param name="Summary">The name of the summary.</param>
public sealed record OutputView(
    string Folder, string DataFile, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ImageFile, string Manifest, string Summary);

/// <summary>What exports wrote, over HTTP.</summary>
public sealed class OutputApi(Existing existing, JobFiles files, ExportOutput output)
{
    /// <summary>Says where an export wrote to.</summary>
    [Function(nameof(GetOutput))]
    [Needs(Operation.ViewJobs)]
    [Operation("Where an export wrote to, and what its load files are called.", Answer = typeof(OutputView))]
    public async Task<IActionResult> GetOutput(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/output")] HttpRequest request, string job, CancellationToken cancellationToken)
    {
        await existing.JobAsync(job, cancellationToken);
        var export = (await files.ReadAsync<PreparedJob>(JobFiles.PreparedName(job), cancellationToken))?.Export ?? throw NoOutput();
        return Answer.Ok(new OutputView(export.Folder, export.DataFile, export.ImageFile, export.Manifest, export.Summary));
    }

    /// <summary>Lists the files of an export, each with an address to read it from.</summary>
    [Function(nameof(ListOutputFiles))]
    [Needs(Operation.Download)]
    [Operation("The files that an export wrote, in the order of its manifest, each with an address from which it can be read for an hour.", Answer = typeof(Listing<OutputFile>), Paged = true)]
    public async Task<IActionResult> ListOutputFiles(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "jobs/{job}/output/files")] HttpRequest request, string job, CancellationToken cancellationToken)
    {
        await existing.JobAsync(job, cancellationToken);
        var list = $"output {job}";
        var offset = Paging.After(request, list) is { } after ? long.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var page = await output.ListAsync(job, offset, Paging.Size(request), cancellationToken) ?? throw NoOutput();
        return Answer.Ok(new Listing<OutputFile>(page.Files, page.Next is { } next ? Paging.Token(list, next.ToString(CultureInfo.InvariantCulture)) : null));
    }

    private static RefusedException NoOutput()
        => new(StatusCodes.Status404NotFound, "no-output", "The job exported nothing that could be listed: it is an import, is still running, or failed before it wrote a load file.");
}
