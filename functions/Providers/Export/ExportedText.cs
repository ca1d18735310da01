using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Export;

/// <summary>A text that became a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Lacking">How many of its characters the encoding lacks; a mark stands in place of each.</param>
public sealed record ExportedTextFile(ExportedFile File, long Lacking);

/// <summary>Writes the texts of fields as files, with a byte order mark where the encoding has one. Line ends stay as they are kept.</summary>
/// <param name="blobs">The files of the deployment.</param>
/// <param name="files">Where they go.</param>
/// <param name="encoding">Their encoding.</param>
public sealed class ExportedText(Blobs blobs, ExportedFiles files, Encoding encoding)
{
    private const int PieceBytes = 64 * 1024;

    private static readonly UTF8Encoding Utf8WithMark = new(encoderShouldEmitUTF8Identifier: true);

    private readonly TextReplacement replacement = new(encoding);
    private readonly Encoding encoding = encoding.CodePage == Utf8WithMark.CodePage ? Utf8WithMark : encoding;

    /// <summary>Writes one text.</summary>
    /// <param name="text">The value of its field, as a record has it.</param>
    /// <param name="destination">The path in the staging area that it gets.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UnusableFileException">The file in which the text is kept is gone (<c>missing-file</c>).</exception>
    public Task<ExportedTextFile> WriteAsync(TextReference text, string destination, CancellationToken cancellationToken)
        => WriteAsync(destination, (file, stop) => CopyAsync(text.Blob, file, stop), cancellationToken);

    /// <inheritdoc cref="WriteAsync(TextReference, string, CancellationToken)"/>
    public Task<ExportedTextFile> WriteAsync(string text, string destination, CancellationToken cancellationToken)
        => WriteAsync(
            destination,
            async (file, stop) =>
            {
                var characters = text.ToCharArray();
                var lacking = replacement.Apply(characters, out var length);
                await file.WriteAsync(encoding.GetBytes(characters, 0, length), stop);
                return lacking;
            },
            cancellationToken);

    private async Task<ExportedTextFile> WriteAsync(
        string destination, Func<Stream, CancellationToken, Task<long>> write, CancellationToken cancellationToken)
    {
        long lacking = 0;
        var written = await files.WriteAsync(
            destination,
            async file =>
            {
                await file.WriteAsync(encoding.GetPreamble(), cancellationToken);
                lacking = await write(file, cancellationToken);
            },
            cancellationToken);
        return new ExportedTextFile(written, lacking);
    }

    private async Task<long> CopyAsync(string blob, Stream file, CancellationToken cancellationToken)
    {
        using var kept = await OpenAsync(blob, cancellationToken);
        var (decoder, encoder) = (Encoding.UTF8.GetDecoder(), encoding.GetEncoder());
        var piece = new byte[PieceBytes];
        var characters = new char[Encoding.UTF8.GetMaxCharCount(PieceBytes)];
        var bytes = new byte[encoding.GetMaxByteCount(characters.Length)];
        long lacking = 0;
        int read;
        do
        {
            read = await kept.Content.ReadAtLeastAsync(piece, PieceBytes, throwOnEndOfStream: false, cancellationToken);
            // A character that is cut by the end of a piece comes whole with the next.
            var count = decoder.GetChars(piece.AsSpan(0, read), characters, flush: read == 0);
            lacking += replacement.Apply(characters.AsSpan(0, count), out count);
            var length = encoder.GetBytes(characters.AsSpan(0, count), bytes, flush: read == 0);
            await file.WriteAsync(bytes.AsMemory(0, length), cancellationToken);
        }
        while (read > 0);
        return lacking;
    }

    private async Task<BlobDownloadStreamingResult> OpenAsync(string blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blobs.Files.GetBlobClient(blob).DownloadStreamingAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw ExportedFiles.IsGone(blobs.Files, blob, e);
        }
    }
}
