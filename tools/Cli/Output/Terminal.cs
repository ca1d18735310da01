using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace IntegrationPoints.Cli.Output;

/// <summary>
/// Where a command writes. People get sentences and tables on standard output, and progress on standard error. Programs
/// (<c>--output json</c>) get one JSON document, or one a line for lists, on standard output, and nothing else there.
/// </summary>
internal sealed class Terminal
{
    // What a table for people holds at most; beyond it they want a file.
    private const int MostRows = 200;

    // What a redirected table may be wide: Spectre would break lines at 80.
    private const int RedirectedWidth = 240;

    /// <summary>How values are written for programs: as the API has them, letters as letters.</summary>
    public static readonly JsonSerializerOptions JsonFormat = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option that every command has.</summary>
    public static readonly Option<string> OutputOption = CreateOutputOption();

    private readonly IAnsiConsole _out = Create(Console.Out, Console.IsOutputRedirected);

    private Terminal(bool json) => Json = json;

    /// <summary>Whether a program reads standard output.</summary>
    public bool Json { get; }

    /// <summary>Standard error, for progress and remarks.</summary>
    public IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    /// <summary>Whether somebody watches standard error.</summary>
    public bool IsWatched => Error.Profile.Capabilities.Interactive && !Console.IsErrorRedirected;

    /// <summary>The terminal of a command.</summary>
    public static Terminal Of(ParseResult arguments) => new(arguments.GetValue(OutputOption) == "json");

    /// <summary>A document for programs; for people what <paramref name="words"/> says.</summary>
    public void Show<T>(T document, string words)
    {
        if (Json) Line(document);
        else Say(words);
    }

    /// <summary>A line of JSON, written in either mode.</summary>
    public static void Line<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, JsonFormat));

    /// <summary>A sentence for people; nothing for programs.</summary>
    public void Say(string words)
    {
        if (!Json) _out.WriteLine(Visible(words));
    }

    /// <summary>What is being done, on standard error, for people.</summary>
    public void Progress(string words)
    {
        if (!Json) Error.WriteLine(Visible(words));
    }

    /// <summary>A remark on standard error, for both.</summary>
    public void Remark(string words) => Error.WriteLine(Visible(words));

    /// <summary>A list: a JSON line each for programs, a table for people.</summary>
    public async Task ListAsync(IAsyncEnumerable<JsonElement> items, string none, params Cell[] columns)
    {
        if (Json)
        {
            await LinesAsync(items.Select(item => JsonSerializer.Serialize(item, JsonFormat)));
            return;
        }
        var rows = await items.Take(MostRows + 1).Select(item => columns.Select(column => column.Text(item)).ToArray()).ToListAsync();
        if (rows.Count == 0) Say(none);
        else Table([.. columns.Select(column => column.Title)], rows.Take(MostRows));
        if (rows.Count > MostRows) Progress($"These are the first {MostRows}; --output json gives all of them.");
    }

    /// <summary>JSON lines, in either mode.</summary>
    public static async Task LinesAsync(IAsyncEnumerable<string> lines)
    {
        // The console's own writer would write line by line.
        await using var writer = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
        await foreach (var line in lines) await writer.WriteLineAsync(line);
    }

    /// <summary>One thing of the API: its JSON for programs, a table of its plain properties for people.</summary>
    public void ShowProperties(JsonElement item)
    {
        if (Json) Line(item);
        else Table(["Property", "Value"], item.EnumerateObject().Select(own => (string[])[own.Name, Cell.TextOf(item, own.Name)]));
    }

    /// <summary>A table for people.</summary>
    public void Table(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        foreach (var title in titles) table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))));
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Visible(cell))));
        _out.Write(table);
    }

    /// <summary>
    /// Text for a terminal: control characters of hostile values are made visible, so that none moves the cursor or changes colours. Line breaks
    /// stay.
    /// </summary>
    public static string Visible(string text)
        => text.Any(char.IsControl) ? string.Concat(text.Select(VisibleOf)) : text;

    private static char VisibleOf(char c) => c switch
    {
        '\n' => '\n',
        < ' ' => (char)(0x2400 + c),
        _ when char.IsControl(c) => '\u2423',
        _ => c,
    };

    /// <summary>A number as people read it.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of files as people read it.</summary>
    public static string Files(long number) => number == 1 ? "1 file" : $"{Number(number)} files";

    /// <summary>A size as people read it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024d:0.#} KB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024d * 1024):0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024d * 1024 * 1024):0.##} GB"),
    };

    private static Option<string> CreateOutputOption()
    {
        var option = new Option<string>("--output") { Description = "text for people, json for programs.", Recursive = true };
        option.DefaultValueFactory = _ => "text";
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected) console.Profile.Width = RedirectedWidth;
        return console;
    }
}
