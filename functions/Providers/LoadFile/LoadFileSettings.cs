using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>Where a load file lies and how it is written.</summary>
public sealed record LoadFileSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "load-file";

    /// <summary>The load file's path in the staging area, such as <c>StructuredData/{workspace}/Imports/docs.dat</c>.</summary>
    [Required, Description("Path of the load file in the staging area.")]
    public string File { get; init; } = "";

    /// <summary>The folder of the staging area in which relative paths of the load file start; null: the load file's own.</summary>
    [Description("Folder of the staging area in which the paths of the load file start; the load file's own folder when blank.")]
    public string? BaseFolder { get; init; }

    /// <summary>An encoding's name or code page, or <c>auto</c>.</summary>
    [Description("Encoding of the load file, or auto to detect it.")]
    public string Encoding { get; init; } = "auto";

    /// <summary>
    /// Whether the file itself decides about encoding, column character, quote, header, and the order of day and month, where it shows them;
    /// otherwise the other settings hold, and what the file shows is a warning where it disagrees strongly.
    /// </summary>
    [Description("Detect encoding, column and quote characters, header and the order of dates from the file.")]
    public bool Detect { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    [Description("Whether the first row names the columns.")]
    public bool HasHeader { get; init; } = true;

    /// <summary>The first line to load: rows that begin before it are left alone; 0 and 1: all.</summary>
    [Range(0, long.MaxValue), Description("First line to load, the header being line 1; 0 loads everything.")]
    public long StartLine { get; init; }

    /// <summary>The character code between columns.</summary>
    [Range(1, 255), Description("Character code of the column delimiter.")]
    public int Column { get; init; } = 20;

    /// <summary>The character code around cells; 0: none.</summary>
    [Range(0, 255), Description("Character code of the quote; 0 when cells are not quoted.")]
    public int Quote { get; init; } = 254;

    /// <summary>Whether the file is CSV as other programs write it, rather than a load file: <see cref="LoadFiles.LoadFileFormat.BlanksBeforeQuotes"/>.</summary>
    internal bool BlanksBeforeQuotes { get; init; }

    /// <summary>Whether a file without records is one all the same: an export in which nothing changed, say. Otherwise the job fails.</summary>
    internal bool MayBeEmpty { get; init; }

    /// <summary>The largest record that is read, in bytes; a longer one is an error of its own.</summary>
    [Range(1024, 512 * 1024 * 1024), Description("Largest record in bytes.")]
    public int MaxRecordBytes { get; init; } = 64 * 1024 * 1024;
}
