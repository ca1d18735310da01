using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>A long text: in the record itself when it is short, else a file of the repository.</summary>
internal readonly record struct StoredText(string? Inline, TextReference? File, string? Code = null, string? Reason = null)
{
    /// <summary>The SHA-256 of the text as it is kept, in UTF-8; null for a short text of the load file itself, which the load file's own covers.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The SHA-256 of the file that it was read from.</summary>
    public string? SourceSha256 { get; init; }

    /// <summary>The size of the text as it is kept.</summary>
    public long Bytes => File?.Bytes ?? Encoding.UTF8.GetByteCount(Inline ?? "");
}

/// <summary>
/// Reads extracted text from files and puts text of more than 32 KB into the file repository, as UTF-8 with <c>\n</c> as line end, in pieces,
/// so that its size does not matter. The name of a stored text follows from job, batch, line, field and the version of its source: storing it
/// again finds it there.
/// </summary>
internal sealed class TextFiles(Blobs blobs, BatchScope scope)
{
    private const int Piece = 64 * 1024;

    /// <summary>Where they lie.</summary>
    public Blobs Blobs => blobs;

    /// <summary>Whether texts are read, judged and measured as ever, and none is stored: what a check before an import does.</summary>
    public bool OnPaper { get; init; }

    /// <summary>Whether a text stays in its record.</summary>
    public static bool IsShort(string text)
        => text.Length <= RecordLimits.InlineTextBytes / 3 || Encoding.UTF8.GetByteCount(text) <= RecordLimits.InlineTextBytes;

    /// <summary>The text of a staged file, for the record of a line. Without an encoding's name it is detected.</summary>
    public async Task<StoredText> ReadAsync(SourceFile file, long line, string? encodingName, CancellationToken cancellationToken)
    {
        try
        {
            await using var bytes = await OpenAsync(file, cancellationToken);
            var text = file.Bytes <= Piece
                ? await ReadAtOnceAsync(bytes, file, line, encodingName, cancellationToken)
                : await ReadInPiecesAsync(bytes, file, line, encodingName, cancellationToken);
            return text.Inline is null ? text : text with { Sha256 = Hash(Encoding.UTF8.GetBytes(text.Inline)) };
        }
        catch (PackageEntryException e)
        {
            return new StoredText(null, null, e.Problem.Code, e.Problem.Message);
        }
        catch (Exception e) when (e is BlobChangedException or BlobMissingException)
        {
            return IsGone(file);
        }
    }

    /// <summary>The texts of staged files one after the other, for the record of a line.</summary>
    public async Task<StoredText> JoinAsync(IReadOnlyList<SourceFile> files, long line, string? encodingName, CancellationToken cancellationToken)
    {
        await using var spool = new MemoryOrDisk();
        foreach (var file in files)
        {
            try
            {
                await using var start = await OpenAsync(file, cancellationToken);
                var detected = await EncodingDetector.DetectAsync(start, encodingName, cancellationToken);
                await using var bytes = await OpenAsync(file, cancellationToken);
                await bytes.ReadExactlyAsync(new byte[detected.PreambleLength], cancellationToken);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                if (await DecodeAsync(bytes, detected.Encoding, hash, spool, cancellationToken) is { } unusable)
                    return unusable with { Reason = $"{Engine.Words.Quote(file.Reference)}: {unusable.Reason}" };
            }
            catch (Exception e) when (e is BlobChangedException or BlobMissingException)
            {
                return IsGone(file);
            }
        }
        return await StoreAsync(spool, line, string.Join(' ', files.Select(f => f.ETag)), cancellationToken) with { Sha256 = spool.Sha256 };
    }

    /// <summary>Keeps a text of the load file itself: as it is when it is short.</summary>
    public async Task<StoredText> KeepAsync(string text, long line, string fieldId, CancellationToken cancellationToken)
    {
        if (IsShort(text)) return new(text, null);
        await using var spool = new MemoryOrDisk();
        await spool.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        return await StoreAsync(spool, line, fieldId, cancellationToken);
    }

    private async Task<StoredText> ReadAtOnceAsync(Stream stream, SourceFile file, long line, string? encodingName, CancellationToken cancellationToken)
    {
        var bytes = new byte[file.Bytes];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var detected = await EncodingDetector.DetectAsync(new MemoryStream(bytes), encodingName, cancellationToken);
        try
        {
            var text = Strict(detected.Encoding).GetString(bytes.AsSpan(detected.PreambleLength));
            if (text.Contains('\0', StringComparison.Ordinal)) return HasNul;
            if (text.Contains('\r', StringComparison.Ordinal))
                text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            return await KeepAsync(text, line, Version(file), cancellationToken) with { SourceSha256 = Hash(bytes) };
        }
        catch (DecoderFallbackException)
        {
            return IsNot(detected.Encoding);
        }
    }

    private async Task<StoredText> ReadInPiecesAsync(Stream start, SourceFile file, long line, string? encodingName, CancellationToken cancellationToken)
    {
        var detected = await EncodingDetector.DetectAsync(start, encodingName, cancellationToken);
        await using var bytes = await OpenAsync(file, cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var preamble = new byte[detected.PreambleLength];
        await bytes.ReadExactlyAsync(preamble, cancellationToken);
        hash.AppendData(preamble);
        await using var spool = new MemoryOrDisk();
        if (await DecodeAsync(bytes, detected.Encoding, hash, spool, cancellationToken) is { } unusable) return unusable;
        return await StoreAsync(spool, line, Version(file), cancellationToken) with { SourceSha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    private static StoredText IsGone(SourceFile file) => new(
        null, null, "file-changed", $"The text file {Engine.Words.Quote(file.Reference)} was replaced or removed while the job ran. Import the error file to load it as it is now.");

    private Task<Stream> OpenAsync(SourceFile file, CancellationToken cancellationToken)
        => blobs.OpenAsync(file, cancellationToken);

    private static async Task<StoredText?> DecodeAsync(
        Stream bytes, Encoding encoding, IncrementalHash hash, MemoryOrDisk spool, CancellationToken cancellationToken)
    {
        var decoder = Strict(encoding).GetDecoder();
        var input = new byte[Piece];
        var characters = new char[encoding.GetMaxCharCount(Piece)];
        var output = new byte[Encoding.UTF8.GetMaxByteCount(characters.Length)];
        var encoder = Encoding.UTF8.GetEncoder();
        var afterReturn = false;
        int read;
        do
        {
            read = await bytes.ReadAtLeastAsync(input, Piece, throwOnEndOfStream: false, cancellationToken);
            hash.AppendData(input.AsSpan(0, read));
            int count;
            try
            {
                count = decoder.GetChars(input.AsSpan(0, read), characters, flush: read == 0);
            }
            catch (DecoderFallbackException)
            {
                return IsNot(encoding);
            }
            if (characters.AsSpan(0, count).Contains('\0')) return HasNul;
            count = LineEnds(characters.AsSpan(0, count), ref afterReturn);
            var length = encoder.GetBytes(characters.AsSpan(0, count), output, flush: read == 0);
            await spool.WriteAsync(output.AsMemory(0, length), cancellationToken);
        }
        while (read > 0);
        return null;
    }

    // Files of one package share its version.
    private static string Version(SourceFile file) => file.Entry is null ? file.ETag : $"{file.ETag} {file.Path}";

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Encoding Strict(Encoding encoding)
        => Encoding.GetEncoding(encoding.CodePage, EncoderFallback.ReplacementFallback, DecoderFallback.ExceptionFallback);

    private static StoredText IsNot(Encoding encoding) => new(
        null, null, "invalid-encoding", $"The text file has bytes that are invalid in {encoding.WebName}. Choose the encoding in which the text files were written.");

    private static readonly StoredText HasNul = new(
        null, null, "invalid-character", "The text file contains a NUL character, which cannot be stored. Check the encoding of the text files, or remove the character.");

    // CRLF, CR and LF all become LF, also when a piece ends between CR and LF.
    private static int LineEnds(Span<char> text, ref bool afterReturn)
    {
        var to = 0;
        foreach (var c in text)
        {
            if (c == '\n' && afterReturn)
            {
                afterReturn = false;
                continue;
            }
            afterReturn = c == '\r';
            text[to++] = afterReturn ? '\n' : c;
        }
        return to;
    }

    private async Task<StoredText> StoreAsync(MemoryOrDisk spool, long line, string source, CancellationToken cancellationToken)
    {
        if (spool.Length <= RecordLimits.InlineTextBytes) return new StoredText(Encoding.UTF8.GetString(spool.Memory.Span), null);
        var version = Convert.ToHexStringLower(System.IO.Hashing.XxHash64.Hash(Encoding.UTF8.GetBytes(source)));
        var name = string.Create(CultureInfo.InvariantCulture, $"{scope.Workspace}/{scope.Job}/{scope.Batch:d8}-{line}-{version}.txt");
        if (!OnPaper) await Blobs.CreateAsync(blobs.Files, name, spool.Content(), cancellationToken);
        return new StoredText(null, new TextReference(name, spool.Length)) { Sha256 = spool.Sha256 };
    }
}
