using IntegrationPoints.Cli.Output;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Import;

/// <summary>How a load file of this machine shows itself, as the import will find too, so that the files it names are found here.</summary>
internal static class DetectedSettings
{
    /// <summary>The request with what the file shows; the evidence goes to the terminal.</summary>
    public static async Task<ImportRequest> OfAsync(ImportRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = request.Settings;
        await using var file = new FileStream(request.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
        var encoding = await EncodingDetector.DetectAsync(file, null, cancellationToken);
        file.Position = 0;
        var sample = new byte[Math.Min(file.Length, LoadFileDetector.SampleBytes)];
        var length = await file.ReadAtLeastAsync(sample, sample.Length, throwOnEndOfStream: false, cancellationToken);
        var format = new LoadFileFormat { Encoding = encoding.Encoding, PreambleLength = encoding.PreambleLength, Delimiters = settings.Delimiters };
        var found = await LoadFileDetector.DetectAsync(sample.AsMemory(0, length), length == file.Length, format, cancellationToken);
        terminal.Remark($"Encoding: {encoding.Encoding.WebName}, {encoding.Reason}.");
        foreach (var words in found.Words) terminal.Remark(words);
        return request with
        {
            Settings = settings with
            {
                Encoding = "auto",
                Delimiters = found.Characters is { } characters ? WithRoom(settings.Delimiters, characters.Value) : settings.Delimiters,
                HasHeader = found.HasHeader?.Value ?? settings.HasHeader,
            },
        };
    }

    // A character that the file uses between or around cells cannot stand for something else as well.
    private static Delimiters WithRoom(Delimiters told, CellCharacters found)
    {
        var used = new HashSet<int> { found.Column, found.Quote };
        return new Delimiters { Column = found.Column, Quote = found.Quote, Newline = Free(told.Newline), MultiValue = Free(told.MultiValue), Nested = Free(told.Nested) };

        int Free(int code)
        {
            while (!used.Add(code)) code = code == 255 ? 1 : code + 1;
            return code;
        }
    }
}
