using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Opens a load file before anything is written: is it there, is it one, in which encoding, with which columns.</summary>
internal sealed class LoadFileCheck(LoadFileSettings settings, Blobs blobs)
{
    private const int SampleBytes = 64 * 1024;

    /// <summary>Codes that people use between columns, to tell wrong delimiters from a file of one column.</summary>
    private static readonly char[] UsualDelimiters = ['\u0014', ',', '|', '\t', ';', '\u00FE'];

    public async Task<SourceLayout> RunAsync(CancellationToken cancellationToken)
    {
        var file = await StagedLoadFile.FindAsync(blobs, settings.File, StagedLoadFile.DocumentEndings, cancellationToken);
        settings = settings with { File = file.Path };
        var package = await new StagedFiles(blobs, FrozenLoadFile.FolderOf(settings.File, settings.BaseFolder)).StartAsync(cancellationToken);
        if (file.Version.Bytes == 0)
            throw new ConfigurationException("empty-file", $"The load file \"{settings.File}\" is empty (0 bytes). Ask its sender for it again.");
        if (Delimiters(settings).Problem is { } unusable) throw new ConfigurationException("wrong-delimiters", unusable);
        var encoding = await DetectAsync(file, cancellationToken);
        await using var reader = new LoadFileReader(
            await file.OpenAsync(blobs, 0, cancellationToken),
            new LoadFileFormat
            {
                Encoding = encoding.Encoding,
                PreambleLength = encoding.PreambleLength,
                Delimiters = Delimiters(settings),
                HasHeader = settings.HasHeader,
                MaxRecordBytes = settings.MaxRecordBytes,
            });
        if (!await reader.ReadAsync(cancellationToken))
            throw new ConfigurationException("empty-file", $"The load file \"{settings.File}\" holds no lines. Ask its sender for it again.");
        var first = reader.Row;
        if (first.Error is { } error) throw new ConfigurationException(Unreadable(error, first.Line));
        var cells = Enumerable.Range(0, first.CellCount).Select(first.GetString).ToList();
        CheckDelimiters(cells);
        var (offset, line) = (first.Offset, first.Line);
        if (settings.HasHeader)
        {
            (offset, line) = (reader.Offset, reader.Line);
            if (!await reader.ReadAsync(cancellationToken))
                throw new ConfigurationException("no-records", $"The load file \"{settings.File}\" has a header but no records. Ask its sender for the rest of it.");
        }
        var frozen = new FrozenLoadFile(
            settings.File, FrozenLoadFile.FolderOf(settings.File, settings.BaseFolder), file.Version.ETag, file.Version.Bytes, encoding.Encoding.CodePage, encoding.PreambleLength, offset, line)
        {
            Unpacked = file.IsUnpacked ? file.Version.Name : null,
            PackageETag = package?.Package.ETag,
        };
        return new SourceLayout
        {
            Name = settings.File[(settings.File.LastIndexOf('/') + 1)..],
            Fields = [.. HeaderNames.From(settings.HasHeader ? cells : null, cells.Count).Select(name => new SourceField(name))],
            Frozen = frozen.ToFrozen(),
            Warnings = [.. encoding.Warning is { } warning ? [Warning("encoding", warning)] : Array.Empty<Problem>(), .. StagedFiles.LeftOut(package)],
        };
    }

    /// <summary>The characters that make rows and cells. The other three matter to values only, so that any that are free will do.</summary>
    public static Delimiters Delimiters(LoadFileSettings settings)
    {
        int[] free = [.. Enumerable.Range(1, 5).Where(code => code != settings.Column && code != settings.Quote)];
        return new Delimiters { Column = settings.Column, Quote = settings.Quote, Newline = free[0], MultiValue = free[1], Nested = free[2] };
    }

    private async Task<DetectedEncoding> DetectAsync(StagedLoadFile file, CancellationToken cancellationToken)
    {
        if (settings.Encoding is not (null or "" or "auto") && EncodingDetector.Find(settings.Encoding) is null)
            throw new ConfigurationException("unknown-encoding", $"\"{Words.Shorten(settings.Encoding)}\" is not an encoding. Use a name such as utf-8, utf-16 or windows-1252, or auto.");
        DetectedEncoding detected;
        await using (var whole = await file.OpenAsync(blobs, 0, cancellationToken))
            detected = await EncodingDetector.DetectAsync(whole, settings.Encoding, cancellationToken);
        // In UTF-16 and UTF-32 every other byte is zero, and in the ISO-2022 encodings escapes are text.
        if (detected.Encoding.GetByteCount("a") > 1 || detected.Encoding.WebName.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase)) return detected;
        await using var sample = await file.OpenAsync(blobs, 0, cancellationToken);
        var head = new byte[SampleBytes];
        RefuseBinary(head.AsSpan(0, await sample.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken)));
        return detected;
    }

    // Pictures, archives and office files are full of NULs and control characters; text has none but tab, line ends, Ctrl-Z and
    // delimiters, the usual one (20) among them when the user named another.
    private void RefuseBinary(ReadOnlySpan<byte> head)
    {
        var odd = 0;
        foreach (var b in head)
            if (b < 0x20 && b is not (9 or 10 or 11 or 12 or 13 or 20 or 0x1A) && b != settings.Column && b != settings.Quote) odd++;
        if (odd > head.Length / 100 && odd > 4)
        {
            throw new ConfigurationException(
                "not-a-load-file",
                $"\"{settings.File}\" is not a load file: it is not text. Expected a text file with one record a line (.dat, .csv, .txt). Choose another file.");
        }
    }

    private void CheckDelimiters(List<string> cells)
    {
        if (cells.Count > 1) return;
        var other = cells[0].FirstOrDefault(c => UsualDelimiters.Contains(c) && c != settings.Column);
        if (other == default) return;
        throw new ConfigurationException(
            "wrong-delimiters",
            $"With the column delimiter {settings.Column} all of \"{settings.File}\" is one column, but its first line contains the character {(int)other}. "
            + "Choose the delimiters that the file uses; most .dat files use 20 and 254, most .csv files 44 and 34.");
    }

    private Problem Unreadable(RowError error, long line) => new(
        error.Code == "invalid-encoding" ? "encoding-mismatch" : "wrong-delimiters",
        $"Line {line}, the first of \"{settings.File}\", cannot be read: {error.Words} Choose the encoding and the delimiters that the file uses.")
    { Line = line };

    private static Problem Warning(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };
}
