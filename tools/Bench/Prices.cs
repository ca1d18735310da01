using System.Text.Json;

namespace IntegrationPoints.Bench;

/// <summary>What units cost, from <c>prices.json</c>, which says where each price was read and when.</summary>
internal sealed record Prices(string Date, string Region, string Remark, IReadOnlyDictionary<string, UnitPrice> Units, IdleMonth Idle)
{
    /// <summary>Reads the file beside the sources, or another of its shape.</summary>
    public static async Task<Prices> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        await using var json = File.OpenRead(file ?? Path.Combine(Children.Repository, "tools", "Bench", "prices.json"));
        using var document = await JsonDocument.ParseAsync(json, cancellationToken: cancellationToken);
        var root = document.RootElement;
        return new Prices(
            root.GetProperty("date").GetString()!, root.GetProperty("region").GetString()!, root.GetProperty("remark").GetString()!,
            root.GetProperty("prices").Deserialize<Dictionary<string, UnitPrice>>(JsonSerializerOptions.Web)!, IdleMonth.Of(root));
    }

    /// <summary>What so many units cost, for people.</summary>
    public string Of(string unit, double units) => Units[unit].Price is { } price ? $"${Report.Number(units * price, 2)}" : "price not found";

    /// <summary>What so many units cost; null: the price was not found.</summary>
    public double? Sum(string unit, double units) => Units[unit].Price * units;
}

/// <summary>A price, and where it was read; null: it was not found.</summary>
internal sealed record UnitPrice(double? Price, string Source);
