using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Providers.Workspace;

namespace IntegrationPoints.Providers.Custody;

/// <summary>
/// One row of a manifest: a file that a record brought. A manifest is exact data, like a load file: cells are as they are, so that they can be
/// compared, and nothing is changed for the sake of programs that compute cells which begin with an equals sign (design, Security).
/// </summary>
internal sealed record ManifestRow
{
    /// <summary>The names of the columns, in the order of the cells.</summary>
    public static readonly IReadOnlyList<string> Columns =
        ["Line", "Identifier", "Kind", "Place", "Path", "Bytes", "SHA-256", "MD5", "Source", "Source bytes", "Source SHA-256"];

    private static readonly LoadFileFormat Format = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Delimiters = new Delimiters { Column = ',', Quote = '"' },
    };

    public required long Line { get; init; }
    public required string Identifier { get; init; }
    public required KeptFile File { get; init; }

    /// <summary>Where the row begins in the manifest, and how many bytes it takes; known of rows that were read.</summary>
    public (long Offset, long Length) Position { get; init; }

    /// <summary>The row as a line of CSV, UTF-8: every cell in quotes, quotes doubled, CRLF.</summary>
    public static string Csv(IEnumerable<string> cells)
        => string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n";

    /// <summary>The cells, in the order of <see cref="Columns"/>.</summary>
    public IEnumerable<string> Cells() =>
    [
        Text(Line), Identifier, Word(File.Kind), Word(File.Place), File.Path, Text(File.Bytes), File.Sha256 ?? "", File.Md5 ?? "",
        File.Source, Text(File.SourceBytes), File.SourceSha256 ?? "",
    ];

    /// <summary>The rows of a manifest, or of a part of it that begins at <paramref name="offset"/>; the names of the columns are passed over.</summary>
    /// <exception cref="InvalidDataException">It is no manifest any more.</exception>
    public static async IAsyncEnumerable<ManifestRow> ReadAsync(Stream stream, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = new LoadFileReader(stream, Format, offset);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.Row.Offset > 0) yield return Of(reader.Row);
        }
    }

    private static ManifestRow Of(LoadFileRow row)
    {
        if (row.Error is not null || row.CellCount != Columns.Count || Number(row.GetString(0)) is not { } line || Number(row.GetString(5)) is not { } bytes
            || !Enum.TryParse<FileKind>(row.GetString(2).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var kind) || !Enum.TryParse<FilePlace>(row.GetString(3), ignoreCase: true, out var place))
        {
            throw new InvalidDataException($"The row at byte {row.Offset} of the manifest cannot be read.");
        }
        return new ManifestRow
        {
            Line = line,
            Identifier = row.GetString(1),
            Position = (row.Offset, row.Length),
            File = new KeptFile
            {
                Kind = kind,
                Place = place,
                Path = row.GetString(4),
                Bytes = bytes,
                Sha256 = OrNull(row.GetString(6)),
                Md5 = OrNull(row.GetString(7)),
                Source = row.GetString(8),
                SourceBytes = Number(row.GetString(9)),
                SourceSha256 = OrNull(row.GetString(10)),
            },
        };
    }

    private static string? OrNull(string cell) => cell.Length == 0 ? null : cell;

    private static long? Number(string cell) => long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>A name as the manifest has it: small letters, words joined by a hyphen.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
