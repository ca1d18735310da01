using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Import;

/// <summary>What to import and how: the options of <c>ip import</c>, checked.</summary>
internal sealed record ImportRequest
{
    /// <summary>The load file on this machine, or the package (.zip) that holds it.</summary>
    public required string File { get; init; }

    /// <summary>The load file's path in the package, with <c>/</c>; blank: the only one there is; null: it lies in none.</summary>
    public string? InPackage { get; init; }

    /// <summary>The folder of its relative paths; a package's path when they lead into one.</summary>
    public required string Base { get; init; }

    /// <summary>The folder in the package that <see cref="Base"/> is, with <c>/</c>; blank: all of it; null: it is a folder.</summary>
    public string? BaseInPackage { get; init; }

    /// <summary>The load file's name.</summary>
    public string FileName => Path.GetFileName(string.IsNullOrEmpty(InPackage) ? File : InPackage);

    /// <summary>The destination.</summary>
    public required string Workspace { get; init; }

    /// <summary>How it is read and written.</summary>
    public required PointSettings Settings { get; init; }
}

/// <summary>What an integration point of a load file consists of, beside its name and the place of its file.</summary>
internal sealed record PointSettings
{
    /// <summary>The object type whose records it writes.</summary>
    public string ObjectType { get; init; } = Engine.Workspaces.ObjectType.Document;

    /// <summary>Name of the encoding, or auto.</summary>
    public string Encoding { get; init; } = "auto";

    /// <summary>The five characters.</summary>
    public Delimiters Delimiters { get; init; } = new();

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>Whether the file itself decides about the four above, and about the order of day and month.</summary>
    public bool Detect { get; init; }

    /// <summary>The line of the first row to import; 0: the first there is.</summary>
    public int StartLine { get; init; }

    /// <summary>What becomes of the images; null: it is a document load file.</summary>
    public ImageSettings? Images { get; init; }

    /// <summary>How records are written.</summary>
    public ImportSettings Import { get; init; } = new();

    /// <summary>The pairs of the mapping; null: map automatically.</summary>
    public IReadOnlyList<FieldMapping>? Mapping { get; init; }

    /// <summary>The column that names the managers of entities, beside what is mapped automatically; null: none is said to.</summary>
    public string? ManagerColumn { get; init; }

    /// <summary>The integration point as the API takes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="file">The load file in the staging area.</param>
    /// <param name="baseFolder">The folder of relative paths in the staging area; null: that of the load file.</param>
    public Dictionary<string, object?> Body(string name, string file, string? baseFolder) => new()
    {
        ["name"] = name,
        ["objectType"] = ObjectType,
        ["source"] = Images is null
            ? new { provider = "load-file", settings = DocumentSource(file, baseFolder) }
            : new { provider = "image-load-file", settings = ImageSource(Images, file, baseFolder) },
        ["import"] = Import,
        ["mapAllFields"] = Mapping is null,
        ["mapping"] = Mapping ?? (ManagerColumn is { } manager ? [new FieldMapping(manager, EntityFields.Manager)] : []),
    };

    private object DocumentSource(string file, string? baseFolder) => new
    {
        file,
        baseFolder,
        encoding = Encoding,
        hasHeader = HasHeader,
        detect = Detect,
        startLine = StartLine,
        column = Delimiters.Column,
        quote = Delimiters.Quote,
    };

    private object ImageSource(ImageSettings images, string file, string? baseFolder) => new
    {
        file,
        baseFolder,
        startLine = StartLine,
        numbering = images.Numbering,
        documentId = images.DocumentId,
        documentField = images.DocumentField,
        loadText = images.LoadText,
        production = images.Production,
    };
}
