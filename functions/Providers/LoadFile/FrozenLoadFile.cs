using System.Globalization;
using System.Text;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>What the check found of a load file, kept with the job so that every batch reads the same thing the same way.</summary>
internal sealed record FrozenLoadFile(
    string File, string BaseFolder, string ETag, long Bytes, int CodePage, int Preamble, long DataOffset, long DataLine)
{
    public Encoding Encoding => EncodingDetector.Find(CodePage.ToString(CultureInfo.InvariantCulture))!;

    /// <summary>All records as one batch.</summary>
    public BatchPlan Whole => new() { Index = 0, Offset = DataOffset, Length = Bytes - DataOffset, FirstLine = DataLine };

    public LoadFileFormat Format(LoadFileSettings settings) => new()
    {
        Encoding = Encoding,
        PreambleLength = Preamble,
        Delimiters = LoadFileCheck.Delimiters(settings),
        HasHeader = settings.HasHeader,
        MaxRecordBytes = settings.MaxRecordBytes,
    };

    public Dictionary<string, string> ToFrozen() => new()
    {
        [nameof(File)] = File,
        [nameof(BaseFolder)] = BaseFolder,
        [nameof(ETag)] = ETag,
        [nameof(Bytes)] = Text(Bytes),
        [nameof(CodePage)] = Text(CodePage),
        [nameof(Preamble)] = Text(Preamble),
        [nameof(DataOffset)] = Text(DataOffset),
        [nameof(DataLine)] = Text(DataLine),
    };

    public static FrozenLoadFile From(SourceLayout layout)
    {
        var frozen = layout.Frozen;
        return new FrozenLoadFile(
            frozen[nameof(File)], frozen[nameof(BaseFolder)], frozen[nameof(ETag)], Number(nameof(Bytes)), (int)Number(nameof(CodePage)),
            (int)Number(nameof(Preamble)), Number(nameof(DataOffset)), Number(nameof(DataLine)));
        long Number(string name) => long.Parse(frozen[name], CultureInfo.InvariantCulture);
    }

    /// <summary>The folder in which relative paths of a load file start, with a slash at its end.</summary>
    public static string FolderOf(string file, string? baseFolder)
    {
        var folder = baseFolder ?? file[..(file.LastIndexOf('/') + 1)];
        return folder.Length == 0 || folder.EndsWith('/') ? folder : folder + "/";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Turns what storage says about a replaced or vanished file into what the user has to do.</summary>
internal static class Changed
{
    public static async Task<T> GuardAsync<T>(string file, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (BlobChangedException)
        {
            throw Problem(file);
        }
        catch (BlobMissingException)
        {
            throw new ConfigurationException("file-not-found", $"The load file \"{file}\" is no longer in the staging area. Upload it again, then run again.");
        }
    }

    public static ConfigurationException Problem(string file) => new(
        "file-changed",
        $"The load file \"{file}\" was replaced while the job ran. What was transferred until then stays. Run again to import the new file.");
}
