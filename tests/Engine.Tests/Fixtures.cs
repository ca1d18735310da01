using System.Globalization;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests;

/// <summary>What tests of several folders begin with.</summary>
internal static class Fixtures
{
    public static readonly ObjectType Document = new() { Name = ObjectType.Document, IdentifierField = IdOf("Control Number") };

    public static readonly Field ControlNumber = Field(FieldType.FixedLengthText, "Control Number", 255) with { Role = FieldRole.Identifier };

    public static string IdOf(string name) => Workspaces.Field.IdFor(ObjectType.Document, name);

    public static Field Field(FieldType type, string name = "F", int? length = null)
        => FieldPlan.NewField(ObjectType.Document, name, type, length, []);

    public static ConversionSettings Settings(string culture = "en-US") => new()
    {
        Culture = CultureInfo.GetCultureInfo(culture),
        JobStart = new DateTime(2023, 6, 30, 9, 15, 0),
    };

    public static ConvertedValue Convert(FieldType type, string cell, string culture = "en-US", int? length = null)
        => new ValueConverter(Field(type, "F", length), Settings(culture)).Convert(cell);

    /// <summary>A text in which <c>{D800}</c> stands for half a surrogate pair, which attributes cannot hold.</summary>
    public static string Broken(string text) => text.Replace("{D800}", "\ud800", StringComparison.Ordinal).Replace("{DC00}", "\udc00", StringComparison.Ordinal);

    /// <summary>The folder of shared cases when it lies beside the checkout, else null.</summary>
    public static string? Vectors(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var shared in new[] { "shared", "../shared" })
            {
                var file = Path.Combine(folder.FullName, shared, "vectors", name);
                if (File.Exists(file)) return file;
            }
        }
        return null;
    }
}
