using System.Globalization;

namespace IntegrationPoints.LoadGen;

/// <summary>One generated document: the values of its cells and the contents of its files.</summary>
internal sealed class GeneratedDocument
{
    // "Dates in several formats": each is read as US English (import of dates, table of formats).
    private static readonly string[] DateFormats = ["M/d/yyyy h:mm tt", "MM/dd/yyyy", "yyyy-MM-dd HH:mm:ss", "yyyyMMdd", "d-MMM-yyyy", "M/d/yyyy H:mm"];

    private static readonly DateTime FirstDay = new(2019, 1, 2, 8, 0, 0, DateTimeKind.Unspecified);

    public required string Identifier { get; init; }

    public required string Group { get; init; }

    public required string Parent { get; init; }

    public required string Custodian { get; init; }

    public required string Type { get; init; }

    public required string Extension { get; init; }

    public required string Title { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Sent { get; init; }

    public required string Modified { get; init; }

    public required string Pages { get; init; }

    public required string Score { get; init; }

    public required string Amount { get; init; }

    public required string Responsive { get; init; }

    public required string Issues { get; init; }

    public required string Notes { get; init; }

    public required string Folder { get; init; }

    /// <summary>Extracted text with \n.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the native holds.</summary>
    public string Native { get; init; } = "";

    /// <summary>The document of this number.</summary>
    /// <param name="seed">Chooses everything.</param>
    /// <param name="number">From 1.</param>
    /// <param name="parent">The number of the first of its family; its own when it is that.</param>
    /// <param name="prose">Running text to cut from.</param>
    /// <param name="options">What is wanted.</param>
    public static GeneratedDocument Make(ulong seed, int number, int parent, string prose, GeneratorOptions options)
    {
        var family = Dice.For(seed, (ulong)parent * 2);
        var own = Dice.For(seed, (ulong)number * 2 + 1);
        var person = family.Below(Words.People.Length);
        var subject = $"{family.Pick(Words.Subjects)} {family.Below(90) + 10}";
        var sent = FirstDay.AddMinutes(family.Below(3 * 365 * 24 * 60));
        var folder = family.Pick(Words.Folders);
        var isParent = parent == number;
        var (type, extension) = isParent ? ("E-Mail", ".eml") : own.Pick(Words.Attachments);
        var text = Cut(prose, options.BytesPerText, ref own);
        return new GeneratedDocument
        {
            Identifier = NameOf(number),
            Group = NameOf(parent),
            Parent = isParent ? "" : NameOf(parent),
            Custodian = Words.People[person],
            Type = type,
            Extension = extension,
            Title = isParent ? subject : $"{subject}, {type.ToLowerInvariant()} {number - parent}",
            From = Words.Addresses[person],
            To = string.Join("; ", Enumerable.Range(1, own.Below(3) + 1).Select(n => Words.Addresses[(person + n) % Words.Addresses.Length])),
            Sent = isParent ? Write(sent, own.Pick(DateFormats)) : "",
            Modified = Write(sent.AddHours(-own.Below(2000)), own.Pick(DateFormats)),
            Pages = (own.Below(40) + 1).ToString(CultureInfo.InvariantCulture),
            Score = (own.Below(1001) / 1000m).ToString("0.000", CultureInfo.InvariantCulture),
            Amount = own.Chance(30) ? (own.Below(5_000_000) / 100m).ToString("0.00", CultureInfo.InvariantCulture) : "",
            Responsive = own.Pick(["Yes", "No", "Y", "N", "1", "0", ""]),
            Issues = string.Join(';', Enumerable.Range(0, own.Below(4)).Select(_ => own.Pick(Words.Issues)).Distinct()),
            Notes = own.Chance(40) ? Cut(prose, 240, ref own) : "",
            Folder = $@"{Words.People[person]}\{folder}",
            Text = options.Text is TextPlace.None ? "" : $"{subject} — {Words.People[person]}\n{text}\n",
            Native = options.Natives ? Contents(extension, subject, Words.Addresses[person], Cut(prose, 600, ref own)) : "",
        };
    }

    /// <summary>The identifier of the document of this number.</summary>
    public static string NameOf(int number) => number.ToString("'DOC'00000000", CultureInfo.InvariantCulture);

    private static string Write(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Cut(string prose, int length, ref Dice dice)
    {
        var wanted = Math.Max(1, length - length / 4 + dice.Below(length / 2 + 1));
        return prose.Substring(dice.Below(prose.Length - wanted), wanted);
    }

    private static string Contents(string extension, string subject, string from, string body) => extension switch
    {
        ".eml" => $"From: {from}\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
        ".csv" => $"item,remark\r\n1,{subject}\r\n2,\"{body.Replace("\n", " ", StringComparison.Ordinal)}\"\r\n",
        ".htm" => $"<!doctype html><title>{subject}</title><p>{body}</p>\n",
        ".rtf" => $@"{{\rtf1\ansi {body}}}",
        _ => $"{subject}\n\n{body}\n",
    };
}
