using System.Text.Json;

namespace IntegrationPoints.LoadGen;

/// <summary>
/// Writes document load files with families, single and multiple choices with nesting, dates in several formats, long text with line breaks,
/// natives and extracted text. One document is held at a time, whatever the number.
/// </summary>
public static class LoadFileGenerator
{
    /// <summary>The column that names a document.</summary>
    public const string IdentifierColumn = "Control Number";

    /// <summary>The column of the natives' paths.</summary>
    public const string NativeColumn = "Native Path";

    /// <summary>The column of the text files' paths.</summary>
    public const string TextPathColumn = "Text Path";

    /// <summary>The column of the text itself.</summary>
    public const string TextColumn = "Extracted Text";

    /// <summary>The column of the folder paths.</summary>
    public const string FolderColumn = "Folder Path";

    private const int FilesPerFolder = 500;

    // A row in which long text keeps its line breaks inside the quotes, as some exporters write it.
    private const int BareBreaksEvery = 16;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    private static readonly (string Name, string Type, int? Length)[] Fields =
    [
        (IdentifierColumn, "fixed-length-text", 255), ("Group Identifier", "fixed-length-text", 255), ("Parent Document", "fixed-length-text", 255),
        ("Custodian", "single-choice", null), ("Document Type", "single-choice", null), ("Title", "fixed-length-text", 255),
        ("Email From", "fixed-length-text", 255), ("Email To", "long-text", null), ("Date Sent", "date", null), ("Date Modified", "date", null),
        ("Pages", "whole-number", null), ("Score", "decimal", null), ("Amount", "currency", null), ("Responsive", "yes-no", null),
        ("Issues", "multiple-choice", null), ("Notes", "long-text", null),
    ];

    /// <summary>
    /// Writes the load file, the files it names, its schema, and what an import must make of it (<c>expected.json</c>) into a folder, which is made
    /// when it is not there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of <paramref name="options"/> makes no sense.</exception>
    public static async Task<GeneratedSet> WriteAsync(GeneratorOptions options, string directory, CancellationToken cancellationToken = default)
    {
        Refuse(options.Documents < 1, "A load file needs at least one document.");
        Refuse(options.BytesPerText < 1, "A text needs at least one byte.");
        Refuse(options.BadRows < 0 || options.BadRows > options.Documents / 3, "From none to a third of the documents can be bad.");
        Directory.CreateDirectory(directory);
        var schema = Path.Combine(directory, "schema.json");
        await File.WriteAllTextAsync(schema, Schema(), cancellationToken);
        var loadFile = Path.Combine(directory, options.FileName);
        var bad = await WriteRowsAsync(options, directory, loadFile, cancellationToken);
        var expected = JsonSerializer.Serialize(new { options.Documents, badRows = bad }, Json) + "\n";
        await File.WriteAllTextAsync(Path.Combine(directory, "expected.json"), expected, cancellationToken);
        return new GeneratedSet(loadFile, schema, options.Documents, bad, ImportOptions(options));
    }

    private static void Refuse(bool impossible, string why)
    {
        if (impossible) throw new ArgumentOutOfRangeException(paramName: null, why);
    }

    private static async Task<List<BadRow>> WriteRowsAsync(
        GeneratorOptions options, string directory, string loadFile, CancellationToken cancellationToken)
    {
        var prose = Words.Prose(Math.Max(1 << 16, options.BytesPerText * 4));
        var columns = Columns(options);
        var kinds = BadRowKind.All.Where(kind => options.Natives || !kind.NeedsNatives).ToList();
        var bad = new List<BadRow>(options.BadRows);
        var folders = new HashSet<string>();
        await using var file = new FileStream(loadFile, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        await using var rows = new RowWriter(file);
        rows.Write(columns);
        for (int number = 1, parent = 1, last = 0; number <= options.Documents; number++)
        {
            if (number > last) (parent, last) = (number, number + Dice.For(options.Seed, (ulong)number * 2).Below(5));
            var document = GeneratedDocument.Make(options.Seed, number, parent, prose, options);
            await WriteFilesAsync(options, directory, number, document, folders, cancellationToken);
            var cells = Cells(options, number, document);
            BadRowKind? kind = null;
            if (bad.Count < options.BadRows && number == BadNumber(options, bad.Count))
            {
                kind = kinds[bad.Count % kinds.Count];
                kind.Spoil(cells, columns.IndexOf, GeneratedDocument.NameOf(number - 1));
                bad.Add(new BadRow(rows.Line, cells[0], kind.Code, kind.Reason));
            }
            rows.Write(cells, number % BareBreaksEvery == 0, kind?.Code == "text-after-quote" ? columns.IndexOf("Title") : -1);
        }
        return bad;
    }

    // Evenly spread, with at least one good row before each: one in three at most.
    private static int BadNumber(GeneratorOptions options, int index) => (int)((index + 1L) * options.Documents / (options.BadRows + 1)) + 1;

    private static async Task WriteFilesAsync(
        GeneratorOptions options, string directory, int number, GeneratedDocument document, HashSet<string> folders, CancellationToken cancellationToken)
    {
        if (options.Natives) await WriteAsync(NativePath(number, document), document.Native);
        if (options.Text is TextPlace.File) await WriteAsync(TextPath(number, document), document.Text);

        async Task WriteAsync(string path, string contents)
        {
            var local = Path.Combine(directory, path.Replace('\\', Path.DirectorySeparatorChar));
            var folder = Path.GetDirectoryName(local)!;
            if (folders.Add(folder)) Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(local, contents, cancellationToken);
        }
    }

    private static string NativePath(int number, GeneratedDocument document)
        => $@"NATIVES\{number / FilesPerFolder + 1:d4}\{document.Identifier}{document.Extension}";

    private static string TextPath(int number, GeneratedDocument document)
        => $@"TEXT\{number / FilesPerFolder + 1:d4}\{document.Identifier}.txt";

    private static List<string> Columns(GeneratorOptions options)
    {
        var columns = Fields.Select(field => field.Name).Append(FolderColumn).ToList();
        if (options.Natives) columns.Add(NativeColumn);
        if (options.Text is TextPlace.File) columns.Add(TextPathColumn);
        if (options.Text is TextPlace.Cell) columns.Add(TextColumn);
        return columns;
    }

    private static List<string> Cells(GeneratorOptions options, int number, GeneratedDocument document)
    {
        List<string> cells =
        [
            document.Identifier, document.Group, document.Parent, document.Custodian, document.Type, document.Title, document.From, document.To,
            document.Sent, document.Modified, document.Pages, document.Score, document.Amount, document.Responsive, document.Issues, document.Notes,
            document.Folder,
        ];
        if (options.Natives) cells.Add(NativePath(number, document));
        if (options.Text is TextPlace.File) cells.Add(@".\" + TextPath(number, document));
        if (options.Text is TextPlace.Cell) cells.Add(document.Text);
        return cells;
    }

    private static List<string> ImportOptions(GeneratorOptions options)
    {
        List<string> arguments = ["--identifier", IdentifierColumn, "--folder", FolderColumn];
        if (options.Natives) arguments.AddRange(["--native-path", NativeColumn]);
        if (options.Text is TextPlace.File) arguments.AddRange(["--text", TextPathColumn, "--text-is-path"]);
        if (options.Text is TextPlace.Cell) arguments.AddRange(["--text", TextColumn]);
        return arguments;
    }

    private static string Schema() => JsonSerializer.Serialize(
        new { identifier = IdentifierColumn, fields = Fields.Select(field => Entry(field.Name, field.Type, field.Length)) }, Json) + "\n";

    private static Dictionary<string, object> Entry(string name, string type, int? length)
    {
        var entry = new Dictionary<string, object> { ["name"] = name, ["type"] = type };
        if (length is { } characters) entry["length"] = characters;
        return entry;
    }
}
