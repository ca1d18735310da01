using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>
/// What is exported can be imported into an empty workspace and comes to equal records, folders, choices, objects, natives, texts and images
///, but for the cells that the export warned of. More seeds: <c>ROUND_TRIP_SEEDS=20</c>.
/// </summary>
public sealed class RoundTripTests(Stores stores) : IClassFixture<Stores>
{
    private const int Documents = 12;

    private static readonly Delimiters Own = new() { Column = '|', Quote = '"', Newline = '¶', MultiValue = '/', Nested = '>' };

    private static readonly (ImageFileFormat File, ImageOutput Output)[] ImageFiles =
    [
        (ImageFileFormat.Opticon, ImageOutput.SinglePage), (ImageFileFormat.Ipro, ImageOutput.SinglePage), (ImageFileFormat.Opticon, ImageOutput.Pdf), (ImageFileFormat.Ipro, ImageOutput.Pdf),
        (ImageFileFormat.IproFullText, ImageOutput.SinglePage), (ImageFileFormat.Opticon, ImageOutput.MultiPageTiff), (ImageFileFormat.Ipro, ImageOutput.MultiPageTiff),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("ROUND_TRIP_SEEDS") ?? "1", CultureInfo.InvariantCulture))];

    [Theory, Trait("Speed", "Slow")]
    [MemberData(nameof(Seeds))]
    public async Task What_is_exported_and_imported_again_is_equal(int seed)
    {
        var from = await GeneratedWorkspace.NewAsync(stores, new GeneratedDocuments(seed).Make(Documents), Stop);
        var expected = await WorkspaceContent.ReadAsync(from, Stop);
        var number = 0;
        foreach (var format in (DataFormat[])[DataFormat.Dat, DataFormat.Csv, DataFormat.Txt])
        {
            foreach (var encoding in (string[])["utf-8", "utf-16", "windows-1252"])
            {
                foreach (var isProduced in (bool[])[false, true])
                {
                    var (file, output) = ImageFiles[(number++ + seed - 1) % ImageFiles.Length];
                    await RoundTripAsync(from, expected, Settings(format, encoding, number % 4 < 2, isProduced) with { ImageFile = file, ImageOutput = output });
                }
            }
        }
    }

    private static ExportSettings Settings(DataFormat format, string encoding, bool hasTextFiles, bool isProduced) => new()
    {
        DataFormat = format,
        Delimiters = format == DataFormat.Txt ? Own : null,
        Encoding = encoding,
        Natives = true,
        TextFiles = hasTextFiles,
        TextEncoding = encoding,
        Images = true,
        NameAfter = isProduced ? FileNaming.BeginProductionNumber : FileNaming.Identifier,
        Productions = isProduced ? [GeneratedWorkspace.Production] : [],
        AppendOriginalName = isProduced,
        Subdirectory = new SubdirectorySettings { MaxFiles = 6 },
    };

    private async Task RoundTripAsync(Import from, Dictionary<string, DocumentContent> expected, ExportSettings settings)
    {
        var export = await ExportRun.RunAsync(from, GeneratedWorkspace.Columns, settings, Stop);
        var to = await GeneratedWorkspace.EmptyAsync(stores, Stop);
        var again = new ImportOfExport(to, export, settings);
        await export.HandOverAsync(to, Stop);
        await again.ImportDataAsync();
        await again.ImportImagesAsync(expected);
        var actual = await WorkspaceContent.ReadAsync(to, Stop);

        // PDFs do not become TIFFs, and load files of images are Windows-1252.
        Assert.All(export.Problems.Where(p => p.Severity == ProblemSeverity.Error), p => Assert.True(p.Code is "image-not-convertible" or "character-not-in-encoding", $"{settings}: {p.Message}"));
        foreach (var (document, content) in expected.Where(d => !again.IsLost(d.Key)))
        {
            Assert.True(actual.TryGetValue(document, out var found), $"{settings}: {document} is not there.");
            foreach (var (facet, value) in content.Facets.Where(f => !again.IsLost(document, f.Key)))
                Assert.True(found.Facets.GetValueOrDefault(facet, "") == value, $"{settings}: {Words.Quote(facet)} of {document} was {Escaped(value)}, and is {Escaped(found.Facets.GetValueOrDefault(facet))}.");
            Assert.True(again.ImagesOf(content) == again.ImagesIn(found), $"{settings}: images of {document} were to be\n{again.ImagesOf(content)}\nand are\n{again.ImagesIn(found)}");
        }
        if (again.LosesNames) return;
        foreach (var what in (string[])["choice", "folder", ObjectType.Entity])
            Assert.Equal(await WorkspaceContent.NamesAsync(from, what, Stop), await WorkspaceContent.NamesAsync(to, what, Stop));
    }

    private static string Escaped(string? value) => value is null ? "nothing" : System.Text.Json.JsonSerializer.Serialize(value.Length > 300 ? value[..300] : value);
}
