using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;

namespace IntegrationPoints.Engine.Mapping;

/// <summary>The columns that an integration point names itself: identifier, native, text and folder, and which of them are missing.</summary>
internal sealed class Claims
{
    private readonly IReadOnlyList<SourceField> columns;
    private readonly List<Problem> problems = [];

    public Claims(IntegrationPoint point, IReadOnlyList<SourceField> columns)
    {
        this.columns = columns;
        var import = point.Import;
        Native = Required(import.NativeColumn, "the paths of natives");
        Text = Required(import.TextColumn, import.TextIsPath ? "the paths of text files" : "the extracted text");
        Folder = Required(import.FolderColumn, "the folder paths");
        NamedIdentifier = import.IdentifierColumn ?? import.CreateFields?.Identifier;
        if (NamedIdentifier is not null) Identifier = FindIdentifier(NamedIdentifier);
        Usual = Find(c => c.IsIdentifier) ?? Find(c => c.WasFirst) ?? Find(_ => true);
    }

    /// <summary>The column that the import says is the identifier; null when it says none.</summary>
    public string? NamedIdentifier { get; }

    /// <summary>Its position; null when none is named or it is missing.</summary>
    public int? Identifier { get; }

    /// <summary>The column that names the records when nobody says which: the source's own, else the first; null: there is none.</summary>
    public int? Usual { get; }

    public int? Native { get; }

    public int? Text { get; }

    public int? Folder { get; }

    /// <summary>The columns that are named and not there.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>Whether the column has a use of its own and becomes a field only when the mapping says so.</summary>
    public bool IsForFiles(int column) => column == Native || column == Text || column == Folder;

    /// <summary>Whether the point names the column for a use of its own.</summary>
    public bool IsNamed(int column) => IsForFiles(column) || column == Identifier;

    /// <summary>What the source has, and what to check when the names are not as expected.</summary>
    public string ThereAre() => columns.Count == 1
        ? $"There is only {Words.List(Names())}: check the column and quote characters, the encoding, and whether the first line is a header."
        : $"There are {Words.List(Names())}. Name one of them (upper or lower case does not matter), and check whether the first line is a header.";

    private int? Find(Func<SourceField, bool> isMeant)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (isMeant(columns[i])) return i;
        }
        return null;
    }

    private string[] Names() => [.. columns.Select(c => c.Name)];

    private int? Required(string? name, string use)
    {
        if (name is null) return null;
        var index = FieldMatcher.IndexOf(columns, name);
        if (index >= 0) return index;
        problems.Add(new Problem("column-missing", $"The source has no column {Words.Quote(name)}, which was to hold {use}. {ThereAre()}") { Field = name });
        return null;
    }

    private int? FindIdentifier(string name)
    {
        var index = FieldMatcher.IndexOf(columns, name);
        if (index >= 0) return index;
        problems.Add(new Problem("identifier-column-missing",
            $"The source has no column {Words.Quote(name)}, which was to be the identifier. {ThereAre()}")
        { Field = name });
        return null;
    }
}
