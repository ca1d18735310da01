using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests.Mapping;

/// <summary>Integration points and columns for tests.</summary>
internal static class TestPoint
{
    public static IntegrationPoint Of(ImportSettings? import = null, bool mapAll = true, params (string Source, string Destination)[] mapping) => new()
    {
        Id = "p1",
        Name = "Weekly production",
        Workspace = "ws-1",
        Source = new ProviderSettings("load-file", JsonDocument.Parse("{}").RootElement),
        Import = import ?? new ImportSettings(),
        MapAllFields = mapAll,
        Mapping = [.. mapping.Select(m => new FieldMapping(m.Source, m.Destination))],
    };

    public static SourceField[] Columns(params string[] names) => [.. names.Select(n => new SourceField(n))];

    public static Field Text(string name) => Fixtures.Field(FieldType.LongText, name);
}
