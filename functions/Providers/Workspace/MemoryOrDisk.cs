using System.Buffers;
using System.Security.Cryptography;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Providers.Workspace;

/// <summary>Holds what is written to it: in memory up to so many bytes, by default what fits into a record, then in a file of this machine.</summary>
internal sealed class MemoryOrDisk(int mostInMemory = RecordLimits.InlineTextBytes) : IAsyncDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly MemoryStream memory = new();
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStream? disk;

    /// <summary>Bytes written so far.</summary>
    public long Length => disk?.Length ?? memory.Length;

    /// <summary>The bytes, when they are in memory.</summary>
    public ReadOnlyMemory<byte> Memory => memory.GetBuffer().AsMemory(0, (int)memory.Length);

    /// <summary>The SHA-256 of what was written so far, in small hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Adds bytes.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        hash.AppendData(bytes.Span);
        if (disk is null && memory.Length + bytes.Length > mostInMemory)
        {
            disk = TempFile.Create();
            await disk.WriteAsync(Memory, cancellationToken);
        }
        await ((Stream?)disk ?? memory).WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Adds all that a stream has.</summary>
    public async Task WriteAsync(Stream bytes, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await bytes.ReadAsync(piece, cancellationToken) is > 0 and var read) await WriteAsync(piece.AsMemory(0, read), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Everything written, from the beginning.</summary>
    public Stream Content()
    {
        var stream = (Stream?)disk ?? memory;
        stream.Position = 0;
        return stream;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disk is not null) await disk.DisposeAsync();
        await memory.DisposeAsync();
        hash.Dispose();
    }
}
