using IntegrationPoints.App.Access;
using IntegrationPoints.App.Auditing;
using IntegrationPoints.App.FieldNames;
using IntegrationPoints.App.Http;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace IntegrationPoints.App.Triggers;

/// <summary>The names of an entry of the field catalogue beside the one in the address.</summary>
/// <param name="Synonyms">The other names.</param>
public sealed record CatalogSynonyms(IReadOnlyList<string> Synonyms);

/// <summary>A file of synonyms.</summary>
/// <param name="Csv">Its text: the header <c>Name,Synonym</c>, then a line for each synonym.</param>
/// <param name="Replace">Whether it takes the place of all that is there; otherwise it is added.</param>
public sealed record CatalogFile(string Csv, bool Replace = false);

/// <summary>What the field catalogue has after an import.</summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Names">How many names.</param>
public sealed record CatalogSize(int Entries, int Names);

/// <summary>
/// The field catalogue over HTTP: names of fields that mean the same in every workspace, which map all fields pairs. A version is one of all
/// entries together, which are kept as one. A job goes by the entries of when it began.
/// </summary>
public sealed class FieldCatalogApi(Existing existing, FieldCatalog catalog)
{
    private const string All = "field-catalog", One = All + "/{name}", File = All + ".csv";

    private const string What = "the field catalogue";

    /// <summary>Lists the entries.</summary>
    [Function(nameof(ListCatalogEntries))]
    [Needs(Operation.ViewFieldCatalog)]
    [Operation("The entries of the field catalogue, in the order of their names.", Answer = typeof(Listing<CatalogEntry>), Paged = true)]
    public async Task<IActionResult> ListCatalogEntries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = All)] HttpRequest request, CancellationToken cancellationToken)
    {
        await existing.AnyWorkspaceAsync(cancellationToken);
        var entries = (await catalog.NowAsync(cancellationToken)).Value.ToAsyncEnumerable();
        return Answer.Ok(await Paging.PageAsync(request, All, entries, e => e.Name, cancellationToken));
    }

    /// <summary>Shows an entry.</summary>
    [Function(nameof(GetCatalogEntry))]
    [Needs(Operation.ViewFieldCatalog)]
    [Operation("One entry of the field catalogue, by its name.", Answer = typeof(CatalogEntry))]
    public async Task<IActionResult> GetCatalogEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = One)] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        await existing.AnyWorkspaceAsync(cancellationToken);
        var (entries, version) = await catalog.NowAsync(cancellationToken);
        return Answer.Ok(CatalogRules.Find(entries, name) ?? throw NotFound(name), version);
    }

    /// <summary>Makes or changes an entry.</summary>
    [Function(nameof(SetCatalogEntry))]
    [Needs(Operation.AdministerTenant)]
    [Operation(
        "Makes an entry of the field catalogue, or changes the one that is there, of which If-Match then names the version.",
        Body = typeof(CatalogSynonyms), Answer = typeof(CatalogEntry), Versioned = true)]
    public async Task<IActionResult> SetCatalogEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = One)] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        var sent = CatalogRules.Clean(new CatalogEntry(name, (await JsonBody.ReadAsync<CatalogSynonyms>(request, cancellationToken)).Synonyms), problems);
        while (true)
        {
            var (entries, version) = await catalog.NowAsync(cancellationToken);
            var before = CatalogRules.Find(entries, name);
            if (before is not null) Versions.Require(request, version, What);
            else if (request.Headers.IfMatch.Count > 0) throw RefusedException.Changed(What);
            var others = entries.Where(e => e != before).ToList();
            problems.AddRange(CatalogRules.Against(sent, others));
            var changed = CatalogRules.Ordered([.. others, sent]);
            if (CatalogRules.TooLarge(changed) is { } tooLarge) problems.Add(tooLarge);
            if (problems.Count > 0) throw RefusedException.Bad(problems);
            if (await catalog.TrySetAsync(changed, version, cancellationToken) is not { } etag) continue;
            request.Audit().Changed(sent.Name, sent.Name, before, sent);
            return before is null ? Answer.Created($"/api/{All}/{Uri.EscapeDataString(sent.Name)}", sent, etag) : Answer.Ok(sent, etag);
        }
    }

    /// <summary>Removes an entry.</summary>
    [Function(nameof(DeleteCatalogEntry))]
    [Needs(Operation.AdministerTenant)]
    [Operation("Removes an entry of the field catalogue.", Status = 204, Versioned = true)]
    public async Task<IActionResult> DeleteCatalogEntry(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = One)] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (entries, version) = await catalog.NowAsync(cancellationToken);
            var found = CatalogRules.Find(entries, name) ?? throw NotFound(name);
            Versions.Respect(request, version, What);
            request.Audit().Removed(found.Name, found.Name, found);
            if (await catalog.TrySetAsync([.. entries.Where(e => e != found)], version, cancellationToken) is not null) return Answer.Done();
        }
    }

    /// <summary>Takes entries from a file.</summary>
    [Function(nameof(ImportCatalog))]
    [Needs(Operation.AdministerTenant)]
    [Operation(
        "Adds the synonyms of a CSV file to the field catalogue, or puts them in the place of all that is there; with anything wrong, which is said by its line, nothing is done.",
        Body = typeof(CatalogFile), Answer = typeof(CatalogSize))]
    public async Task<IActionResult> ImportCatalog(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = File)] HttpRequest request, CancellationToken cancellationToken)
    {
        var sent = await JsonBody.ReadAsync<CatalogFile>(request, cancellationToken);
        while (true)
        {
            var (there, version) = await catalog.NowAsync(cancellationToken);
            var problems = new List<Problem>();
            var entries = CatalogCsv.Read(sent.Csv, sent.Replace ? [] : there, problems);
            if (problems.Count > 0) throw RefusedException.Bad(problems);
            if (await catalog.TrySetAsync(entries, version, cancellationToken) is null) continue;
            request.Audit().Changed(All, "field catalogue", SizeOf(there), SizeOf(entries));
            return Answer.Ok(SizeOf(entries));
        }
    }

    /// <summary>Hands out all entries as a file.</summary>
    [Function(nameof(ExportCatalog))]
    [Needs(Operation.ViewFieldCatalog)]
    [Operation("The field catalogue as CSV: the header Name,Synonym, then a line for each synonym. An import takes it back as it was.", File = "text/csv")]
    public async Task<IActionResult> ExportCatalog(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = File)] HttpRequest request, CancellationToken cancellationToken)
    {
        await existing.AnyWorkspaceAsync(cancellationToken);
        var content = CatalogCsv.Write((await catalog.NowAsync(cancellationToken)).Value);
        await request.Audit().WriteAsync();
        var response = request.HttpContext.Response;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = File }.ToString();
        response.ContentType = "text/csv; charset=utf-8";
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, cancellationToken);
        return new EmptyResult();
    }

    private static CatalogSize SizeOf(IReadOnlyList<CatalogEntry> entries) => new(entries.Count, entries.Sum(e => e.Synonyms.Count + 1));

    private static RefusedException NotFound(string name) => RefusedException.NotFound($"The field catalogue has no entry {Words.Quote(name)}. List the entries to see which there are.");
}
