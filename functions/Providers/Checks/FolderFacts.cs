using System.Globalization;
using System.Text;
using IntegrationPoints.Engine.Checks;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Providers.LoadFile;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.Checks;

/// <summary>Lists the files below a base folder as facts: from the staging area, or from the inventory of a client that staged only some of them.</summary>
internal sealed class FolderFacts(Blobs blobs)
{
    private const int LongestLine = 16 * 1024;

    /// <summary>Adds a fact for each file but the load files themselves.</summary>
    public async Task AddAsync(Check check, FrozenLoadFile frozen, FactMerge merge, CancellationToken cancellationToken)
    {
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { frozen.File };
        if (check.ImageFile is { } images) own.Add(images);
        if (check.Inventory is { } inventory)
        {
            await foreach (var (path, bytes) in LinesAsync(inventory, cancellationToken)) merge.Add(Of(path, bytes));
            return;
        }
        if (frozen.BaseFolder.Length == 0) return;
        if (await frozen.Files(blobs, []).StartAsync(cancellationToken) is { } package)
        {
            foreach (var (path, bytes) in package.Files().Where(f => IsBelow($"{package.Package.Path}/{f.Path}")))
                merge.Add(Of($"{package.Package.Path}/{path}"[frozen.BaseFolder.Length..], bytes));
            return;
        }
        await foreach (var blob in Blobs.ListAsync(blobs.Staging, frozen.BaseFolder, cancellationToken))
            if (!own.Contains(blob.Name) && !IsExported(blob.Name)) merge.Add(Of(blob.Name[frozen.BaseFolder.Length..], blob.Bytes));

        // What jobs exported is no delivery, and shown to nobody who did not name it.
        bool IsExported(string path) => ExportFolder.Holds(check.Job.Point.Workspace, path) && !ExportFolder.Holds(check.Job.Point.Workspace, frozen.BaseFolder.TrimEnd('/'));

        bool IsBelow(string path) => path.StartsWith(frozen.BaseFolder, StringComparison.OrdinalIgnoreCase) && !own.Contains(path);
    }

    private static Fact Of(string path, long bytes) => new(FactKind.File, path.ToUpperInvariant(), 0, bytes, 0, 0, path);

    // A line that is none is passed over: the inventory is a client's, and says nothing that anything depends on but orphans.
    private async IAsyncEnumerable<(string Path, long Bytes)> LinesAsync(
        string inventory, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await Blobs.FindAsync(blobs.Staging, inventory, cancellationToken) is not { } blob) yield break;
        await using var stream = await Blobs.OpenRangeAsync(blobs.Staging, blob.Name, 0, null, blob.ETag, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await ReadLineAsync(reader, cancellationToken) is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0 && long.TryParse(line.AsSpan(0, tab), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) yield return (line[(tab + 1)..], bytes);
        }
    }

    // As StreamReader.ReadLine, but a line without an end does not fill the memory.
    private static async ValueTask<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var buffer = new char[1];
        while (await reader.ReadAsync(buffer, cancellationToken) > 0)
        {
            if (buffer[0] == '\n') return line.ToString().TrimEnd('\r');
            if (line.Length < LongestLine) line.Append(buffer[0]);
        }
        return line.Length == 0 ? null : line.ToString();
    }
}
