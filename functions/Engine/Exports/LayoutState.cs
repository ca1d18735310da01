using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Exports;

/// <summary>
/// How far a layout has come: what the next document needs to know of those before it. As JSON it is small; it grows with the files of the
/// folder that is being filled, not with the export.
/// </summary>
public sealed record LayoutState
{
    /// <summary>The number of the volume.</summary>
    [JsonPropertyName("volume")] public required long Volume { get; init; }

    /// <summary>How many bytes it holds.</summary>
    [JsonPropertyName("bytes")] public long Bytes { get; init; }

    /// <summary>Whether it holds a file.</summary>
    [JsonPropertyName("holds")] public bool HoldsFiles { get; init; }

    /// <summary>The number of the folder in it, the same for all kinds of files.</summary>
    [JsonPropertyName("subdirectory")] public required long Subdirectory { get; init; }

    /// <summary>How many files of each kind the folder holds.</summary>
    [JsonPropertyName("images")] public long Images { get; init; }

    /// <inheritdoc cref="Images"/>
    [JsonPropertyName("natives")] public long Natives { get; init; }

    /// <inheritdoc cref="Images"/>
    [JsonPropertyName("texts")] public long Texts { get; init; }

    /// <summary>The hashes of the names in the folder, eight bytes each.</summary>
    [JsonPropertyName("names")] public byte[] Names { get; init; } = [];

    /// <summary>By the hash of a name that several files would have: the last number that was put behind it.</summary>
    [JsonPropertyName("repeats")] public IReadOnlyDictionary<ulong, int> Repeats { get; init; } = new Dictionary<ulong, int>();

    /// <summary>Before the first document.</summary>
    public static LayoutState First(ExportSettings settings) => new() { Volume = settings.Volume.Start, Subdirectory = settings.Subdirectory.Start };

    /// <summary>The hashes as bytes, the same for the same names.</summary>
    internal static byte[] BytesOf(IEnumerable<ulong> hashes) => MemoryMarshal.AsBytes<ulong>([.. hashes.Order()]).ToArray();

    /// <summary>The bytes as hashes.</summary>
    internal static HashSet<ulong> HashesOf(byte[] names) => [.. MemoryMarshal.Cast<byte, ulong>(names)];
}
