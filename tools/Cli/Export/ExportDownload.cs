using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;

namespace IntegrationPoints.Cli.Export;

/// <summary>Brings the files of an export to a folder of this machine, straight from the storage account.</summary>
internal sealed class ExportDownload(AppClient app, Terminal terminal)
{
    private const int AtOnce = 8;

    /// <summary>Saves load files, natives, texts, images and the manifest below a folder, in the folders that the export gave them.</summary>
    /// <exception cref="CommandException">A file would leave the folder.</exception>
    /// <exception cref="RequestFailedException">The storage account refuses a file.</exception>
    public async Task SaveAsync(string job, string folder, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(folder);
        Directory.CreateDirectory(root);
        var (files, bytes) = (0L, 0L);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(app.ListAsync(AppClient.Route($"jobs/{job}/output/files"), cancellationToken), parallel, async (file, cancel) =>
        {
            var written = await SaveAsync(root, file.Deserialize<OutputFile>(Terminal.JsonFormat)!, cancel);
            Interlocked.Increment(ref files);
            Interlocked.Add(ref bytes, written);
        });
        terminal.Progress($"{root}: {Terminal.Files(files)}, {Terminal.Bytes(bytes)}");
    }

    private static async Task<long> SaveAsync(string root, OutputFile file, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(root, file.Path.Replace('\\', Path.DirectorySeparatorChar)));
        if (!path.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new CommandException($"The export names a file outside of its folder: {file.Path}. It was not saved.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Under its name only when it is whole: half a file looks like one.
        var part = path + ".part";
        await using (var local = File.Create(part))
        {
            await new BlobClient(file.Address).DownloadToAsync(local, cancellationToken);
            if (local.Length != file.Bytes) throw new CommandException($"{file.Path} has {Terminal.Number(local.Length)} bytes instead of {Terminal.Number(file.Bytes)}. Save the export again.");
        }
        File.Move(part, path, overwrite: true);
        return file.Bytes;
    }

    /// <summary>A file of an export.</summary>
    /// <param name="Path">Its path from the export folder.</param>
    /// <param name="Bytes">Its size.</param>
    /// <param name="Address">Where it can be read for an hour.</param>
    private sealed record OutputFile(string Path, long Bytes, Uri Address);
}
