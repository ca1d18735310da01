using System.CommandLine;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Import;

/// <summary>What becomes of the images of an image or production load file.</summary>
internal sealed record ImageSettings
{
    /// <summary>Where the ids of pages come from.</summary>
    public PageNumbering Numbering { get; init; }

    /// <summary>What names a document.</summary>
    public DocumentNaming DocumentId { get; init; }

    /// <summary>Which field of its first line names a document, when a field does.</summary>
    public int DocumentField { get; init; } = 1;

    /// <summary>Whether text files beside the images become the documents' extracted text.</summary>
    public bool LoadText { get; init; }

    /// <summary>The production that they become; null: original images.</summary>
    public string? Production { get; init; }
}

/// <summary>The options that only image and production load files have.</summary>
internal sealed class ImageOptions
{
    private readonly Option<string?> _production = new("--production") { Description = "Name of the production that the images become; made when it is missing.", HelpName = "name" };
    private readonly Option<string?> _numbering = new("--numbering") { Description = "Page ids of the load file, or numbers for pages that share one; default page-ids." };
    private readonly Option<bool> _loadText = new("--load-text") { Description = "Load the .txt files beside the images as extracted text." };
    private readonly Option<string?> _documentId = new("--document-id") { Description = "What names a document: its first page, that without the page's suffix, or a field; default first-page." };
    private readonly Option<int?> _documentField = new("--document-field") { Description = "Number of the field of the first line that names a document.", HelpName = "n" };

    public ImageOptions()
    {
        _numbering.AcceptOnlyFromAmong("page-ids", "auto");
        _documentId.AcceptOnlyFromAmong("first-page", "strip-suffix", "field");
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_production, _numbering, _loadText, _documentId, _documentField];

    /// <summary>What a command line says with them; null for a document load file.</summary>
    /// <exception cref="UsageException">They do not go with the kind.</exception>
    public ImageSettings? Read(ParseResult arguments, string kind)
    {
        var production = arguments.GetValue(_production)?.Trim();
        if (kind == "production" && string.IsNullOrEmpty(production)) throw new UsageException("--kind production needs --production NAME, the production that the images become.");
        if (kind != "production" && production is not null) throw new UsageException("--production goes with --kind production.");
        if (kind == "document")
        {
            var given = All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false });
            return given is null ? null : throw new UsageException($"{given.Name} goes with --kind image or production.");
        }
        var loadText = arguments.GetValue(_loadText);
        if (loadText && production is not null) throw new UsageException("--load-text goes with --kind image: text is loaded with original images.");
        var byField = arguments.GetValue(_documentId) == "field";
        if (byField != arguments.GetValue(_documentField) is not null) throw new UsageException("--document-id field and --document-field N go together.");
        return new ImageSettings
        {
            Numbering = arguments.GetValue(_numbering) == "auto" ? PageNumbering.Auto : PageNumbering.PageIds,
            DocumentId = arguments.GetValue(_documentId) switch { "strip-suffix" => DocumentNaming.StripSuffix, "field" => DocumentNaming.Field, _ => DocumentNaming.FirstPage },
            DocumentField = arguments.GetValue(_documentField) ?? 1,
            LoadText = loadText,
            Production = production,
        };
    }
}
