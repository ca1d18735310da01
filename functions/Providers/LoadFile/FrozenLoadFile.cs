using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.LoadFiles;
using IntegrationPoints.Storage;

namespace IntegrationPoints.Providers.LoadFile;

/// <summary>What the check found of a load file, kept with the job so that every batch reads the same thing the same way.</summary>
internal sealed record FrozenLoadFile(
    string File, string BaseFolder, string ETag, long Bytes, int CodePage, int Preamble, long DataOffset, long DataLine)
{
    /// <summary>The blob that holds it, when that is not the file itself: it was unpacked from a package.</summary>
    public string? Unpacked { get; init; }

    /// <summary>The version of the package that is the base folder, or holds it; null: none is.</summary>
    public string? PackageETag { get; init; }

    /// <summary>The blob that is read.</summary>
    public string Blob => Unpacked ?? File;

    /// <summary>Code of the column character.</summary>
    public required int Column { get; init; }

    /// <summary>Code of the quote; 0: none.</summary>
    public required int Quote { get; init; }

    /// <summary>Whether the first row names the columns.</summary>
    public required bool HasHeader { get; init; }

    /// <summary>Blank lines before the first record.</summary>
    public long BlankLines { get; init; }

    public Encoding Encoding => EncodingDetector.Find(CodePage.ToString(CultureInfo.InvariantCulture))!;

    /// <summary>All records as one batch.</summary>
    public BatchPlan Whole => new() { Index = 0, Offset = DataOffset, Length = Bytes - DataOffset, FirstLine = DataLine };

    public LoadFileFormat Format(LoadFileSettings settings) => new()
    {
        Encoding = Encoding,
        PreambleLength = Preamble,
        Delimiters = LoadFileCheck.Delimiters(Column, Quote),
        HasHeader = HasHeader,
        BlanksBeforeQuotes = settings.BlanksBeforeQuotes,
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
        [nameof(Unpacked)] = Unpacked ?? "",
        [nameof(PackageETag)] = PackageETag ?? "",
        [nameof(Column)] = Text(Column),
        [nameof(Quote)] = Text(Quote),
        [nameof(HasHeader)] = HasHeader ? "true" : "false",
        [nameof(BlankLines)] = Text(BlankLines),
    };

    public static FrozenLoadFile From(SourceLayout layout)
    {
        var frozen = layout.Frozen;
        return new FrozenLoadFile(
            frozen[nameof(File)], frozen[nameof(BaseFolder)], frozen[nameof(ETag)], Number(nameof(Bytes)), (int)Number(nameof(CodePage)),
            (int)Number(nameof(Preamble)), Number(nameof(DataOffset)), Number(nameof(DataLine)))
        {
            Unpacked = Optional(nameof(Unpacked)),
            PackageETag = Optional(nameof(PackageETag)),
            Column = (int)Number(nameof(Column)),
            Quote = (int)Number(nameof(Quote)),
            HasHeader = frozen[nameof(HasHeader)] == "true",
            BlankLines = Number(nameof(BlankLines)),
        };
        long Number(string name) => long.Parse(frozen[name], CultureInfo.InvariantCulture);
        string? Optional(string name) => frozen.TryGetValue(name, out var text) && text.Length > 0 ? text : null;
    }

    /// <summary>The folder in which relative paths of a load file start, with a slash at its end.</summary>
    public static string FolderOf(string file, string? baseFolder)
    {
        var folder = baseFolder ?? file[..(file.LastIndexOf('/') + 1)];
        return folder.Length == 0 || folder.EndsWith('/') ? folder : folder + "/";
    }

    /// <summary>Bytes of the file, in the version that was found.</summary>
    /// <exception cref="ConfigurationException"><c>file-changed</c>, <c>file-not-found</c>.</exception>
    public Task<Stream> OpenAsync(Blobs blobs, long offset, long? length, CancellationToken cancellationToken) => Changed.GuardAsync(
        File, () => Blobs.OpenRangeAsync(Container(blobs), Blob, offset, length, ETag, cancellationToken));

    /// <summary>Where <see cref="Blob"/> lies.</summary>
    public BlobContainerClient Container(Blobs blobs) => Unpacked is null ? blobs.Staging : blobs.Jobs;

    /// <summary>Where to look for the files that it refers to.</summary>
    public StagedFiles Files(Blobs blobs, IEnumerable<PathRule> rules)
        => new(blobs, BaseFolder) { Rules = new PathRules(rules), LoadFile = File, PackageETag = PackageETag };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Turns what storage says about a replaced or vanished file into what the user has to do.</summary>
internal static class Changed
{
    public static Task<T> GuardAsync<T>(string file, Func<Task<T>> read) => GuardAsync(read, () => Problem(file), () => new ConfigurationException(
        "file-not-found", $"The load file {Words.QuotePath(file)} is no longer in the staging area. Upload it again, then run again."));

    public static async Task<T> GuardAsync<T>(Func<Task<T>> read, Func<ConfigurationException> changed, Func<ConfigurationException>? missing = null)
    {
        try
        {
            return await read();
        }
        catch (BlobChangedException)
        {
            throw changed();
        }
        catch (BlobMissingException)
        {
            throw (missing ?? changed)();
        }
    }

    public static ConfigurationException Problem(string file) => new(
        "file-changed",
        $"The load file {Words.QuotePath(file)} was replaced while the job ran. What was transferred until then stays. Run again to import the new file.");

    public static ConfigurationException Package(string package) => new(
        "file-changed",
        $"The package {Words.QuotePath(package)} was replaced or removed while the job ran. What was transferred until then stays. Run again to import from the new one.");
}
