using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Workspaces;

/// <summary>Where a production stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProductionStatus>))]
public enum ProductionStatus
{
    /// <summary>It has no images yet; images can be imported into it.</summary>
    [JsonStringEnumMemberName("New")] New,

    /// <summary>It is being made ready.</summary>
    [JsonStringEnumMemberName("Staged")] Staged,

    /// <summary>Its images are complete.</summary>
    [JsonStringEnumMemberName("Produced")] Produced,
}

/// <summary>A named set of produced images.</summary>
public sealed record Production
{
    /// <summary>The field that holds a document's first Bates number, when the production names no other.</summary>
    public const string DefaultBegin = "Bates Beg";

    /// <summary>The field that holds a document's last Bates number, when the production names no other.</summary>
    public const string DefaultEnd = "Bates End";

    /// <summary>Stable id in its workspace.</summary>
    public required string Id { get; init; }

    /// <summary>The name people see; unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public ProductionStatus Status { get; init; }

    /// <summary>Name of the fixed-length text field that holds a document's first Bates number.</summary>
    public string BatesBeginField { get; init; } = DefaultBegin;

    /// <summary>Name of the fixed-length text field that holds a document's last Bates number.</summary>
    public string BatesEndField { get; init; } = DefaultEnd;

    /// <summary>What its images come from; null: nothing yet.</summary>
    public ProductionSource? Source { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedUtc { get; init; }

    /// <summary>The id of the production of a name, in any case of letters: making it twice makes one.</summary>
    public static string IdFor(string name)
        => IdPrefix + Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(name.Trim().ToUpperInvariant())));

    /// <summary>Whether a text has the form of a production's id.</summary>
    public static bool IsId(string text) => text.Length == IdPrefix.Length + 16 && text.StartsWith(IdPrefix, StringComparison.Ordinal)
        && text.AsSpan(IdPrefix.Length).ToArray().All(char.IsAsciiHexDigitLower);

    private const string IdPrefix = "production-";
}

/// <summary>The import that fills a production.</summary>
/// <param name="IntegrationPoint">The integration point's id.</param>
/// <param name="JobId">The job that took the production first.</param>
public sealed record ProductionSource(string IntegrationPoint, string JobId);
