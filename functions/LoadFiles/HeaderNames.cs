namespace IntegrationPoints.LoadFiles;

/// <summary>The names of a file's columns, as mappings and messages use them.</summary>
public static class HeaderNames
{
    /// <summary>
    /// One name a column: header cells trimmed; a blank one, a column the header lacks, and every column of a file without a header
    /// (<paramref name="cells"/> null) is "Column N", N from 1; the second of a name, in any case of letters, is "NAME (2)". Names are unique.
    /// </summary>
    /// <param name="cells">The cells of the header row; null when there is none.</param>
    /// <param name="columnCount">How many columns to name at least; cells beyond are named too.</param>
    public static IReadOnlyList<string> From(IReadOnlyList<string>? cells, int columnCount)
    {
        var names = new string[Math.Max(columnCount, cells?.Count ?? 0)];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var counts = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            var name = i < (cells?.Count ?? 0) ? cells![i].Trim() : "";
            if (name.Length == 0) name = $"Column {i + 1}";
            var unique = name;
            var count = counts.GetValueOrDefault(name, 1);
            // "A, A (2), A" has its third named "A (3)": a name that a header spells out is never given to another column.
            for (; !taken.Add(unique); unique = $"{name} ({count})") count++;
            counts[name] = count;
            names[i] = unique;
        }

        return names;
    }
}
