using System.Buffers;
using System.Text;
using System.Text.Json;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Engine.Tests.Exports;

/// <summary>Cases gathered from another system, read where they lie beside the checkout; the tables of this folder cover every rule without them.</summary>
public class ExportVectorsTests
{
    [Fact]
    public void Volumes_and_folders()
    {
        var seen = 0;
        foreach (var row in Rows("export_volume_subdirectory.json"))
        {
            switch (Text(row, "kind"))
            {
                // What is a PDF there is an image here.
                case "subdirectory":
                    var counts = row.GetProperty("docs_native_image_text_pdf").EnumerateArray().Select(d => d.EnumerateArray().Select(n => n.GetInt32()).ToArray()).ToList();
                    // A document has one native and one text; those with more are beyond us.
                    if (counts.Any(c => c[0] > 1 || c[2] > 1 || c[3] > 0)) continue;
                    var settings = new ExportSettings { Subdirectory = new() { Start = row.GetProperty("start").GetInt32(), MaxFiles = row.GetProperty("maxFiles").GetInt32() } };
                    var layout = new ExportLayout(settings, LayoutState.First(settings));
                    Assert.Equal(Numbers(row, "expected"), counts.Select((c, i) => { layout.Next(Listed($"D{i}", c[0], c[1], c[2])); return layout.State.Subdirectory; }));
                    break;
                case "volume":
                    var volumes = new ExportSettings { Volume = new() { Start = row.GetProperty("start").GetInt32(), MaxMegabytes = row.GetProperty("maxMB").GetInt32() } };
                    var sized = new ExportLayout(volumes, LayoutState.First(volumes));
                    Assert.Equal(Numbers(row, "expected"), Numbers(row, "docSizes").Select((b, i) => { sized.Next(new() { Identifier = $"D{i}", ETag = "1", Native = new("x", b) }); return sized.State.Volume; }));
                    break;
                case "paddingOk":
                    Assert.Equal(row.GetProperty("expected").GetBoolean(), ExportRules.HasEnoughDigits(row.GetProperty("startNumber").GetInt64(), row.GetProperty("totalFiles").GetInt64(), row.GetProperty("padding").GetInt32()));
                    break;
                case "label":
                    Assert.Equal(Text(row, "expected")!.Split('\\')[^1], ExportNames.Label(Text(row, "prefix")!, row.GetProperty("number").GetInt64(), row.GetProperty("padding").GetInt32()));
                    break;
                default: continue;
            }
            seen++;
        }
        Assert.True(seen >= 20);
    }

    [Fact]
    public void Names_of_files_and_paths()
    {
        var seen = 0;
        foreach (var row in Rows("export_naming.json"))
        {
            switch (Text(row, "kind"))
            {
                case "loadFileName" when Text(row, "extension") is { } ending:
                    Assert.Equal(Text(row, "expected"), Text(row, "folder") + ExportNames.LoadFile(Text(row, "prefix")!, ending));
                    break;
                case "imageLoadFileName":
                    var format = Enum.Parse<ImageFileFormat>(Text(row, "format")!, ignoreCase: true);
                    Assert.Equal(Text(row, "expected")!.Split('\\')[^1], ExportNames.LoadFile(Text(row, "prefix")!, ExportNames.EndingOf(format)!));
                    break;
                case "relativePath" or "prefixPath":
                    var path = Text(row, "file")![Text(row, "root")!.Length..].Replace('\\', '/');
                    var settings = new ExportSettings { Paths = Text(row, "kind") == "relativePath" ? PathStyle.Relative : PathStyle.Prefix, PathPrefix = Text(row, "prefix") };
                    Assert.Equal(Text(row, "expected"), ExportNames.InLoadFile(settings, new Uri("https://h/"), path));
                    break;
                case "fileName":
                    var name = ExportNames.Appended(string.Concat(row.GetProperty("parts").EnumerateArray().Select(p => p.GetString())), row.GetProperty("appendOriginal").GetBoolean() ? Text(row, "originalFileName") : null);
                    Assert.Equal(
                        (Text(row, "expectedNative"), Text(row, "expectedText"), Text(row, "expectedPdf")),
                        (ExportNames.File(name, Text(row, "nativeExtension")!), ExportNames.TextFile(name), ExportNames.ImageFile(name, "pdf")));
                    break;
                case "illegalChars":
                    Assert.Equal(Text(row, "expected"), ExportNames.Clean(Text(row, "name")!));
                    break;
                default: continue;
            }
            seen++;
        }
        Assert.True(seen >= 12);
    }

    [Fact]
    public void Image_load_files()
    {
        var seen = 0;
        foreach (var row in Rows("export_image_load_files.json"))
        {
            var bates = Text(row, "bates")!;
            if (Text(row, "format") == "IPRO_FullText")
            {
                Assert.Equal(row.GetProperty("expectedLines")[0].GetString() + "\r\n", Encoding.Latin1.GetString(LfpLine.FullText(bates, Text(row, "text")!).Bytes));
            }
            else
            {
                var (volume, path, page) = (Text(row, "volume")!, Text(row, "path")!, row.GetProperty("page").GetInt32());
                var line = Text(row, "format") == "Opticon" ? OpticonLine.Of(bates, volume, path, page, row.GetProperty("pageCount").GetInt32())
                    : LfpLine.Image(bates, volume, path, page, Text(row, "imageType") != "SinglePage" ? page : 0);
                Assert.Equal(Text(row, "expectedLine") + "\r\n", Encoding.Latin1.GetString(line.Bytes));
            }
            seen++;
        }
        Assert.True(seen >= 10);
    }

    [Fact]
    public void Data_files()
    {
        var seen = 0;
        var dat = new DelimitedDataFile(Encoding.UTF8, new());
        var html = new HtmlDataFile(Encoding.UTF8, "t");
        foreach (var row in Rows("export_load_file_format.json"))
        {
            switch (Text(row, "kind"))
            {
                // We have no files of a kind PDF.
                case "delimitedHeader":
                    Assert.StartsWith(string.Join('\u0014', Text(row, "expectedLine")!.Split('\u0014')[..^1]), Written(o => dat.Row([.. Names(row, "columns"), new(dat.NativeColumn)], o)), StringComparison.Ordinal);
                    break;
                case "delimitedCell":
                    Assert.Equal(Text(row, "expected") + "\r\n", Written(o => dat.Row([new(Text(row, "value")!)], o)));
                    break;
                // A quirk: two line breaks of long text are one there.
                case "delimitedLongText" when !Text(row, "value")!.Contains("\n\n", StringComparison.Ordinal):
                    Assert.Equal($"þ{Text(row, "expectedInsideQuotes")}þ\r\n", Written(o => dat.Row([new(Text(row, "value")!)], o)));
                    break;
                case "htmlLongText":
                    Assert.Equal($"<tr><td>{Text(row, "expected")}</td></tr>\r\n", Written(o => html.Row([new(Text(row, "value")!)], o)));
                    break;
                case "htmlHeaderColumns":
                    var columns = Names(row, "columns").Select(c => c.Text).ToList();
                    if (row.GetProperty("images").GetBoolean()) columns.Add(html.ImageColumn!);
                    if (row.GetProperty("natives").GetBoolean()) columns.Add(html.NativeColumn);
                    var expected = row.GetProperty("expectedHeaderCells").EnumerateArray().Select(c => $"<th>{c}</th>").Where(c => !c.Contains("PDF", StringComparison.Ordinal));
                    Assert.Contains($"<tr>{string.Concat(expected)}</tr>", Written(o => html.Head(columns, o)), StringComparison.Ordinal);
                    break;
                default: continue;
            }
            seen++;
        }
        Assert.True(seen >= 11);
    }

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static IEnumerable<DataCell> Names(JsonElement row, string property) => row.GetProperty(property).EnumerateArray().Select(c => new DataCell(c.GetString()!));

    private static long[] Numbers(JsonElement row, string property) => [.. row.GetProperty(property).EnumerateArray().Select(n => n.GetInt64())];

    private static ListedDocument Listed(string id, int native, int images, int text) => new()
    {
        Identifier = id,
        ETag = "1",
        Native = native == 0 ? null : new("x.msg", 1),
        Images = images == 0 ? null : new("original", images, 1),
        Text = text == 0 ? null : new("f", 1),
    };

    private static string? Text(JsonElement row, string property) => row.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonElement> Rows(string name)
    {
        var path = Fixtures.Vectors(name);
        Assert.SkipWhen(path is null, "The shared cases do not lie beside the checkout.");
        using var json = JsonDocument.Parse(File.ReadAllText(path!));
        return [.. json.RootElement.GetProperty("vectors").Clone().EnumerateArray()];
    }
}
