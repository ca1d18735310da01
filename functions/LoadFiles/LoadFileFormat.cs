using System.Text;

namespace IntegrationPoints.LoadFiles;

/// <summary>Everything a reader must know of a load file before the first byte.</summary>
public sealed record LoadFileFormat
{
    /// <summary>How bytes become characters. Any encoding .NET knows, but UTF-7.</summary>
    public required Encoding Encoding { get; init; }

    /// <summary>Bytes of the byte order mark at the start of the file; 0 when there is none.</summary>
    public int PreambleLength { get; init; }

    /// <summary>The five characters.</summary>
    public Delimiters Delimiters { get; init; } = new();

    /// <summary>
    /// Whether blanks before a quote mean nothing, as in CSV that people write (<c>1001, "Smith, John"</c>); in load files a quote there is an error.
    /// </summary>
    public bool BlanksBeforeQuotes { get; init; }

    /// <summary>Whether the first record names the columns. For callers; to a reader the header is a row like any other.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// The longest record that is read, in bytes, 1 KiB to 512 MiB; longer ones are row errors. It bounds the reader's memory.
    /// </summary>
    public int MaxRecordBytes { get; init; } = 64 * 1024 * 1024;
}
