namespace IntegrationPoints.LoadGen;

/// <summary>One way of spoiling a row.</summary>
/// <param name="Code">The error code that an import must report.</param>
/// <param name="Reason">What is wrong, for people.</param>
/// <param name="NeedsNatives">Whether it spoils the path of the native.</param>
/// <param name="Spoil">Changes the cells; gets the cells' index by column name, and the identifier of the document before.</param>
internal sealed record BadRowKind(string Code, string Reason, bool NeedsNatives, Action<List<string>, Func<string, int>, string> Spoil)
{
    /// <summary>Every kind, in the order in which they are used.</summary>
    public static readonly IReadOnlyList<BadRowKind> All =
    [
        new("invalid-date", "its Date Modified is the 30th of February", false,
            (cells, at, _) => cells[at("Date Modified")] = "2/30/2021"),
        new("text-too-long", "its Title has 300 characters; the field takes 255", false,
            (cells, at, _) => cells[at("Title")] = new string('T', 300)),
        new("missing-file", "its native is not there", true,
            (cells, at, _) => cells[at(LoadFileGenerator.NativeColumn)] = @"NATIVES\lost.eml"),
        new("duplicate-identifier", "the row before it has the same identifier, in other letters", false,
            (cells, at, before) => cells[at(LoadFileGenerator.IdentifierColumn)] = before.ToLowerInvariant()),
        new("column-count", "its last cell is missing", false,
            (cells, _, _) => cells.RemoveAt(cells.Count - 1)),
        new("text-after-quote", "text stands after the closing quote of its Title", false,
            (_, _, _) => { }),
        new("missing-identifier", "its identifier is blank", false,
            (cells, at, _) => cells[at(LoadFileGenerator.IdentifierColumn)] = ""),
        new("path-outside-root", "the path of its native leaves the folder of the load file", true,
            (cells, at, _) => cells[at(LoadFileGenerator.NativeColumn)] = @"..\..\elsewhere\secret.eml"),
        new("invalid-number", "its Pages is a word", false,
            (cells, at, _) => cells[at("Pages")] = "several"),
        new("invalid-boolean", "its Responsive is neither yes nor no", false,
            (cells, at, _) => cells[at("Responsive")] = "perhaps"),
    ];
}
