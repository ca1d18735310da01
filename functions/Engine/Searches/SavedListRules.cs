using System.Globalization;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Searches;

/// <summary>What a saved search or a view must be to be saved, or to be read.</summary>
public static class SavedListRules
{
    /// <summary>The most columns.</summary>
    public const int Columns = 500;

    /// <summary>The most fields of an order.</summary>
    public const int SortColumns = 10;

    /// <summary>Everything that is wrong with condition, columns and order, each with the member concerned; empty when nothing is.</summary>
    /// <param name="list">The search or view.</param>
    /// <param name="type">Its object type.</param>
    /// <param name="fields">The fields that the object type has now.</param>
    public static IReadOnlyList<Problem> Check(SavedList list, ObjectType type, IReadOnlyList<Field> fields)
    {
        var problems = new List<Problem>(ConditionResolver.Resolve(list.Condition, type, fields).Problems);
        var known = fields.DistinctBy(f => f.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
        CheckMany(list.Columns.Count, Columns, "columns", problems);
        CheckMany(list.Sort.Count, SortColumns, "sort", problems);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < Math.Min(list.Columns.Count, Columns); i++)
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"columns[{i}]");
            if (!known.ContainsKey(list.Columns[i].Trim()) && !IsFolder(list.Columns[i], type)) problems.Add(Missing(list.Columns[i], type, at));
            else if (!seen.Add(list.Columns[i].Trim())) problems.Add(Twice(list.Columns[i], at));
        }
        seen.Clear();
        for (var i = 0; i < Math.Min(list.Sort.Count, SortColumns); i++)
        {
            var (name, at) = (list.Sort[i].Field, string.Create(CultureInfo.InvariantCulture, $"sort[{i}].field"));
            if (!known.TryGetValue(name.Trim(), out var field)) problems.Add(Missing(name, type, at));
            else if (!seen.Add(name.Trim())) problems.Add(Twice(name, at));
            else if (field.Type is FieldType.LongText or FieldType.MultipleChoice or FieldType.MultipleObject)
                problems.Add(new Problem("sort-invalid", $"Records cannot be ordered by the field {Words.Quote(field.Name)}: it holds long text or several values. Choose another.") { Field = at });
        }
        return problems;
    }

    private static bool IsFolder(string column, ObjectType type)
        => type.IsDocument && column.Trim().Equals(WorkspaceSettings.FolderColumn, StringComparison.OrdinalIgnoreCase);

    private static void CheckMany(int count, int most, string member, List<Problem> problems)
    {
        if (count > most) problems.Add(new Problem("too-many", string.Create(CultureInfo.InvariantCulture, $"There are {count}; at most {most} are allowed. Leave some out.")) { Field = member });
    }

    private static Problem Missing(string name, ObjectType type, string at)
        => new("field-not-found", $"The object type {Words.Quote(type.Name)} has no field {Words.Quote(name)}. Correct the name, or make the field.") { Field = at };

    private static Problem Twice(string name, string at)
        => new("field-doubled", $"The field {Words.Quote(name)} stands there twice. Keep one.") { Field = at };
}
