namespace IntegrationPoints.LoadFiles;

/// <summary>
/// The five characters of a load file, each by its code 1–255 (load-file specification, "Delimiters"; the defaults are those of
/// "Default delimiters"). A code is a code point; where the encoding of the file has no such character, the single byte of that
/// code is meant.
/// </summary>
public sealed record Delimiters
{
    /// <summary>Separates the cells of a row.</summary>
    public int Column { get; init; } = 20;

    /// <summary>Encloses a cell; 0 when the file has no quotes.</summary>
    public int Quote { get; init; } = 254;

    /// <summary>Stands for a line break in long text. Readers leave it alone: whether it is one depends on the field.</summary>
    public int Newline { get; init; } = 174;

    /// <summary>Separates the values of a cell.</summary>
    public int MultiValue { get; init; } = 59;

    /// <summary>Separates the levels of a nested choice.</summary>
    public int Nested { get; init; } = 92;

    /// <summary>What is wrong with the choice of characters, in words for the user; null when nothing is.</summary>
    public string? Problem
    {
        get
        {
            (string Name, int Code)[] all =
            [
                ("column", Column), ("quote", Quote), ("newline", Newline), ("multi-value", MultiValue), ("nested-value", Nested),
            ];
            foreach (var (name, code) in all)
            {
                var orNone = name == "quote" ? ", or 0 for no quotes" : "";
                if (code is < 1 or > 255 && (name, code) is not ("quote", 0))
                    return $"The {name} character has the code {code}; codes go from 1 to 255{orNone}.";
                if (code is '\r' or '\n' && name is "column" or "quote")
                    return $"The {name} character cannot be a line end (code {code}).";
            }

            var same = all.Where(c => c.Code != 0).GroupBy(c => c.Code).FirstOrDefault(g => g.Count() > 1);
            return same is null
                ? null
                : $"The {string.Join(" and the ", same.Select(c => c.Name))} character are both the code {same.Key}; each must be different.";
        }
    }
}
