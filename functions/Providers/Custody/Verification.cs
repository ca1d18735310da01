using System.Text.Json.Serialization;
using IntegrationPoints.Engine;

namespace IntegrationPoints.Providers.Custody;

/// <summary>Where the verification of a job stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerificationStatus>))]
public enum VerificationStatus
{
    /// <summary>Files are being read.</summary>
    [JsonStringEnumMemberName("Running")] Running,

    /// <summary>Every file is what it was.</summary>
    [JsonStringEnumMemberName("Equal")] Equal,

    /// <summary>Some file is not what it was, or not there.</summary>
    [JsonStringEnumMemberName("Different")] Different,

    /// <summary>It could not be finished, and says nothing about the files.</summary>
    [JsonStringEnumMemberName("Failed")] Failed,
}

/// <summary>What reading the files of a job again came to: jobs/{job}/verify/{id}.json, written when it ends.</summary>
public sealed record Verification
{
    /// <summary>The most differences that are in the document itself; the others are listed page by page.</summary>
    public const int MostDifferences = 100;

    /// <summary>Its id, unique in its job.</summary>
    public required string Id { get; init; }

    /// <summary>The job whose files were read.</summary>
    public required string JobId { get; init; }

    /// <summary>Where it stands.</summary>
    public VerificationStatus Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset StartedUtc { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>The files to read: those of the manifest, the load file, and the manifest itself.</summary>
    public long Total { get; init; }

    /// <summary>What was found.</summary>
    public VerificationCounts Counts { get; init; } = new();

    /// <summary>How the comparison was made, in words, where it was not by SHA-256 throughout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Remark { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Problem? Problem { get; init; }

    /// <summary>The first <see cref="MostDifferences"/> of what is not as it was.</summary>
    public IReadOnlyList<FileDifference> Differences { get; init; } = [];
}

/// <summary>What became of the files that were read. Files = Equal + Differing + Missing, always.</summary>
public sealed record VerificationCounts
{
    /// <summary>Files that were looked at.</summary>
    public long Files { get; init; }

    /// <summary>Those that are what they were.</summary>
    public long Equal { get; init; }

    /// <summary>Those with other bytes.</summary>
    public long Differing { get; init; }

    /// <summary>Those that are not there.</summary>
    public long Missing { get; init; }

    /// <summary>Those of the equal ones that have no SHA-256 in the manifest: their sizes agree, and their MD5 where storage had one.</summary>
    public long WithoutHash { get; init; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>The sum, column by column.</summary>
    public static VerificationCounts operator +(VerificationCounts a, VerificationCounts b) => new()
    {
        Files = a.Files + b.Files,
        Equal = a.Equal + b.Equal,
        Differing = a.Differing + b.Differing,
        Missing = a.Missing + b.Missing,
        WithoutHash = a.WithoutHash + b.WithoutHash,
        Bytes = a.Bytes + b.Bytes,
    };

    /// <summary>The sum, column by column.</summary>
    public static VerificationCounts Add(VerificationCounts left, VerificationCounts right) => left + right;
}

/// <summary>A file that is not what it was.</summary>
public sealed record FileDifference
{
    /// <summary>What it is: <c>native</c>, <c>text</c>, <c>image</c>, <c>load-file</c> or <c>manifest</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is or was; of a text kept in its record the id of the field.</summary>
    public required string Path { get; init; }

    /// <summary>The line of the load file that brought it; of an export the number of the document.</summary>
    public long? Line { get; init; }

    /// <summary>The document's identifier.</summary>
    public string? Identifier { get; init; }

    /// <summary>Stable kebab-case code: <c>file-missing</c>, <c>size-differs</c>, <c>hash-differs</c>, <c>record-missing</c>, <c>text-differs</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, in words.</summary>
    public required string Error { get; init; }

    /// <summary>The size in the manifest.</summary>
    public long? ExpectedBytes { get; init; }

    /// <summary>The size that was found.</summary>
    public long? FoundBytes { get; init; }

    /// <summary>The SHA-256 in the manifest.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>The SHA-256 that was found.</summary>
    public string? FoundSha256 { get; init; }
}

/// <summary>A part of a manifest that one activity checks.</summary>
/// <param name="Index">Its number in the verification, from 1; 0 are load file and manifest.</param>
/// <param name="Offset">Where its first row begins in the manifest, in bytes.</param>
/// <param name="Length">How many bytes of the manifest.</param>
public sealed record ManifestPiece(int Index, long Offset, long Length);

/// <summary>The next parts of a verification.</summary>
/// <param name="Pieces">At most 32.</param>
/// <param name="Next">Where planning goes on; null: there are no more.</param>
public sealed record ManifestPage(IReadOnlyList<ManifestPiece> Pieces, VerificationCursor? Next);

/// <summary>Where the planning of a verification stands.</summary>
/// <param name="Page">Number of the page, from 0.</param>
/// <param name="Piece">Number of the next piece.</param>
/// <param name="Offset">The next byte of the manifest.</param>
public sealed record VerificationCursor(int Page = 0, int Piece = 1, long Offset = 0);

/// <summary>What one part came to.</summary>
/// <param name="Counts">What was found.</param>
/// <param name="Differences">What is not as it was.</param>
public sealed record VerifiedPart(VerificationCounts Counts, IReadOnlyList<FileDifference> Differences);
