using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Checks;

/// <summary>The part of a check's report that a finding belongs to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CheckSection>))]
public enum CheckSection
{
    /// <summary>Rows and their values.</summary>
    [JsonStringEnumMemberName("rows")] Rows,

    /// <summary>Natives, texts, images and files that nothing refers to.</summary>
    [JsonStringEnumMemberName("files")] Files,

    /// <summary>Bates numbers.</summary>
    [JsonStringEnumMemberName("bates")] Bates,

    /// <summary>The image load file against the document load file.</summary>
    [JsonStringEnumMemberName("images")] Images,

    /// <summary>Families: documents and their attachments.</summary>
    [JsonStringEnumMemberName("families")] Families,

    /// <summary>Documents that are there twice.</summary>
    [JsonStringEnumMemberName("duplicates")] Duplicates,

    /// <summary>Hashes against the bytes of the natives.</summary>
    [JsonStringEnumMemberName("hashes")] Hashes,

    /// <summary>Dates that could be read in another way.</summary>
    [JsonStringEnumMemberName("dates")] Dates,

    /// <summary>The load file as a whole.</summary>
    [JsonStringEnumMemberName("load-file")] LoadFile,
}

/// <summary>How much a finding matters.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
public enum FindingSeverity
{
    /// <summary>To mend: rows would be rejected, or the production is not whole.</summary>
    [JsonStringEnumMemberName("error")] Error,

    /// <summary>To look at: it would be imported as it is, and may be wrong.</summary>
    [JsonStringEnumMemberName("warning")] Warning,

    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("note")] Note,
}

/// <summary>One case of a finding. Every text is shortened.</summary>
/// <param name="Line">The line of the load file; null where no line is concerned.</param>
/// <param name="Id">The document's identifier.</param>
/// <param name="Value">The value as the file has it: a cell, a path, a range of numbers.</param>
/// <param name="Words">What is wrong with it and what to do; null where the finding says all there is to say.</param>
public sealed record FindingExample(long? Line, string? Id, string? Value, string? Words = null);

/// <summary>What a check found of one kind, with how many there are and the first of them.</summary>
public sealed record Finding
{
    /// <summary>Where it belongs.</summary>
    public required CheckSection Section { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Stable kebab-case code: that of the import's error, or one of the check's own (<see cref="FindingWords"/>).</summary>
    public required string Code { get; init; }

    /// <summary>The column or field concerned; null where there is none.</summary>
    public string? Field { get; init; }

    /// <summary>How many there are.</summary>
    public long Count { get; init; }

    /// <summary>What it is, in a few words.</summary>
    public string Title { get; init; } = "";

    /// <summary>What to do about it.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The first of them, at most <see cref="Findings.MostExamples"/>.</summary>
    public IReadOnlyList<FindingExample> Examples { get; init; } = [];
}
