using System.Text;

namespace IntegrationPoints.Providers.WorkspaceRecords;

/// <summary>A line, and what it is ordered by.</summary>
/// <param name="Key">Bytes that are compared as they are; no two lines have the same.</param>
/// <param name="Line">The line.</param>
internal readonly record struct KeyedLine(byte[] Key, byte[] Line);

/// <summary>
/// Puts lines in the order of their keys, however many there are: so many as fit into memory are sorted and spilled to a file of this machine, and
/// the files are merged.
/// </summary>
/// <param name="most">How many lines a run has at most.</param>
internal sealed class SortedRuns(int most) : IDisposable
{
    // Keys and lines of a run; smaller than the number of lines makes it when keys are long.
    private const int MostBytes = 32 * 1024 * 1024;

    private readonly List<KeyedLine> run = [];
    private readonly List<FileStream> spilled = [];
    private long bytes;

    /// <summary>One line more.</summary>
    public void Add(KeyedLine line)
    {
        run.Add(line);
        bytes += line.Key.Length + line.Line.Length;
        if (run.Count >= most || bytes >= MostBytes) Spill();
    }

    /// <summary>The lines in order, once.</summary>
    public IEnumerable<byte[]> Merge()
    {
        Sort();
        var runs = new PriorityQueue<IEnumerator<KeyedLine>, byte[]>(KeyOrder.Comparer);
        foreach (var lines in spilled.Select(Read).Append(run))
        {
            var next = lines.GetEnumerator();
            if (next.MoveNext()) runs.Enqueue(next, next.Current.Key);
        }
        while (runs.TryDequeue(out var first, out _))
        {
            yield return first.Current.Line;
            if (first.MoveNext()) runs.Enqueue(first, first.Current.Key);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in spilled) file.Dispose();
    }

    private void Sort() => run.Sort((a, b) => KeyOrder.Comparer.Compare(a.Key, b.Key));

    private void Spill()
    {
        Sort();
        var file = TempFile.Create();
        spilled.Add(file);
        using (var output = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var (key, line) in run)
            {
                output.Write7BitEncodedInt(key.Length);
                output.Write(key);
                output.Write7BitEncodedInt(line.Length);
                output.Write(line);
            }
        }
        file.Position = 0;
        run.Clear();
        bytes = 0;
    }

    private static IEnumerable<KeyedLine> Read(FileStream file)
    {
        using var input = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        var length = file.Length;
        while (file.Position < length)
        {
            var key = input.ReadBytes(input.Read7BitEncodedInt());
            yield return new KeyedLine(key, input.ReadBytes(input.Read7BitEncodedInt()));
        }
    }

    private sealed class KeyOrder : IComparer<byte[]>
    {
        public static KeyOrder Comparer { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
