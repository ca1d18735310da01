using System.Globalization;

namespace IntegrationPoints.Providers.Checks;

/// <summary>What a check keeps in the jobs container, by name.</summary>
public static class CheckNames
{
    /// <summary>The frozen check.</summary>
    public static string Check(string check) => $"{check}/check/check.json";

    /// <summary>What preparing it found.</summary>
    public static string Prepared(string check) => $"{check}/check/prepared.json";

    /// <summary>What a batch found, and its facts.</summary>
    public static string Batch(string check, int batch) => string.Create(CultureInfo.InvariantCulture, $"{check}/check/{batch:d8}");

    /// <summary>A part of what the image load file says.</summary>
    public static string Images(string check, int part) => string.Create(CultureInfo.InvariantCulture, $"{check}/check/images/{part:d8}");

    /// <summary>How the check ended.</summary>
    public static string End(string check) => $"{check}/check/end.json";
}
