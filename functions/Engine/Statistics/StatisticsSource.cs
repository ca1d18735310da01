using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;

namespace IntegrationPoints.Engine.Statistics;

/// <summary>What a calculation reads, frozen with it.</summary>
/// <param name="Job">The run as it would be: the integration point and the instance's settings as they were.</param>
/// <param name="Layout">The version of its source.</param>
public sealed record StatisticsSource(Job Job, SourceLayout Layout)
{
    /// <summary>Which field names the natives; null: the integration point transfers none.</summary>
    /// <exception cref="ConfigurationException">A column that the integration point names is not there: a run would not begin.</exception>
    public int? NativeField()
    {
        if (Job.Point.IsExport) return null;
        var claims = new Claims(Job.Point, Layout.Fields);
        return claims.Problems is [var missing, ..] ? throw new ConfigurationException(missing) : claims.Native;
    }

    /// <summary>Counts of no record yet.</summary>
    public StatisticsCounts Nothing() => new()
    {
        Natives = NativeField() is null ? null : new(),
        Images = Layout.Images is null ? null : new(),
    };
}
