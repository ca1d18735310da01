using IntegrationPoints.Engine.Jobs;

namespace IntegrationPoints.Engine.Mapping;

// What changed in the source since it was mapped: columns are matched by name (guide 4.2.3), so that one which is missing and was mapped fails the
// validation, and one that is new is a note.
internal sealed partial class MappingResolver
{
    private void CheckChanges()
    {
        if (Known.Count == 0) return;
        var now = columns.Select(c => c.Name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var before = Known.Select(name => name.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> gone = [.. Known.Where(name => !now.Contains(name.Trim()))], added = [.. now.Where(name => !before.Contains(name))];
        if (gone.Count > 0) CheckGone(gone);
        if (added.Count > 0) NoteNew(added);
    }

    // What is named by hand and missing was said; what was mapped by name nobody would notice.
    private void CheckGone(List<string> gone)
    {
        var said = problems.Where(p => p.Code == "column-missing").Concat(claims.Problems).Select(p => p.Field!.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        gone.RemoveAll(name => said.Contains(name.Trim()));
        foreach (var pair in point.MapAllFields ? PairsOfKnown() : [])
        {
            if (gone.RemoveAll(name => FieldMatcher.AreSame(name, pair.ColumnName)) == 0) continue;
            Report("column-missing", pair.ColumnName,
                $"The source has no column {Words.Quote(pair.ColumnName)} any more, whose values go to the field {Words.Quote(pair.Field.Name)} since all fields are mapped by name. "
                + "Have it exported again with that column, or save the integration point with the columns that there are now. "
                + $"There are {Words.List([.. columns.Select(c => c.Name)])}.");
        }
        if (gone.Count > 0) Note("column-gone", $"The source has no column {Words.List(gone)} any more; nothing was mapped to {(gone.Count == 1 ? "it" : "them")}.");
    }

    private IEnumerable<MappedField> PairsOfKnown()
    {
        var then = new MappingResolver(point, type, [.. Known.Select(name => new SourceField(name))], all, synonyms);
        then.Resolve();
        return then.pairs.OrderBy(pair => pair.Column);
    }

    private void NoteNew(List<string> added)
    {
        // What somebody mapped meanwhile is no news.
        added.RemoveAll(name => point.Mapping.Any(pair => FieldMatcher.AreSame(pair.Source, name)) || claims.IsNamed(FieldMatcher.IndexOf(columns, name)));
        if (added.Count == 0) return;
        var left = added.FindAll(name => !pairs.Exists(p => FieldMatcher.AreSame(p.ColumnName, name)));
        Note("column-new", $"The source has columns that it had not when the integration point was saved, or first ran: {Words.List(added)}. "
            + (left.Count == 0 ? "They are mapped by name." : $"Nothing is mapped to {Words.List(left)}: map {(left.Count == 1 ? "it if its" : "them if their")} values are wanted."));
    }

    private void Note(string code, string message) => notes.Add(new Problem(code, message) { Severity = ProblemSeverity.Warning });
}
