using System.Globalization;
using System.Text;
using IntegrationPoints.Providers.Tests.Export;
using IntegrationPoints.Providers.Tests.Images;

namespace IntegrationPoints.Providers.Tests.RoundTrip;

/// <summary>A page of a document, as a line of IPRO LFP says it.</summary>
internal sealed record GeneratedPage(string Id, string File, byte[] Content, int PageOfFile = 0, int Rotation = 0);

/// <summary>A document before it is in a workspace: cells by column, and files.</summary>
internal sealed record GeneratedDocument(string Identifier, Dictionary<string, string> Cells)
{
    public (string Name, byte[] Content)? Native { get; init; }
    public string? Text { get; init; }
    public IReadOnlyList<GeneratedPage> Images { get; init; } = [];
    public IReadOnlyList<GeneratedPage> Produced { get; init; } = [];
}

/// <summary>Documents of a seed: values of all types with what is hard to carry in a load file, blanks, equal names of files, long texts, images.</summary>
internal sealed class GeneratedDocuments(int seed)
{
    /// <summary>Delimiters of the load file that the documents come from: none of them is in a value.</summary>
    public const char Newline = '\u0002', MultiValue = '\u0003', Nested = '\u0004';

    private static readonly string[] Pieces =
    [
        "plain", "and more words", " ", "  ", "Straße Ünïcödé", "€ “quoted” — dash", "日本語の文書", "Жук", "\U0001F600", "\"quotes\"", "'", "a,b", "x;y", "|", "/", "\\", "back\\slash",
        "\t", "\n", "\n\n", "\r\n", "\r", "þorn", "þ", "þþ", "® mark", "¶", "\u0014", "=1+1", "<b>&amp;</b>", "\u00a0", "e\u0301", "\v", "\f", "\u0085", "\u2028", "%41", "\ufeff", "\u001f", "NULL", ",\"", "\",",
    ];

    private static readonly string[] Names = ["Ann Lee", "Bob", "O'Neil, Cy", "Müller & Söhne", "Дарья", "x;y", "a/b", "a|b"];
    private static readonly string[] Levels = ["Hot", "Cold", "Responsive", "Very important", "Überraschung", "日本", "r&d", "a/b", "x;y", "2024"];
    private static readonly string[] Folders = ["", "Mail", @"Mail\In", @"Mail\In\2024", "Straße", @"日本\語", "a_b", "Mail, other"];
    private static readonly string[] Files = ["letter.msg", "LETTER.MSG", "scan.pdf", "no ending", ".hidden", "a.tar.gz", "Bericht Straße.docx", "日本.txt", "100% sure.xls", "a&b;c,d.csv"];

    /// <summary>The addresses of the users that documents name.</summary>
    public static readonly string[] Users = ["ann@example.com", "bob.o'neil@example.com"];

    private readonly Random random = new(seed);

    /// <summary>So many of them.</summary>
    public IReadOnlyList<GeneratedDocument> Make(int count) => [.. Enumerable.Range(0, count).Select(Document)];

    private GeneratedDocument Document(int number)
    {
        var images = number % 2 == 0 ? Pages(number, $"IMG{number:d3}") : [];
        var produced = number % 3 == 0 ? Produced(number) : [];
        var cells = new Dictionary<string, string>
        {
            ["Folder Path"] = One(Folders),
            ["Title"] = Blank() ? "" : Cut(Value(4), 100),
            ["Notes"] = Blank() ? "" : Random(6) == 0 ? Long() : Value(12),
            ["Count"] = Blank() ? "" : One(["0", "-1", "2147483647", "-2147483648", Random(1000).ToString(CultureInfo.InvariantCulture)]),
            ["Amount"] = Blank() ? "" : One(["0", "-0.5", "1234567.890", "0.0000000001", "9999999999999999999999999999"]),
            ["Price"] = Blank() ? "" : One(["1.5", "-20", "1000000.99"]),
            ["Sent"] = Blank() ? "" : One(["1753-01-01 00:00:00", "2024-02-29 23:59:59", "9999-12-31 12:00:01", "2001-02-03 00:00:00"]),
            ["Day"] = Blank() ? "" : One(["1999-12-31", "2024-02-29"]),
            ["Privileged"] = Blank() ? "" : One(["yes", "no"]),
            ["Kind"] = Blank() ? "" : One(Levels),
            ["Tags"] = Blank() ? "" : Many(() => string.Join(Nested, Enumerable.Range(0, 1 + Random(3)).Select(_ => One(Levels)))),
            ["Custodian"] = Blank() ? "" : One(Names),
            ["People"] = Blank() ? "" : Many(() => One(Names)),
            ["Reviewer"] = Blank() ? "" : One(Users),
            ["Bates Beg"] = produced.Count == 0 ? "" : produced[0].Id,
        };
        return new GeneratedDocument(images.Count > 0 ? images[0].Id : Identifier(number), cells)
        {
            Native = Random(4) == 0 ? null : (One(Files), Encoding.UTF8.GetBytes(Random(8) == 0 ? "" : $"native {number} {seed}")),
            Text = Random(4) == 0 ? null : Random(4) == 0 ? Long() : Value(10),
            Images = images,
            Produced = produced,
        };
    }

    private string Identifier(int number) => One(["DOC {0}", "a/b:{0}", "CON.{0}", "Ünï {0}", "x,{0};y", "{0}%41", "日本{0}", "q\"{0}\"", "{0}.msg", "e\u0301 {0}"]).Replace("{0}", number.ToString("d3", CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private List<GeneratedPage> Pages(int number, string first)
    {
        string Id(int page) => page == 0 ? first : $"{first}_{page}";
        switch (number / 2 % 4)
        {
            case 0:
                return [.. Enumerable.Range(0, 1 + Random(3)).Select(p => new GeneratedPage(Id(p), $"{Id(p)}.tif", Pictures.Tiff(number * 10 + p), Rotation: One([0, 0, 90, 270])))];
            case 1:
                return [new(Id(0), $"{first}.tif", Pictures.Tiff(number)), new(Id(1), $"{first}.jpg", TestImages.Jpeg)];
            case 2:
                return [new(Id(0), $"{first}.pdf", TestImages.Pdf(pages: 3))];
            default:
                var pdf = TestImages.Pdf(pages: 2 + Random(2));
                return [.. Enumerable.Range(0, 2).Select(p => new GeneratedPage(Id(p), $"{first}.pdf", pdf, p + 1))];
        }
    }

    // Bates numbers that differ in letters which no name of a file can hold.
    private List<GeneratedPage> Produced(int number)
        => [.. Enumerable.Range(0, 1 + Random(2)).Select(p => new GeneratedPage($"B{"/:*?<>"[number / 3 % 6]}{number / 18}{p}", $"B{number:d3}-{p}.tif", Pictures.Tiff(5000 + number * 10 + p)))];

    private string Value(int most)
    {
        var text = string.Concat(Enumerable.Range(0, 1 + Random(most)).Select(_ => One(Pieces)));
        // What is blank is no value in a load file.
        return string.IsNullOrWhiteSpace(text) ? "word" + text : text;
    }

    private string Long() => string.Concat(Enumerable.Repeat(Value(12) + "\n", 3000));

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private string Many(Func<string> value) => string.Join(MultiValue, Enumerable.Range(0, 1 + Random(3)).Select(_ => value()));

    private bool Blank() => Random(5) == 0;

    private T One<T>(IReadOnlyList<T> values) => values[Random(values.Count)];

    // Nothing secret comes of it: a seed has to come to the same documents.
    private int Random(int most) => random.Next(most);
}
