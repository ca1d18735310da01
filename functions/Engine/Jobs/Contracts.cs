using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>A field of a source: a column of a load file, an attribute of a directory.</summary>
/// <param name="Name">Its name, unique without regard to case.</param>
/// <param name="IsIdentifier">Whether the source says that it names the record.</param>
/// <param name="Type">What it holds; null: text of any kind, as in load files.</param>
/// <param name="Length">The most characters of a fixed-length text; null: not known.</param>
public sealed record SourceField(string Name, bool IsIdentifier = false, FieldType? Type = null, int? Length = null)
{
    /// <summary>The id of the field, where the source is a workspace; null elsewhere, and of what is no field, such as the folder's path.</summary>
    public string? FieldId { get; init; }

    /// <summary>Whether it came first when the source was mapped, as far as that is known: it names the records wherever it comes now, unless somebody says otherwise.</summary>
    public bool WasFirst { get; init; }
}

/// <summary>What a source is, found once per job and frozen with it.</summary>
public sealed record SourceLayout
{
    /// <summary>What the source is called in messages: the load file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The fields in the order of <see cref="SourceRecord.Cells"/>.</summary>
    public required IReadOnlyList<SourceField> Fields { get; init; }

    /// <summary>
    /// The names of the fields that the source had when the integration point was saved, or first ran; empty: not known. What is gone or new since, the mapping
    /// tells.
    /// </summary>
    public IReadOnlyList<string> KnownFields { get; init; } = [];

    /// <summary>What the source must know again to read the same thing: version, encoding, sizes. The provider's own words.</summary>
    public IReadOnlyDictionary<string, string> Frozen { get; init; } = new Dictionary<string, string>();

    /// <summary>What was found on the way that people may want to know when they only look: the file's path, a server's host key.</summary>
    public IReadOnlyDictionary<string, string> Found { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The field by which other records of the source refer to one, where that is not what identifies records here: a directory's distinguished name,
    /// the id of a person. Null: there is none.
    /// </summary>
    public string? LinkField { get; init; }

    /// <summary>Where identifiers come from when no one field holds them, so that those that repeat can be found; null: one does, or none is needed.</summary>
    public EntityName? DerivedKey { get; init; }

    /// <summary>What becomes of the images that the records bring; null: they bring none.</summary>
    public ImageImport? Images { get; init; }

    /// <summary>How dates and numbers are written, when the source itself was to say; null: as the import says.</summary>
    public string? Culture { get; init; }

    /// <summary>Worth knowing: how the encoding was found, what looks odd.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}

/// <summary>One record as the source has it.</summary>
public sealed record SourceRecord
{
    /// <summary>Where it begins: the physical line of a load file from 1; the number of the record elsewhere.</summary>
    public required long Line { get; init; }

    /// <summary>Byte offset and length in the source file, so that an error file can copy the row as it stands.</summary>
    public (long Offset, long Length) Position { get; init; }

    /// <summary>The cells in the order of the layout's fields; empty when the row could not be read.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>The files that cells refer to, by field; a blank cell has none.</summary>
    public IReadOnlyDictionary<int, SourceFile> Files { get; init; } = NoFiles;

    /// <summary>The images of the document, in order; empty when the source has none.</summary>
    public IReadOnlyList<SourcePage> Pages { get; init; } = [];

    /// <summary>The record itself, where the source is a workspace.</summary>
    public StoredRecord? Stored { get; init; }

    /// <summary>Why the row could not be read, null when it could. The message does not name the line.</summary>
    public Problem? Problem { get; init; }

    /// <summary>The line where the same identifier stood first, when this record comes second.</summary>
    public long? FirstLine { get; init; }

    private static readonly IReadOnlyDictionary<int, SourceFile> NoFiles = new Dictionary<int, SourceFile>();
}

/// <summary>A record of a workspace, and where it lies: beside it lie its images.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Record">The record, in the version that the job transfers.</param>
public sealed record StoredRecord(string Partition, Record Record);

/// <summary>A file that a record refers to: a version of it that is there, or why it cannot be used.</summary>
/// <param name="Reference">The path as the source has it.</param>
public sealed record SourceFile(string Reference)
{
    /// <summary>Its name without folder, as it is stored.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its path in the staging area; of a file in a package that of the package's blob.</summary>
    public string Blob { get; init; } = "";

    /// <summary>Where it lies in its package; null: it is a file of its own.</summary>
    public PackageEntry? Entry { get; init; }

    /// <summary>Where it lies for people: its path in the staging area, through its package where it lies in one.</summary>
    public string Path => Entry?.Path ?? Blob;

    /// <summary>Its size.</summary>
    public long Bytes { get; init; }

    /// <summary>Its version: only this one is read and copied.</summary>
    public string ETag { get; init; } = "";

    /// <summary>The MD5 that storage keeps with this version, in small hexadecimal digits; null when it keeps none.</summary>
    public string? Md5 { get; init; }

    /// <summary>Why it cannot be used; null when it can. The message does not name the line.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Worth knowing, such as a name that differs in case of letters.</summary>
    public Problem? Warning { get; init; }
}

/// <summary>Where a file lies in a package (a .zip), and what its bytes must come to.</summary>
/// <param name="Path">Its path: that of the package, then that in the package.</param>
/// <param name="Offset">Where its local header begins in the package's blob.</param>
/// <param name="NameBytes">The length of its name there.</param>
/// <param name="Packed">The size of its packed bytes.</param>
/// <param name="Deflated">Whether they are deflated; otherwise they are the file's own.</param>
/// <param name="Crc">The CRC-32 of the file.</param>
public sealed record PackageEntry(string Path, long Offset, int NameBytes, long Packed, bool Deflated, uint Crc)
{
    /// <summary>Whether the package's blob lies in the container of jobs and not in the staging area: it was packed in another package.</summary>
    public bool IsUnpacked { get; init; }
}

/// <summary>A part of a source that one activity transfers.</summary>
public sealed record BatchPlan
{
    /// <summary>Number in the job, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Where it begins in the source file, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes.</summary>
    public long Length { get; init; }

    /// <summary>The line or number of its first record.</summary>
    public long FirstLine { get; init; }

    /// <summary>How many records it holds.</summary>
    public int Records { get; init; }

    /// <summary>The lines whose identifier stood earlier in the source, each with the line where it stood first.</summary>
    public IReadOnlyDictionary<long, long> Duplicates { get; init; } = new Dictionary<long, long>();

    /// <summary>The batch of the retried job whose rejected records these are; null: the job retries none.</summary>
    public int? Retries { get; init; }

    /// <summary>The lines whose page id stood earlier in the source, each with the line where it stood first.</summary>
    public IReadOnlyDictionary<long, long> DuplicatePages { get; init; } = new Dictionary<long, long>();
}

/// <summary>The next batches of a job.</summary>
/// <param name="Batches">At most 64.</param>
/// <param name="Next">Where planning goes on; null: there are no more.</param>
/// <param name="Records">Records planned so far, these batches included.</param>
public sealed record BatchPage(IReadOnlyList<BatchPlan> Batches, PlanCursor? Next, long Records)
{
    /// <summary>What only the whole source shows, with its last page.</summary>
    public IReadOnlyList<Problem> Warnings { get; init; } = [];
}

/// <summary>Where planning stands: small enough for a checkpoint.</summary>
/// <param name="Page">Number of the page, from 0.</param>
/// <param name="Batch">Number of the next batch.</param>
/// <param name="Offset">The next byte.</param>
/// <param name="Line">The next line.</param>
/// <param name="Records">Records planned so far.</param>
/// <param name="BlankLines">Blank lines passed over so far.</param>
public sealed record PlanCursor(int Page = 0, int Batch = 0, long Offset = 0, long Line = 1, long Records = 0, long BlankLines = 0);

/// <summary>Where records come from. Reading a batch twice yields the same records.</summary>
public interface ISource
{
    /// <summary>Opens the source, finds its fields and freezes its version.</summary>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    /// <exception cref="JobStoppedException">The job was asked to stop while its source was copied; there is no copy.</exception>
    Task<SourceLayout> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Lays out the next batches. <paramref name="identifier"/> is the index of the field that must be unique; null: duplicates do not matter.</summary>
    Task<BatchPage> PlanAsync(SourceLayout layout, int? identifier, PlanCursor cursor, CancellationToken cancellationToken);

    /// <summary>The records of one batch, in order. Cells of <paramref name="fileFields"/> hold paths, whose files are looked up.</summary>
    IAsyncEnumerable<SourceRecord> ReadAsync(
        SourceLayout layout, BatchPlan batch, IReadOnlyList<int> fileFields, CancellationToken cancellationToken);
}

/// <summary>A source that cannot be read twice: it is copied whole into the job's files first, and planned and read from there.</summary>
public interface ISpooledSource : ISource
{
    /// <summary>Makes the copy, unless it is there. Attempts at the same time come to one; one that is cut off leaves none.</summary>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    /// <exception cref="JobStoppedException">The job was asked to stop meanwhile; there is no copy.</exception>
    Task SpoolAsync(SourceLayout layout, CancellationToken cancellationToken);
}

/// <summary>Where records go. Every step may happen twice, at once, late, or stop half-way.</summary>
public interface IDestination
{
    /// <summary>Makes itself ready, and answers with what the job is frozen with.</summary>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    Task<PreparedJob> PrepareAsync(Job job, SourceLayout layout, CancellationToken cancellationToken);

    /// <summary>What else would keep the job from beginning, when its source cannot be read: so that all of it is said at once.</summary>
    Task<IReadOnlyList<Problem>> ProblemsAsync(Job job, CancellationToken cancellationToken);

    /// <summary>Lays out the next batches, and what in them depends on the order of records.</summary>
    /// <exception cref="ConfigurationException">The source changed, or the user must mend something else.</exception>
    Task<BatchPage> PlanAsync(Job job, PreparedJob prepared, ISource source, PlanCursor cursor, CancellationToken cancellationToken);

    /// <summary>Transfers one batch, or answers from the result that it has already.</summary>
    /// <exception cref="ConfigurationException">The source changed, or the user must mend something else.</exception>
    Task<BatchResult> WriteAsync(Job job, PreparedJob prepared, ISource source, BatchPlan batch, CancellationToken cancellationToken);

    /// <summary>Makes what the batches wrote in parts whole, before the manifest. Answers with the files that are in the manifest beside those of the batches.</summary>
    /// <param name="job">The job.</param>
    /// <param name="prepared">What it was frozen with.</param>
    /// <param name="isWhole">Whether all batches came to their end, or the job was stopped: otherwise it fails.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ConfigurationException">The user must mend something.</exception>
    Task<FileCounts> JoinAsync(Job job, PreparedJob prepared, bool isWhole, CancellationToken cancellationToken);

    /// <summary>What is left to do when all batches are done, before and after <paramref name="ended"/> becomes the job's row.</summary>
    Task SettleAsync(Job job, PreparedJob prepared, JobHistory ended, CancellationToken cancellationToken);
}
