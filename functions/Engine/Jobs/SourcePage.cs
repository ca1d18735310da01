namespace IntegrationPoints.Engine.Jobs;

/// <summary>One image of a document as the source has it.</summary>
/// <param name="Id">The page id, as it is to be stored; empty when it is blank or could not be read.</param>
/// <param name="Line">The line of the load file that names it.</param>
public sealed record SourcePage(string Id, long Line)
{
    /// <summary>The image's file; null when the line names none.</summary>
    public SourceFile? File { get; init; }

    /// <summary>Which page of the file it is, from 1; 0: the file is the page.</summary>
    public int PageOfFile { get; init; }

    /// <summary>By how many degrees the image is to be turned: 0, 90, 180 or 270.</summary>
    public int Rotation { get; init; }

    /// <summary>The file of the page's text, when text is to be loaded; it may be missing.</summary>
    public SourceFile? Text { get; init; }

    /// <summary>How many pages the source says the document has; only its first page may say so.</summary>
    public int? PageCount { get; init; }

    /// <summary>Why the page cannot be used, or, as a warning, what is odd; null when nothing is. The message does not name the line.</summary>
    public Problem? Problem { get; init; }
}

/// <summary>What is to become of the images of a source (guide, 4.5 and 4.6).</summary>
/// <param name="Production">The name of the production whose images they become; null: they are the documents' original images.</param>
/// <param name="LoadText">Whether the text files beside the images become the documents' extracted text.</param>
public sealed record ImageImport(string? Production, bool LoadText);
