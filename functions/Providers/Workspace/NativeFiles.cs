using System.IO.Pipelines;
using System.Security.Cryptography;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Settings;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>
/// Looks at the files that are to be natives: what they are by their first bytes, which is one small request for each, and whether files of that
/// type are taken. A file of a package is put into the file repository on the way, for its bytes are in hand; others are copied when the decision
/// is applied.
/// </summary>
internal sealed class NativeFiles(TextFiles texts, BatchScope scope, ImportSettings import, IReadOnlyList<string> restricted)
{
    // Larger files of packages take some 20 MB of buffers each; of all batches of this process so many go at once.
    private const int Small = 1024 * 1024, LargeAtOnce = 4;
    private static readonly SemaphoreSlim Large = new(LargeAtOnce);

    /// <summary>The code of a file that is to be linked and cannot be.</summary>
    public const string NotLinked = "file-in-package";

    /// <summary>Why a file of a package cannot be linked, and what to do.</summary>
    public static string CannotBeLinked(SourceFile file)
        => $"The file {Words.Quote(file.Reference)} lies in a package, and a record cannot be linked to it. Import with files copied, or stage them unpacked.";

    /// <summary>Gives the row its native, a warning when it is left out, or an error when it cannot be read.</summary>
    public async Task AddAsync(Row row, CancellationToken cancellationToken)
    {
        var file = row.NativeSource!;
        if (file.Entry is not null && import.Natives == NativeMode.Link)
        {
            Add(row, NotLinked, CannotBeLinked(file));
            return;
        }
        var isLarge = file.Entry is not null && file.Bytes > Small;
        if (isLarge) await Large.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(row, file, cancellationToken);
        }
        catch (PackageEntryException e)
        {
            Add(row, e.Problem.Code, e.Problem.Message);
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            Add(row, "file-changed", $"The file {Words.Quote(file.Reference)} was replaced or removed while the job ran. Import the error file to load the record with the file that is there now.");
        }
        finally
        {
            if (isLarge) Large.Release();
        }
    }

    private async Task ReadAsync(Row row, SourceFile file, CancellationToken cancellationToken)
    {
        var head = (int)Math.Min(file.Bytes, FileTypes.HeadBytes);
        await using var content = head == 0 && file.Entry is null ? Stream.Null
            : file.Entry is null ? await Blobs.OpenRangeAsync(texts.Blobs.Staging, file.Blob, 0, head, file.ETag, cancellationToken)
            : await texts.Blobs.OpenAsync(file, cancellationToken);
        var bytes = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: FileTypes.HeadBytes));
        try
        {
            await ReadAsync(row, file, bytes, head, cancellationToken);
        }
        finally
        {
            await bytes.CompleteAsync();
        }
    }

    private async Task ReadAsync(Row row, SourceFile file, PipeReader bytes, int head, CancellationToken cancellationToken)
    {
        var type = await TypeAsync(bytes, head, file.Name, cancellationToken);
        if (Restriction(file.Name, type) is { } restriction)
        {
            row.Warnings.Add(Problem(row, "restricted-file-type", $"The file {Words.Quote(file.Reference)} was left out: {restriction}, and files of that type are not imported here. "
                + $"The record was written without it; an administrator can allow the type in the instance setting {InstanceSetting.RestrictedFileTypes}.") with
            { Severity = ProblemSeverity.Warning });
            return;
        }
        var native = new NativeFile(file.Name, file.Bytes, file.Blob, Linked: import.Natives == NativeMode.Link) { Type = type };
        var kept = new KeptFile { Kind = FileKind.Native, Path = file.Blob, Bytes = file.Bytes, Md5 = file.Md5, Source = file.Path };
        if (file.Entry is null) kept = kept with { From = new BlobVersion(file.Blob, file.Bytes, file.ETag) };
        if (native.Linked)
        {
            row.Files.Insert(0, kept with { Place = FilePlace.Staging });
            row.Native = native;
            return;
        }
        var to = scope.FileName(row.Source.Line, file.Name);
        row.Native = native with { Blob = to };
        row.Files.Insert(0, kept with { Path = to, Sha256 = file.Entry is null ? null : await PutAsync(bytes.AsStream(), to, cancellationToken) });
    }

    private static async Task<string?> TypeAsync(PipeReader bytes, int head, string name, CancellationToken cancellationToken)
    {
        if (head == 0) return null;
        var read = await bytes.ReadAtLeastAsync(head, cancellationToken);
        var type = FileTypes.Of(System.Buffers.BuffersExtensions.ToArray(read.Buffer), name);
        // They are read again, from the first byte on.
        bytes.AdvanceTo(read.Buffer.Start);
        return type;
    }

    private string? Restriction(string name, string? type)
        => restricted.Contains(FileTypes.Ending(name)) ? $"its name ends in .{FileTypes.Ending(name)}"
            : type is not null && restricted.Contains(type) ? $"by its bytes it is of the type {type}"
            : null;

    // Never overwrites: what is there is what an earlier attempt put there, of the same bytes. Either way all of them pass, and are checked.
    private async Task<string> PutAsync(Stream content, string to, CancellationToken cancellationToken)
    {
        using var sha = SHA256.Create();
        await using var hashed = new CryptoStream(content, sha, CryptoStreamMode.Read);
        if (!texts.OnPaper) await Blobs.CreateAsync(texts.Blobs.Files, to, hashed, cancellationToken);
        await hashed.CopyToAsync(Stream.Null, cancellationToken);
        return Convert.ToHexStringLower(sha.Hash!);
    }

    private void Add(Row row, string code, string reason) => row.Errors.Add(Problem(row, code, reason));

    private Problem Problem(Row row, string code, string reason)
        => Engine.Problem.Item(scope.File, code, row.Source.Line, row.SourceId, import.NativeColumn, reason);
}
