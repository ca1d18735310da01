using System.Globalization;
using IntegrationPoints.Engine.Searches;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.Storage.Catalog;

namespace IntegrationPoints.Storage.Tests.Searches;

/// <summary>
/// What a condition says of a row, written from the words of <see cref="ConditionOperator"/> and nothing of the product's code: the oracle of
/// random conditions.
/// </summary>
internal static class Rules
{
    public static bool Holds(Condition condition, Row row)
    {
        if (condition.And is { } all) return all.All(c => Holds(c, row));
        if (condition.Or is { } any) return any.Any(c => Holds(c, row));
        if (condition.Not is { } not) return !Holds(not, row);
        var one = condition.Value?.Text ?? "";
        if (condition.Op == ConditionOperator.InFolder) return InFolder(row.Folder ?? "", one, condition.Subfolders ?? true);
        if (condition.Op == ConditionOperator.InProduction) return row.Productions.Contains(one, StringComparer.OrdinalIgnoreCase);
        var field = SearchedCase.Fields.Single(f => f.Name.Equals(condition.Field, StringComparison.OrdinalIgnoreCase));
        var value = field.Role == FieldRole.Identifier ? row.Id : row.Values.GetValueOrDefault(field.Name);
        if (value is KeptText kept) value = kept.Text;
        var values = condition.Values?.Select(v => v.Text).ToList() ?? [];
        return condition.Op switch
        {
            ConditionOperator.IsSet => IsSet(value),
            ConditionOperator.IsNotSet => !IsSet(value),
            ConditionOperator.Is => Is(field, value, one),
            ConditionOperator.IsNot => !Is(field, value, one),
            ConditionOperator.AnyOf => values.Any(v => Is(field, value, v)),
            ConditionOperator.Contains => value switch
            {
                string[] => Is(field, value, one),
                string text => text.Contains(one, StringComparison.OrdinalIgnoreCase),
                _ => false,
            },
            ConditionOperator.StartsWith => value is string start && start.StartsWith(one, StringComparison.OrdinalIgnoreCase),
            ConditionOperator.Greater => Order(field, value, one) > 0,
            ConditionOperator.Less => Order(field, value, one) < 0,
            ConditionOperator.AtLeast => Order(field, value, one) >= 0,
            ConditionOperator.AtMost => Order(field, value, one) <= 0,
            ConditionOperator.Between => Order(field, value, values[0]) >= 0 && Order(field, value, values[1]) <= 0,
            _ => throw new ArgumentException("No operator.", nameof(condition)),
        };
    }

    private static bool IsSet(object? value) => value switch { null => false, string text => text.Length > 0, string[] many => many.Length > 0, _ => true };

    private static bool Is(Field field, object? value, string other) => (field.Type, value) switch
    {
        (FieldType.MultipleChoice or FieldType.MultipleObject, string[] many) => many.Any(one => one.Equals(other, StringComparison.OrdinalIgnoreCase)),
        (FieldType.YesNo, bool yes) => yes == (other is "true" or "yes"),
        (FieldType.WholeNumber or FieldType.Decimal or FieldType.Currency or FieldType.Date, _) => Order(field, value, other) == 0,
        (_, string text) => text.Equals(other, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    // Null, which no comparison of order accepts: the field is empty.
    private static int? Order(Field field, object? value, string other) => (field.Type, value) switch
    {
        (FieldType.WholeNumber, int number) => ((decimal)number).CompareTo(Number(other)),
        (FieldType.Decimal or FieldType.Currency, string number) => Number(number).CompareTo(Number(other)),
        // Of a day all times of day are equal to it.
        (FieldType.Date, string date) => other.Length == 10 ? Time(date).Date.CompareTo(Time(other)) : Time(date).CompareTo(Time(other)),
        (FieldType.FixedLengthText, string text) => Utf8Order.Comparer.Compare(Upper(text), Upper(other)),
        _ => null,
    };

    // The long s is no S, as ordinal comparison has it.
    private static string Upper(string text) => string.Join('ſ', text.Split('ſ').Select(part => part.ToUpperInvariant()));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static bool InFolder(string folder, string path, bool subfolders)
    {
        if (path.Length == 0) return subfolders || folder.Length == 0;
        return folder.Equals(path, StringComparison.OrdinalIgnoreCase)
            || (subfolders && folder.StartsWith(path + "\\", StringComparison.OrdinalIgnoreCase));
    }
}
