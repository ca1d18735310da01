using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;

namespace IntegrationPoints.App.Tests.Surface;

/// <summary>Values with every member set to something that is not its default.</summary>
internal static class Filled
{
    /// <summary>Such a value.</summary>
    public static object Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return "text \"ü\" 漢 😀";
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 3, 31, 22, 30, 15, 123, TimeSpan.FromHours(2));
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type.IsPrimitive) return Convert.ChangeType(7, type, null);
        if (Item(type) is { } item)
        {
            var list = Array.CreateInstance(item, 2);
            list.SetValue(Of(item), 0);
            list.SetValue(Of(item), 1);
            return list;
        }
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var value = constructor.Invoke([.. constructor.GetParameters().Select(p => Of(p.ParameterType))]);
        foreach (var property in Members(type).Where(p => p.CanWrite)) property.SetValue(value, Of(property.PropertyType));
        return value;
    }

    /// <summary>The members that have their default, by their paths.</summary>
    public static IEnumerable<string> Blanks(object? value, Type type, string path = "")
    {
        if (value is null or false or 0 or 0L or 0.0 or "") return [path];
        if (value is IEnumerable list and not string)
            return list.Cast<object?>().SelectMany((v, i) => Blanks(v, Item(type)!, $"{path}[{i}]"));
        return type.Namespace!.StartsWith("System", StringComparison.Ordinal) || type.IsEnum
            ? []
            : Members(type).SelectMany(p => Blanks(p.GetValue(value), p.PropertyType, $"{path}.{p.Name}"));
    }

    private static IEnumerable<PropertyInfo> Members(Type type)
        => type.GetProperties().Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null && p.GetMethod is { IsStatic: false });

    private static Type? Item(Type type)
        => type.IsArray ? type.GetElementType()
            : type == typeof(string) ? null
            : type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
