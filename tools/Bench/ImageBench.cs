using System.Globalization;
using System.Text;
using BitMiracle.LibTiff.Classic;

namespace IntegrationPoints.Bench;

/// <summary>Pages per second of an image import through the app, with the storage operations of a page and the app's peak memory.</summary>
internal static class ImageBench
{
    private const int PagesPerDocument = 5;
    private const int FilesPerFolder = 500;

    // So many pictures in turn: making one takes longer than importing it.
    private const int Pictures = 100;

    // Letter at 200 dots an inch.
    private const int Width = 1700;
    private const int Height = 2200;
    private const int Margin = 150;

    private static readonly string How =
        "The import runs through the app in a process of its own with its own Azurite (on disk) and SQLite file, from the job's start to its end; staging is not "
        + $"counted. The load file is an Opticon whose documents have {PagesPerDocument} pages, each a file of its own: a one-page Group IV TIFF of {Width} by {Height} "
        + $"pixels, {Pictures} different ones in turn. The documents are new (Append Only). Operations are what Azurite saw of the app while the job ran; peak memory is "
        + "VmHWM of /proc/PID/status after it.";

    /// <summary>Options: <c>--pages</c>, rounded up to whole documents.</summary>
    public static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var documents = (options.Number("--pages", 5000, 1) + PagesPerDocument - 1) / PagesPerDocument;
        var file = options.Text("--out");
        options.End();
        return await Scratch.RunAsync(async folder =>
        {
            var set = Directory.CreateDirectory(Path.Combine(folder, "set")).FullName;
            var bytes = await WriteAsync(documents, set, cancellationToken);
            await using var app = await LocalApp.StartAsync(folder, cancellationToken);
            var (workspace, point) = await MeasuredJob.StagePointAsync(app, set, Point, cancellationToken);
            var import = await MeasuredJob.RunAsync(app, workspace, point, documents, cancellationToken);
            await ShowAsync(documents, bytes, import, app.PeakMemory, file, cancellationToken);
            return 0;
        });
    }

    private static async Task ShowAsync(int documents, long bytes, MeasuredJob import, long peak, string? file, CancellationToken cancellationToken)
    {
        var (pages, seconds) = (documents * PagesPerDocument, import.Elapsed.TotalSeconds);
        var report = new Report("Import of images", How);
        report.Row(
            "pages", "documents", "KB a page", "seconds", "pages/s", "MB/s", "operations a page", "of them on images", "peak memory, MB", "processor seconds, app + Azurite");
        report.Row(
            Report.Number(pages), Report.Number(documents), Report.Number(bytes / 1e3 / pages, 1), Report.Number(seconds, 1), Report.Number(pages / seconds),
            Report.Number(bytes / 1e6 / seconds, 1), Report.Number((double)import.Requests.Values.Sum() / pages, 2),
            Report.Number((double)import.FileOperations / pages, 2), Report.Number(peak / 1e6),
            $"{Report.Number(import.App.TotalSeconds, 1)} + {Report.Number(import.Storage.TotalSeconds, 1)}");
        await report.ShowAsync(file, cancellationToken);
    }

    private static object Point(string folder) => new
    {
        name = "Bench",
        source = new { provider = "image-load-file", settings = new { file = $"{folder}/images.opt" } },
        mapAllFields = true,
        import = new { overwrite = "append" },
    };

    // Answers with the bytes of all images.
    private static async Task<long> WriteAsync(int documents, string set, CancellationToken cancellationToken)
    {
        var pictures = Enumerable.Range(0, Math.Min(Pictures, documents * PagesPerDocument)).Select(Picture).ToList();
        var lines = new StringBuilder();
        var bytes = 0L;
        for (var page = 0; page < documents * PagesPerDocument; page++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (id, place) = (page.ToString("'IMG'00000000", CultureInfo.InvariantCulture), page / FilesPerFolder + 1);
            var first = page % PagesPerDocument == 0;
            lines.Append(CultureInfo.InvariantCulture, $@"{id},BENCH,IMAGES\{place:d4}\{id}.tif,{(first ? "Y" : "")},,,{(first ? PagesPerDocument : "")}").Append("\r\n");
            var folder = Directory.CreateDirectory(Path.Combine(set, "IMAGES", place.ToString("d4", CultureInfo.InvariantCulture))).FullName;
            var picture = pictures[page % pictures.Count];
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{id}.tif"), picture, cancellationToken);
            bytes += picture.Length;
        }
        await File.WriteAllTextAsync(Path.Combine(set, "images.opt"), lines.ToString(), Encoding.ASCII, cancellationToken);
        return bytes;
    }

    // A page of something like print: from a few lines to a full page, which makes 8 to 30 KB.
    private static byte[] Picture(int number)
    {
        var dice = new Random(number);
        var raster = new byte[Height][];
        for (var y = 0; y < Height; y++) raster[y] = new byte[(Width + 7) / 8];
        for (int line = 0, lines = dice.Next(12, 48); line < lines; line++)
        {
            for (var x = Margin; x < Width - Margin; x += 18)
                if (dice.Next(6) > 0) Letter(raster, x, Margin + line * 40, dice);
        }
        return GroupIv(raster);
    }

    // Three strokes in a box of 14 by 24 dots.
    private static void Letter(byte[][] raster, int left, int top, Random dice)
    {
        for (var stroke = 0; stroke < 3; stroke++)
        {
            var upright = dice.Next(2) == 0;
            var (x, y) = (left + dice.Next(upright ? 11 : 4), top + dice.Next(upright ? 6 : 20));
            var (width, height) = upright ? (3, dice.Next(8, 18)) : (dice.Next(5, 10), 3);
            for (var dot = 0; dot < width * height; dot++)
            {
                var column = x + dot % width;
                raster[y + dot / width][column / 8] |= (byte)(0x80 >> (column % 8));
            }
        }
    }

    private static byte[] GroupIv(byte[][] raster)
    {
        using var file = new MemoryStream();
        using (var tiff = Tiff.ClientOpen("page", "w", file, new TiffStream()))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, Width);
            tiff.SetField(TiffTag.IMAGELENGTH, raster.Length);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 1);
            tiff.SetField(TiffTag.SAMPLESPERPIXEL, 1);
            tiff.SetField(TiffTag.COMPRESSION, Compression.CCITTFAX4);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISWHITE);
            tiff.SetField(TiffTag.ROWSPERSTRIP, raster.Length);
            tiff.SetField(TiffTag.XRESOLUTION, 200f);
            tiff.SetField(TiffTag.YRESOLUTION, 200f);
            tiff.SetField(TiffTag.RESOLUTIONUNIT, ResUnit.INCH);
            for (var row = 0; row < raster.Length; row++) tiff.WriteScanline(raster[row], row);
            tiff.Flush();
            return file.ToArray();
        }
    }
}
