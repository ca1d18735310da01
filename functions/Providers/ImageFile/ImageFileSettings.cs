using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Providers.ImageFile;

/// <summary>Where an image or production load file lies and what becomes of it (guide, 4.5 and 4.6).</summary>
public sealed record ImageFileSettings
{
    /// <summary>The provider's name in integration points.</summary>
    public const string Provider = "image-load-file";

    /// <summary>The load file's path in the staging area, such as <c>StructuredData/{workspace}/Imports/images.opt</c>.</summary>
    [Required, Description("Path of the image load file in the staging area.")]
    public string File { get; init; } = "";

    /// <summary>The folder of the staging area in which relative paths of the load file start; null: the load file's own.</summary>
    [Description("Folder of the staging area in which the paths of the load file start; the load file's own folder when blank.")]
    public string? BaseFolder { get; init; }

    /// <summary>How its lines are written; null: a file that ends in .lfp, or begins with an image line of IPRO LFP, is one, any other is Opticon.</summary>
    [Description("opticon or lfp; told apart by the file's ending and first line when blank.")]
    public ImageFormat? Format { get; init; }

    /// <summary>The first line to load: documents that begin before it are left alone; 0 and 1: all.</summary>
    [Range(0, long.MaxValue), Description("First line to load; 0 loads everything.")]
    public long StartLine { get; init; }

    /// <summary>Where the ids of pages come from.</summary>
    [Description("page-ids: the load file's page ids; auto: pages that share an id get numbers.")]
    public PageNumbering Numbering { get; init; }

    /// <summary>What names a document.</summary>
    [Description("What names a document: the id of its first page, that id without the page's suffix, or a field of its first line.")]
    public DocumentNaming DocumentId { get; init; }

    /// <summary>Which field of its first line names a document, from 1, when a field does.</summary>
    [Range(1, 20), Description("Number of the field that names a document, when a field does.")]
    public int DocumentField { get; init; } = 1;

    /// <summary>Whether text files of the images' names become the documents' extracted text.</summary>
    [Description("Whether the .txt files beside the images become the documents' extracted text.")]
    public bool LoadText { get; init; }

    /// <summary>The production that the images become; null: they are the documents' original images.</summary>
    [Description("Name of the production that the images become; blank for original images.")]
    public string? Production { get; init; }
}
