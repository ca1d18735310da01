using System.CommandLine;
using System.Text.Json;
using IntegrationPoints.Cli.Commands;
using IntegrationPoints.Cli.Output;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;
using IntegrationPoints.LoadFiles;

namespace IntegrationPoints.Cli.Import;

/// <summary>The options that say how a load file is read and written; <c>ip import</c> and <c>ip point create</c> share them.</summary>
internal sealed class ImportOptions
{
    private readonly Option<string> _kind = OneOf("--kind", "What the load file lists.", "document", "image", "production");
    private readonly ImageOptions _images = new();
    private readonly Option<string> _objectType = Verbs.ObjectType();
    private readonly Option<string> _map = Text("--map", "auto|file", "auto, or a JSON file: a list of {source, destination}.", "auto");
    private readonly Option<string> _overwrite = OneOf("--overwrite", "Which records may be touched.", "append", "overlay", "append-overlay");
    private readonly Option<string?> _overlayField = Text("--overlay-field", "name", "The field that names existing records; default the identifier.");
    private readonly Option<string?> _uniqueIdentifier = Text("--unique-identifier", "field", "The field that tells entities apart; default Unique ID where it is mapped, else the full name.");
    private readonly Option<string?> _managerColumn = Text("--manager", "column", "Entities: the column that names each one's manager; other fields are mapped by name.");
    private readonly Option<string> _manager = OneOf("--manager-contains-link", "How the column mapped to Manager names people: as the source refers to them or by unique identifier (yes), by full name (no).", "auto", "yes", "no");
    private readonly Option<string> _multiSelect = OneOf("--multi-select", "How choices are overlaid.", "field-settings", "merge", "replace");
    private readonly Option<string?> _destinationFolder = Text("--destination-folder", "path", @"Where folder paths start; levels separated by \.");
    private readonly Option<bool> _moveExisting = Switch("--move-existing", "Move overlaid documents to their folder path.");
    private readonly Option<int> _column = Character("--column", "between cells", 20);
    private readonly Option<int> _quote = Character("--quote", "around cells, 0 for none", 254);
    private readonly Option<int> _newline = Character("--newline", "that stands for a line break in long text", 174);
    private readonly Option<int> _multiValue = Character("--multi-value", "between the values of a multiple choice", 59);
    private readonly Option<int> _nested = Character("--nested", "between the levels of a choice", 92);
    private readonly Option<string> _encoding = Text("--encoding", "name", "auto, or the name of the load file's encoding.", "auto");
    private readonly Option<bool> _noHeader = Switch("--no-header", "The first line is a record; columns are Column 1, Column 2, …");
    private readonly Option<int> _startLine = new("--start-line") { Description = "The first line to import from.", HelpName = "n" };
    private readonly Option<string?> _identifier = Text("--identifier", "column", "The column that names the record; default the first.");
    private readonly Option<string?> _nativePath = Text("--native-path", "column", "The column that holds the path of the native.");
    private readonly Option<string[]> _pathRules = new("--path-rule")
    {
        Description = @"Where files lie whose paths name a drive or a server, as FROM=>TO: ""D:\Review=>NATIVES"", ""D:\=>"" for the base folder itself.",
        HelpName = "from=>to",
    };

    private readonly Option<bool> _hashFiles = Switch("--hash-files", "Read files that storage copies by itself, so that the manifest has their SHA-256 too.");
    private readonly Option<string?> _text = Text("--text", "column", "The column that holds the extracted text.");
    private readonly Option<bool> _textIsPath = Switch("--text-is-path", "The text column holds the path of a text file.");
    private readonly Option<string?> _textEncoding = Text("--text-encoding", "name", "Encoding of the text files; default detected.");
    private readonly Option<string?> _folder = Text("--folder", "column", "The column that holds the folder path.");
    private readonly Option<string> _culture = Text("--culture", "name", "How dates and numbers are written.", "en-US");
    private readonly Option<bool> _detect = Switch("--detect", "Read the file as it shows itself: encoding, delimiters, header, order of day and month.");
    private readonly ValueOptions _values = new();
    private readonly Option<bool> _createFields = Switch("--create-fields", "Make the fields that the workspace lacks.");
    private readonly Option<string?> _fields = Text("--fields", "file", "JSON file with the types of fields to make; others become long text.");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All =>
    [
        _kind, _objectType, _map, _overwrite, _overlayField, _uniqueIdentifier, _managerColumn, _manager, _multiSelect, _destinationFolder, _moveExisting,
        _column, _quote, _newline, _multiValue, _nested, _encoding, _noHeader, _startLine,
        _identifier, _nativePath, _pathRules, _hashFiles, _text, _textIsPath, _textEncoding, _folder, _culture, _createFields, _fields, _detect, .. _values.All, .. _images.All,
    ];

    /// <summary>What a command line says with them.</summary>
    /// <exception cref="UsageException">They contradict each other, or name something that is not there.</exception>
    public PointSettings Read(ParseResult arguments)
    {
        var delimiters = Delimiters(arguments);
        var encoding = arguments.GetRequiredValue(_encoding);
        RequireEncoding("--encoding", encoding);
        if (arguments.GetValue(_startLine) < 0) throw new UsageException("--start-line is a line number, from 1.");
        return new PointSettings
        {
            ObjectType = arguments.GetRequiredValue(_objectType),
            Encoding = encoding,
            Delimiters = delimiters,
            HasHeader = !arguments.GetValue(_noHeader),
            Detect = arguments.GetValue(_detect),
            StartLine = arguments.GetValue(_startLine),
            Images = _images.Read(arguments, arguments.GetRequiredValue(_kind)),
            Import = _values.Apply(arguments, Import(arguments, delimiters)),
            ManagerColumn = Manager(arguments),
            Mapping = arguments.GetRequiredValue(_map) is var map && map.Equals("auto", StringComparison.OrdinalIgnoreCase)
                ? null
                : ReadJson<List<FieldMapping>>("--map", map, "a list of {\"source\": …, \"destination\": …}"),
        };
    }

    // Fields that refer to objects are never mapped by name; this one is part of every list of people.
    private string? Manager(ParseResult arguments)
    {
        if (arguments.GetValue(_managerColumn) is not { } column) return null;
        if (!arguments.GetRequiredValue(_objectType).Equals(ObjectType.Entity, StringComparison.OrdinalIgnoreCase))
            throw new UsageException("--manager goes with --object-type Entity.");
        return arguments.GetRequiredValue(_map).Equals("auto", StringComparison.OrdinalIgnoreCase)
            ? column
            : throw new UsageException("--manager goes with --map auto; in a file, {\"source\": …, \"destination\": \"Manager\"} says the same.");
    }

    private ImportSettings Import(ParseResult arguments, Delimiters delimiters)
    {
        var text = arguments.GetValue(_text);
        var textIsPath = arguments.GetValue(_textIsPath);
        if (textIsPath && text is null) throw new UsageException("--text-is-path needs --text COLUMN, the column that holds the path.");
        if (arguments.GetValue(_textEncoding) is { } named) RequireEncoding("--text-encoding", named);
        return new ImportSettings
        {
            Overwrite = arguments.GetRequiredValue(_overwrite) switch
            {
                "overlay" => OverwriteMode.OverlayOnly,
                "append-overlay" => OverwriteMode.AppendOverlay,
                _ => OverwriteMode.AppendOnly,
            },
            OverlayField = arguments.GetValue(_overlayField),
            UniqueIdentifier = arguments.GetValue(_uniqueIdentifier),
            ManagerContainsLink = arguments.GetRequiredValue(_manager) switch { "yes" => true, "no" => false, _ => null },
            MultiSelect = arguments.GetRequiredValue(_multiSelect) switch
            {
                "merge" => MultiSelectOverlay.Merge,
                "replace" => MultiSelectOverlay.Replace,
                _ => MultiSelectOverlay.UseFieldSettings,
            },
            IdentifierColumn = arguments.GetValue(_identifier),
            NativeColumn = arguments.GetValue(_nativePath),
            PathRules = [.. (arguments.GetValue(_pathRules) ?? []).Select(PathRule)],
            HashFiles = arguments.GetValue(_hashFiles),
            TextColumn = text,
            TextIsPath = textIsPath,
            TextEncoding = arguments.GetValue(_textEncoding),
            FolderColumn = arguments.GetValue(_folder),
            DestinationFolder = arguments.GetValue(_destinationFolder) ?? "",
            MoveExisting = arguments.GetValue(_moveExisting),
            Culture = arguments.GetRequiredValue(_culture),
            MultiValue = delimiters.MultiValue,
            Nested = delimiters.Nested,
            Newline = delimiters.Newline,
            CreateFields = Schema(arguments),
        };
    }

    private static PathRule PathRule(string text)
    {
        var sign = text.IndexOf("=>", StringComparison.Ordinal);
        if (sign < 0) throw new UsageException($"--path-rule takes FROM=>TO, such as \"D:\\=>\" or \"D:\\Review=>NATIVES\", and not \"{text}\".");
        var rule = new PathRule(text[..sign].Trim(), text[(sign + 2)..].Trim());
        return rule.Problem is { } problem ? throw new UsageException($"--path-rule: {problem}") : rule;
    }

    private FieldSchema? Schema(ParseResult arguments)
    {
        var create = arguments.GetValue(_createFields);
        var identifier = arguments.GetValue(_identifier);
        if (arguments.GetValue(_fields) is not { } file) return create ? new FieldSchema { Identifier = identifier } : null;
        if (!create) throw new UsageException("--fields says which types --create-fields gives; add --create-fields.");
        var schema = ReadJson<FieldSchema>("--fields", file, "{\"identifier\": …, \"fields\": [{\"name\": …, \"type\": …}]}");
        return schema with { Identifier = identifier ?? schema.Identifier, Fields = schema.Fields ?? [] };
    }

    private Delimiters Delimiters(ParseResult arguments)
    {
        var delimiters = new Delimiters
        {
            Column = arguments.GetValue(_column),
            Quote = arguments.GetValue(_quote),
            Newline = arguments.GetValue(_newline),
            MultiValue = arguments.GetValue(_multiValue),
            Nested = arguments.GetValue(_nested),
        };
        return delimiters.Problem is { } problem ? throw new UsageException(problem) : delimiters;
    }

    private static void RequireEncoding(string option, string name)
    {
        if (!name.Equals("auto", StringComparison.OrdinalIgnoreCase) && EncodingDetector.Find(name) is null)
            throw new UsageException($"{option}: there is no encoding named \"{name}\". Names are such as utf-8, utf-16, windows-1252 or shift_jis.");
    }

    private static T ReadJson<T>(string option, string file, string shape)
    {
        if (!File.Exists(file)) throw new UsageException($"{option}: there is no file {file}.");
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), Terminal.JsonFormat) ?? throw new JsonException("It holds null.");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"{option}: {file} is not {shape}. {wrong.Message}");
        }
    }

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<int> Character(string name, string what, int usual)
        => new(name) { Description = $"Code of the character {what}.", HelpName = "code", DefaultValueFactory = _ => usual };

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    private static Option<string?> Text(string name, string value, string description) => new(name) { Description = description, HelpName = value };

    private static Option<string> Text(string name, string value, string description, string usual)
        => new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => usual };
}
