using IntegrationPoints.Engine.Checks;
using Microsoft.Win32.SafeHandles;

namespace IntegrationPoints.Providers.Checks;

/// <summary>
/// Brings the sorted facts of many batches into one order. They lie one after the other in a file of this machine; of each run only a small
/// piece is in memory.
/// </summary>
internal sealed class FactMerge : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private const int MostUnsorted = 20_000;

    private readonly FileStream spool = TempFile.Create();
    private readonly BinaryWriter writer;
    private readonly List<long> starts = [];
    private readonly List<Fact> unsorted = [];

    public FactMerge() => writer = new BinaryWriter(spool, Fact.Encoding, leaveOpen: true);

    /// <summary>Begins a run: what is written to the answer must be in order.</summary>
    public BinaryWriter NewRun()
    {
        writer.Flush();
        starts.Add(spool.Position);
        return writer;
    }

    /// <summary>Adds a fact that comes in no order.</summary>
    public void Add(Fact fact)
    {
        unsorted.Add(fact);
        if (unsorted.Count == MostUnsorted) EndUnsorted();
    }

    /// <summary>Every fact, in the order of facts.</summary>
    public IEnumerable<Fact> InOrder()
    {
        EndUnsorted();
        NewRun();
        spool.Flush();
        var next = new PriorityQueue<BinaryReader, Fact>();
        for (var i = 0; i + 1 < starts.Count; i++)
        {
            var section = new BufferedStream(new Section(spool.SafeFileHandle, starts[i], starts[i + 1]), PieceBytes);
            Enter(new BinaryReader(section, Fact.Encoding));
        }
        while (next.TryDequeue(out var reader, out var fact))
        {
            yield return fact;
            Enter(reader);
        }

        void Enter(BinaryReader reader)
        {
            if (Fact.Read(reader) is { } fact) next.Enqueue(reader, fact);
            else reader.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await spool.DisposeAsync();
    }

    private void EndUnsorted()
    {
        if (unsorted.Count == 0) return;
        unsorted.Sort();
        var run = NewRun();
        foreach (var fact in unsorted) fact.Write(run);
        unsorted.Clear();
    }

    /// <summary>A part of a file, with a place of its own in it.</summary>
    private sealed class Section(SafeFileHandle file, long at, long end) : Stream
    {
        private long at = at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, end - at)], at);
            at += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
