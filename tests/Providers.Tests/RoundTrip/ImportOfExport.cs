using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.ImageFile;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>The import of an export into another workspace, and what of it can be expected.</summary>
internal sealed class ImportOfExport
{
    private static readonly string Produced = Production.IdFor(GeneratedWorkspace.Production);

    private readonly Import to;
    private readonly ExportRun export;
    private readonly ExportSettings settings;
    private readonly HashSet<string> lost;
    private readonly HashSet<(string Document, string Column)> lostCells;

    public ImportOfExport(Import to, ExportRun export, ExportSettings settings)
    {
        (this.to, this.export, this.settings) = (to, export, settings);
        // Of a document whose name or whose files' names the encoding does not have, nothing can be found again.
        string[] naming = [WorkspaceCatalog.DefaultIdentifier, DelimitedDataFile.Natives, .. settings.TextFiles ? (string[])["Extracted Text"] : []];
        lost = [.. export.Problems.Where(p => p.Severity == ProblemSeverity.Error || naming.Contains(p.Field)).Select(p => p.SourceId!)];
        lostCells = [.. export.Problems.Where(p => p.Field is not null).Select(p => (p.SourceId!, p.Field!))];
    }

    private bool IsProduced => settings.Productions.Count > 0;

    private bool IsMarked => settings.Encoding != "windows-1252";

    private bool IsOpticon => settings.ImageFile == ImageFileFormat.Opticon;

    private string Set => IsProduced ? Produced : ImageSet.Original;

    /// <summary>Whether the export left the document out, or warned that it cannot be found again.</summary>
    public bool IsLost(string document) => lost.Contains(document);

    /// <summary>Whether the export warned of a cell; or the line that Opticon has for a file of several pages, which does not say the last number, replaced it.</summary>
    public bool IsLost(string document, string column)
        => lostCells.Contains((document, column)) || (column == Production.DefaultEnd && IsProduced && IsOpticon && settings.ImageOutput != ImageOutput.SinglePage);

    /// <summary>Whether it warned of cells that name choices, folders or objects.</summary>
    public bool LosesNames => lost.Count > 0 || lostCells.Any(c => c.Column is "Kind" or "Tags" or "Folder Path" or "Custodian" or "People");

    /// <summary>Imports the data file. No document is rejected, unless some are lost.</summary>
    public Task ImportDataAsync()
    {
        var delimiters = ExportFormat.DelimitersOf(settings);
        var data = new LoadFileSettings
        {
            File = $"{to.Folder}/{export.Export.DataFile}",
            Encoding = IsMarked ? "auto" : settings.Encoding,
            Column = delimiters.Column,
            Quote = delimiters.Quote,
        };
        var how = GeneratedWorkspace.Import with
        {
            NativeColumn = DelimitedDataFile.Natives,
            TextColumn = "Extracted Text",
            TextIsPath = settings.TextFiles,
            TextEncoding = IsMarked ? null : settings.TextEncoding,
            Newline = delimiters.Newline,
            MultiValue = delimiters.MultiValue,
            Nested = delimiters.Nested,
        };
        return GeneratedWorkspace.RunAsync(to, LoadFileSettings.Provider, data, how, async job =>
        {
            var errors = await job.MessagesAsync();
            Assert.True(errors.Count == 0 || lost.Count > 0, $"{settings}: {string.Join('\n', errors)}");
        });
    }

    /// <summary>Imports the load file of the images, where there are any. No document is rejected but those whose images an import does not take.</summary>
    public async Task ImportImagesAsync(Dictionary<string, DocumentContent> expected)
    {
        if (!expected.Any(d => !IsLost(d.Key) && d.Value.Images.ContainsKey(Set))) return;
        var file = new ImageFileSettings { File = $"{to.Folder}/{export.Export.ImageFile}", Production = IsProduced ? GeneratedWorkspace.Production : null };
        var how = new ImportSettings { Overwrite = OverwriteMode.OverlayOnly, OverlayField = IsProduced ? Production.DefaultBegin : null };
        var refused = expected.Where(d => IsLost(d.Key) || ImagesOf(d.Value).Length == 0).Select(d => d.Value.Images.GetValueOrDefault(Set)?[0].Id).ToList();
        await GeneratedWorkspace.RunAsync(to, ImageFileSettings.Provider, file, how, async job =>
            Assert.All(await job.ErrorsWithIdAsync(), error => Assert.Contains(error.Split(' ', 3)[2], refused)));
    }

    /// <summary>The images that an import has; empty: none.</summary>
    public string ImagesIn(DocumentContent document) => document.Images.TryGetValue(Set, out var pages) ? Text(pages) : "";

    /// <summary>The images that an import is to have of a document, as far as the format can say it; empty: none, or an import does not take them.</summary>
    public string ImagesOf(DocumentContent document)
    {
        if (!document.Images.TryGetValue(Set, out var pages)) return "";
        var total = pages.Sum(p => p.PageOfFile > 0 ? 1 : p.PagesInFile);
        var isWhole = pages.Count == 1 && total > 1;
        return settings.ImageOutput switch
        {
            // Opticon knows neither rotation nor single pages of a file.
            ImageOutput.SinglePage => Text(IsOpticon ? pages.DistinctBy(p => p.PageOfFile == 0 ? p.Id : p.Blob).Select(p => p with { PageOfFile = 0, Rotation = 0 }) : pages),
            // An import takes TIFF files of one page in black and white.
            ImageOutput.MultiPageTiff when total > 1 || pages[0].Type != ImageType.Tiff => "",
            var output => Text((IsOpticon ? pages.Take(1) : pages).Select((p, i) => p with
            {
                Type = output == ImageOutput.Pdf ? ImageType.Pdf : ImageType.Tiff,
                PageOfFile = IsOpticon || isWhole ? 0 : i + 1,
                PagesInFile = total,
                Rotation = 0,
            })),
        };
    }

    // Files that were made of several have bytes of their own.
    private string Text(IEnumerable<ImagePage> pages) => string.Join('\n', pages.Select(p => string.Create(
        CultureInfo.InvariantCulture,
        $"{p.Id} {p.Type} {p.PageOfFile} of {p.PagesInFile} turned {p.Rotation} {(settings.ImageOutput == ImageOutput.SinglePage ? p.Sha256 : "")}")));
}
