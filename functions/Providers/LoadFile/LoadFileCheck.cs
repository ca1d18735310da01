using System.Globalization;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Opens a load file before anything is written: is it there, is it one, in which encoding, with which columns.</summary>
internal sealed class LoadFileCheck(LoadFileSettings told, CultureInfo culture, Blobs blobs)
{
    private const int BinarySample = 64 * 1024;

    /// <summary>Codes that people use between columns, to tell wrong delimiters from a file of one column.</summary>
    private static readonly char[] UsualDelimiters = ['\u0014', ',', '|', '\t', ';', '\u00FE'];

    // Those told, or those that the file shows when it was to decide.
    private LoadFileSettings settings = told;

    public async Task<SourceLayout> RunAsync(CancellationToken cancellationToken)
    {
        var file = await StagedLoadFile.FindAsync(blobs, settings.File, StagedLoadFile.DocumentEndings, cancellationToken);
        settings = settings with { File = file.Path };
        var package = await new StagedFiles(blobs, FrozenLoadFile.FolderOf(settings.File, settings.BaseFolder)).StartAsync(cancellationToken);
        return await RunAsync(file, package, cancellationToken);
    }

    /// <summary>The same of a file that was found already, and the package that is its base folder, if any.</summary>
    public async Task<SourceLayout> RunAsync(StagedLoadFile file, PackageIndex? package, CancellationToken cancellationToken)
    {
        if (file.Version.Bytes == 0)
            throw new ConfigurationException("empty-file", $"The load file {Words.QuotePath(settings.File)} is empty (0 bytes). Ask its sender for it again.");
        if (Delimiters(settings.Column, settings.Quote).Problem is { } unusable) throw new ConfigurationException("wrong-delimiters", unusable);
        var encoding = await DetectAsync(file, cancellationToken);
        var sample = await SampleAsync(file, cancellationToken);
        var evidence = await LoadFileEvidence.OfAsync(settings, culture, encoding, (sample, sample.Length == file.Version.Bytes), cancellationToken);
        settings = evidence.Settings;
        RefuseBinary(sample.Span[..Math.Min(sample.Length, BinarySample)], encoding);
        var (frozen, columns) = await ReadHeaderAsync(file, encoding, cancellationToken);
        frozen = frozen with { Unpacked = file.IsUnpacked ? file.Version.Name : null, PackageETag = package?.Package.ETag };
        return new SourceLayout
        {
            Name = settings.File[(settings.File.LastIndexOf('/') + 1)..],
            Fields = columns,
            Frozen = frozen.ToFrozen(),
            Culture = evidence.Culture,
            Warnings = [.. encoding.Warning is { } warning ? [Warning("encoding", warning)] : Array.Empty<Problem>(), .. evidence.Warnings, .. StagedFiles.LeftOut(package)],
        };
    }

    /// <summary>The characters that make rows and cells. The other three matter to values only, so that any that are free will do.</summary>
    public static Delimiters Delimiters(int column, int quote)
    {
        int[] free = [.. Enumerable.Range(1, 5).Where(code => code != column && code != quote)];
        return new Delimiters { Column = column, Quote = quote, Newline = free[0], MultiValue = free[1], Nested = free[2] };
    }

    private async Task<(FrozenLoadFile Frozen, IReadOnlyList<SourceField> Columns)> ReadHeaderAsync(
        StagedLoadFile file, DetectedEncoding encoding, CancellationToken cancellationToken)
    {
        var frozen = new FrozenLoadFile(
            settings.File, FrozenLoadFile.FolderOf(settings.File, settings.BaseFolder), file.Version.ETag, file.Version.Bytes, encoding.Encoding.CodePage, encoding.PreambleLength, DataOffset: 0, DataLine: 1)
        {
            Column = settings.Column,
            Quote = settings.Quote,
            HasHeader = settings.HasHeader,
        };
        await using var reader = new LoadFileReader(await file.OpenAsync(blobs, 0, cancellationToken), frozen.Format(settings));
        if (!await reader.ReadAsync(cancellationToken))
            throw new ConfigurationException("empty-file", $"The load file {Words.QuotePath(settings.File)} holds no lines. Ask its sender for it again.");
        var first = reader.Row;
        if (first.Error is { } error) throw new ConfigurationException(Unreadable(error, first.Line));
        var cells = Enumerable.Range(0, first.CellCount).Select(first.GetString).ToList();
        CheckDelimiters(cells);
        frozen = frozen with { DataOffset = first.Offset, DataLine = first.Line, BlankLines = reader.BlankLines };
        IReadOnlyList<SourceField> columns = [.. HeaderNames.From(settings.HasHeader ? cells : null, cells.Count).Select(name => new SourceField(name))];
        if (!settings.HasHeader) return (frozen, columns);
        frozen = frozen with { DataOffset = reader.Offset, DataLine = reader.Line };
        return settings.MayBeEmpty || await reader.ReadAsync(cancellationToken)
            ? (frozen, columns)
            : throw new ConfigurationException("no-records", $"The load file {Words.QuotePath(settings.File)} has a header but no records. Ask its sender for the rest of it.");
    }

    private async Task<DetectedEncoding> DetectAsync(StagedLoadFile file, CancellationToken cancellationToken)
    {
        if (settings.Encoding is not (null or "" or "auto") && EncodingDetector.Find(settings.Encoding) is null)
            throw new ConfigurationException("unknown-encoding", $"\"{Words.Shorten(settings.Encoding)}\" is not an encoding. Use a name such as utf-8, utf-16 or windows-1252, or auto.");
        await using var whole = await file.OpenAsync(blobs, 0, cancellationToken);
        return await EncodingDetector.DetectAsync(whole, settings.Detect ? null : settings.Encoding, cancellationToken);
    }

    private async Task<ReadOnlyMemory<byte>> SampleAsync(StagedLoadFile file, CancellationToken cancellationToken)
    {
        var sample = new byte[Math.Min(file.Version.Bytes, LoadFileDetector.SampleBytes)];
        await using var stream = await file.OpenAsync(blobs, 0, cancellationToken);
        return sample.AsMemory(0, await stream.ReadAtLeastAsync(sample, sample.Length, throwOnEndOfStream: false, cancellationToken));
    }

    // Pictures, archives and office files are full of NULs and control characters; text has none but tab, line ends, Ctrl-Z and
    // delimiters, the usual one (20) among them when the user named another.
    private void RefuseBinary(ReadOnlySpan<byte> head, DetectedEncoding detected)
    {
        // In UTF-16 and UTF-32 every other byte is zero, and in the ISO-2022 encodings escapes are text.
        if (detected.Encoding.GetByteCount("a") > 1 || detected.Encoding.WebName.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase)) return;
        var odd = 0;
        foreach (var b in head)
            if (b < 0x20 && b is not (9 or 10 or 11 or 12 or 13 or 20 or 0x1A) && b != settings.Column && b != settings.Quote) odd++;
        if (odd > head.Length / 100 && odd > 4)
        {
            throw new ConfigurationException(
                "not-a-load-file",
                $"{Words.QuotePath(settings.File)} is not a load file: it is not text. Expected a text file with one record a line (.dat, .csv, .txt). Choose another file.");
        }
    }

    private void CheckDelimiters(List<string> cells)
    {
        if (cells.Count > 1) return;
        var other = cells[0].FirstOrDefault(c => UsualDelimiters.Contains(c) && c != settings.Column);
        if (other == default) return;
        throw new ConfigurationException(
            "wrong-delimiters",
            $"With the column delimiter {settings.Column} all of {Words.QuotePath(settings.File)} is one column, but its first line contains the character {(int)other}. "
            + "Choose the delimiters that the file uses; most .dat files use 20 and 254, most .csv files 44 and 34.");
    }

    private Problem Unreadable(RowError error, long line) => new(
        error.Code == "invalid-encoding" ? "encoding-mismatch" : "wrong-delimiters",
        $"Line {line}, the first of {Words.QuotePath(settings.File)}, cannot be read: {error.Words} Choose the encoding and the delimiters that the file uses.")
    { Line = line };

    private static Problem Warning(string code, string message) => new(code, message) { Severity = ProblemSeverity.Warning };
}
