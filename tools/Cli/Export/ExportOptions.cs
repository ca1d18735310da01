using System.CommandLine;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Export;

/// <summary>The options that say what load files and files are written, and how: the destination of <c>ip export</c>.</summary>
internal sealed class ExportOptions
{
    private readonly Option<string> _format = OneOf("--format", "The format of the data file.", "dat", "csv", "txt", "html");
    private readonly Option<string> _encoding = Text("--encoding", "name", "Encoding of the data file.", "utf-16");
    private readonly Option<int?> _column = Character("--column", "between cells");
    private readonly Option<int?> _quote = Character("--quote", "around cells, 0 for none");
    private readonly Option<int?> _newline = Character("--newline", "that stands for a line break");
    private readonly Option<int?> _multiValue = Character("--multi-value", "between the values of a cell");
    private readonly Option<int?> _nested = Character("--nested", "between the levels of a choice");
    private readonly Option<bool> _natives = Switch("--natives", "Export natives.");
    private readonly Option<bool> _images = Switch("--images", "Export images.");
    private readonly Option<bool> _textFiles = Switch("--text-files", "Export text as one file for each document; otherwise it stays in its cell.");
    private readonly Option<string> _imageFile = OneOf("--image-file", "The load file of the images.", "opticon", "ipro", "ipro-full-text", "none");
    private readonly Option<string> _imageOutput = OneOf("--image-output", "What the pages of a document become.", "single-page", "multi-page-tiff", "pdf");
    private readonly Option<string[]> _productions = Many("--image-production", "production", "Export the images of this production, by id or name; several in the order of precedence; without it original images.");
    private readonly Option<bool> _originals = Switch("--include-originals", "Export original images of documents that no such production has.");
    private readonly Option<string> _paths = OneOf("--paths", "How paths in load files begin.", "relative", "absolute", "prefix");
    private readonly Option<string?> _prefix = Text("--path-prefix", "text", @"What paths begin with, such as D:\; with --paths prefix.");
    private readonly Option<bool> _nativePath = Switch("--include-native-path", "Write the column FILE_PATH also without --natives.");
    private readonly Option<bool> _leafChoices = Switch("--leaf-choices", "Write the last levels of multiple choices only, not their whole paths.");
    private readonly Option<string> _nameAfter = OneOf("--name-after", "What files are named after.", "identifier", "begin-production-number");
    private readonly Option<bool> _originalName = Switch("--append-original-name", "Append the native's original name.");
    private readonly Option<string> _to = Text("--to", "path", "The folder below the workspace's Export folder.", "");
    private readonly Option<bool> _noFolder = Switch("--no-export-folder", "Write into that folder itself, without a new folder for each job.");
    private readonly Option<bool> _overwrite = Switch("--overwrite-files", "Replace load files and files that are there.");
    private readonly Option<string> _textEncoding = Text("--text-encoding", "name", "Encoding of text files.", "utf-16");
    private readonly Option<string[]> _textFields = Many("--text", "field", "A long text field; of several the first that is not empty is the document's text. Default the extracted text.");
    private readonly Option<string?> _imagePrefix = Text("--image-prefix", "text", "What folders of images begin with.");
    private readonly Option<string?> _nativePrefix = Text("--native-prefix", "text", "What folders of natives begin with.");
    private readonly Option<string?> _textPrefix = Text("--text-prefix", "text", "What folders of text files begin with.");
    private readonly Option<string?> _volumePrefix = Text("--volume-prefix", "text", "What volumes begin with.");
    private readonly Option<int?> _volumeStart = Count("--volume-start", "The number of the first volume.");
    private readonly Option<int?> _volumeDigits = Count("--volume-digits", "To how many digits the numbers of volumes are filled up.");
    private readonly Option<int?> _volumeSize = Count("--volume-max-mb", "How many megabytes a volume holds.");
    private readonly Option<int?> _folderStart = Count("--subdirectory-start", "The number of the first folder of a volume.");
    private readonly Option<int?> _folderDigits = Count("--subdirectory-digits", "To how many digits the numbers of folders are filled up.");
    private readonly Option<int?> _folderFiles = Count("--subdirectory-max-files", "How many files of one kind a folder holds.");
    private readonly Option<bool> _hashFiles = Switch("--hash-files", "Read files that storage copies by itself, so that the manifest has their SHA-256 too.");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All =>
    [
        _format, _encoding, _column, _quote, _newline, _multiValue, _nested, _natives, _images, _textFiles, _imageFile, _imageOutput, _productions, _originals,
        _paths, _prefix, _nativePath, _leafChoices, _nameAfter, _originalName, _to, _noFolder, _overwrite, _textEncoding, _textFields, _imagePrefix, _nativePrefix,
        _textPrefix, _volumePrefix, _volumeStart, _volumeDigits, _volumeSize, _folderStart, _folderDigits, _folderFiles, _hashFiles,
    ];

    /// <summary>What a command line says with them.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public ExportSettings Read(ParseResult arguments)
    {
        var defaults = new ExportSettings();
        return defaults with
        {
            DataFormat = Enum.Parse<DataFormat>(arguments.GetRequiredValue(_format), ignoreCase: true),
            Delimiters = Delimiters(arguments),
            Encoding = arguments.GetRequiredValue(_encoding),
            Natives = arguments.GetValue(_natives),
            Images = arguments.GetValue(_images),
            TextFiles = arguments.GetValue(_textFiles),
            ImageFile = arguments.GetRequiredValue(_imageFile) switch
            {
                "ipro" => ImageFileFormat.Ipro,
                "ipro-full-text" => ImageFileFormat.IproFullText,
                "none" => ImageFileFormat.None,
                _ => ImageFileFormat.Opticon,
            },
            ImageOutput = arguments.GetRequiredValue(_imageOutput) switch
            {
                "multi-page-tiff" => ImageOutput.MultiPageTiff,
                "pdf" => ImageOutput.Pdf,
                _ => ImageOutput.SinglePage,
            },
            Productions = arguments.GetValue(_productions) ?? [],
            IncludeOriginals = arguments.GetValue(_originals),
            Paths = arguments.GetRequiredValue(_paths) switch { "absolute" => PathStyle.Absolute, "prefix" => PathStyle.Prefix, _ => PathStyle.Relative },
            PathPrefix = arguments.GetValue(_prefix),
            IncludeNativePath = arguments.GetValue(_nativePath),
            NestedChoices = !arguments.GetValue(_leafChoices),
            NameAfter = arguments.GetRequiredValue(_nameAfter) == "identifier" ? FileNaming.Identifier : FileNaming.BeginProductionNumber,
            AppendOriginalName = arguments.GetValue(_originalName),
            Folder = arguments.GetRequiredValue(_to),
            CreateFolder = !arguments.GetValue(_noFolder),
            Overwrite = arguments.GetValue(_overwrite),
            TextEncoding = arguments.GetRequiredValue(_textEncoding),
            TextPrecedence = arguments.GetValue(_textFields) ?? [],
            ImagePrefix = arguments.GetValue(_imagePrefix) ?? defaults.ImagePrefix,
            NativePrefix = arguments.GetValue(_nativePrefix) ?? defaults.NativePrefix,
            TextPrefix = arguments.GetValue(_textPrefix) ?? defaults.TextPrefix,
            Volume = Volume(arguments, defaults.Volume),
            Subdirectory = Subdirectory(arguments, defaults.Subdirectory),
            HashFiles = arguments.GetValue(_hashFiles),
        };
    }

    private VolumeSettings Volume(ParseResult arguments, VolumeSettings defaults) => new()
    {
        Prefix = arguments.GetValue(_volumePrefix) ?? defaults.Prefix,
        Start = arguments.GetValue(_volumeStart) ?? defaults.Start,
        Digits = arguments.GetValue(_volumeDigits) ?? defaults.Digits,
        MaxMegabytes = arguments.GetValue(_volumeSize) ?? defaults.MaxMegabytes,
    };

    private SubdirectorySettings Subdirectory(ParseResult arguments, SubdirectorySettings defaults) => new()
    {
        Start = arguments.GetValue(_folderStart) ?? defaults.Start,
        Digits = arguments.GetValue(_folderDigits) ?? defaults.Digits,
        MaxFiles = arguments.GetValue(_folderFiles) ?? defaults.MaxFiles,
    };

    // The characters of dat and csv are those of their kind: naming others makes it a txt, or an error.
    private Delimiters? Delimiters(ParseResult arguments)
    {
        int?[] given = [arguments.GetValue(_column), arguments.GetValue(_quote), arguments.GetValue(_newline), arguments.GetValue(_multiValue), arguments.GetValue(_nested)];
        if (given.All(c => c is null)) return null;
        if (arguments.GetRequiredValue(_format) != "txt")
            throw new UsageException("--column, --quote, --newline, --multi-value and --nested are for --format txt; other formats have characters of their own.");
        var defaults = new Delimiters();
        return new Delimiters
        {
            Column = given[0] ?? defaults.Column,
            Quote = given[1] ?? defaults.Quote,
            Newline = given[2] ?? defaults.Newline,
            MultiValue = given[3] ?? defaults.MultiValue,
            Nested = given[4] ?? defaults.Nested,
        };
    }

    private static Option<string> Text(string name, string help, string description, string value)
        => new(name) { Description = description, HelpName = help, DefaultValueFactory = _ => value };

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    private static Option<string[]> Many(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    private static Option<int?> Count(string name, string description) => new(name) { Description = description, HelpName = "n" };

    private static Option<int?> Character(string name, string use) => new(name) { Description = $"Code of the character {use}; with --format txt.", HelpName = "code" };

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
