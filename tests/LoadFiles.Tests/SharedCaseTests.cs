using System.Text.Json;

namespace IntegrationPoints.LoadFiles.Tests;

/// <summary>The shared tables of cases and the shared real load files.</summary>
public class SharedCaseTests
{
    [Fact]
    public async Task Record_splitting()
    {
        var wrong = new List<string>();
        foreach (var @case in SharedFiles.Cases("parse_cases.json", "cases"))
        {
            var delimiters = new Delimiters { Column = @case.GetProperty("column").GetInt32(), Quote = @case.GetProperty("quote").GetInt32() };
            var actual = await Reading.RowsAsync(@case.GetProperty("input").GetString()!, delimiters);
            var expected = @case.GetProperty("records").EnumerateArray().ToList();
            var isRight = actual.Count == expected.Count && actual.Zip(expected).All(p => IsRight(p.First, p.Second));
            if (!isRight) wrong.Add($"{@case.GetProperty("name")}: {string.Join(" / ", actual)}");
        }

        Assert.Empty(wrong);
    }

    private static bool IsRight(ReadRow row, JsonElement expected)
    {
        // By the rules, a quote inside a bare cell or behind a closing quote costs the row; the table would keep it.
        var isStray = expected.GetProperty("flags").EnumerateArray().Any(f => f.GetString() == "stray_quote");
        var error = expected.GetProperty("error").GetString();
        return row.Line == expected.GetProperty("line").GetInt64() && error switch
        {
            null when isStray => row.Error == "text-after-quote",
            null => row.Error is null && row.Cells.SequenceEqual(Strings(expected.GetProperty("fields"))),
            // Columns are counted by whoever knows the header.
            "column_count" => row.Error is null,
            _ => row.Error == error.Replace('_', '-'),
        };
    }

    [Fact]
    public async Task Tokenising()
    {
        var wrong = new List<string>();
        foreach (var @case in SharedFiles.Cases("import_tokenising.json", "vectors"))
        {
            if (@case.GetProperty("kind").GetString() != "tokenise" || @case.TryGetProperty("quirk", out var quirk) && quirk.GetBoolean()) continue;
            // The unit test profile trims and is used by no reader.
            Delimiters? delimiters = @case.GetProperty("profile").GetString() switch
            {
                "loadFile" => Reading.Dat,
                "loadFileCsv" => Reading.Csv,
                "caretPipe" => new() { Column = '|', Quote = '^' },
                "opticon" => Reading.Csv with { Quote = 0 },
                _ => null,
            };
            var input = @case.GetProperty("input").GetString()!;
            // There a lone CR or LF ends no record; by the rules it does.
            // And a delimiter at the end begins no cell; by the rules it does.
            if (delimiters is null || input.EndsWith("\",", StringComparison.Ordinal) || input.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n') >= 0) continue;
            var rows = await Reading.RowsAsync(input, delimiters);
            // There a stray quote is passed over in various ways; by the rules it costs the row.
            var isRight = rows.Any(r => r.Error is "text-after-quote")
                || rows.Select(r => string.Join('\0', r.Cells)).SequenceEqual(@case.GetProperty("expected").EnumerateArray().Select(e => string.Join('\0', Strings(e))));
            if (!isRight) wrong.Add($"{@case.GetProperty("id")} {JsonSerializer.Serialize(input)}: {string.Join(" / ", rows)}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Marks_win_over_what_was_said()
    {
        foreach (var row in SharedFiles.Cases("import_tokenising.json", "vectors").Where(r => r.GetProperty("kind").GetString() == "encoding"))
        {
            var file = Convert.FromHexString(row.GetProperty("bytesHex").GetString()!);
            var found = await EncodingDetector.DetectAsync(new MemoryStream(file), row.GetProperty("chosen").GetString(), TestContext.Current.CancellationToken);
            Assert.Equal(row.GetProperty("expected").GetString(), found.Encoding.WebName);
            Assert.NotNull(found.Warning);
        }
    }

    [Fact]
    public async Task Real_files()
    {
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedFiles.Find("data/manifest.json"), TestContext.Current.CancellationToken));
        var wrong = new List<string>();
        foreach (var entry in manifest.RootElement.EnumerateArray().Where(e => e.GetProperty("kind").GetString() == "doc"))
        {
            var problem = await ProblemOfAsync(entry);
            if (problem is not null) wrong.Add($"{entry.GetProperty("f")}: {problem}");
        }

        Assert.Empty(wrong);
    }

    private static async Task<string?> ProblemOfAsync(JsonElement entry)
    {
        var file = await File.ReadAllBytesAsync(SharedFiles.Find("data/" + entry.GetProperty("f").GetString()), TestContext.Current.CancellationToken);
        var encoding = await EncodingDetector.DetectAsync(new MemoryStream(file), null, TestContext.Current.CancellationToken);
        var measured = entry.GetProperty("measured");
        var expectedEncoding = measured.GetProperty("encoding").GetString();
        if (!encoding.Encoding.WebName.StartsWith(expectedEncoding!.Replace("cp1252", "windows-1252").Replace("-le", ""), StringComparison.Ordinal))
            return $"{encoding.Encoding.WebName}, not {expectedEncoding}";
        var format = new LoadFileFormat
        {
            Encoding = encoding.Encoding,
            PreambleLength = encoding.PreambleLength,
            Delimiters = new() { Column = Code(entry, "col"), Quote = Code(entry, "q") },
        };
        var rows = await Reading.RowsAsync(file, format);
        var names = entry.GetProperty("hdr").GetBoolean() && rows[0].Error is null ? HeaderNames.From(rows[0].Cells, 0) : null;
        if (entry.GetProperty("hdr").GetBoolean()) rows.RemoveAt(0);
        if (rows.Count != measured.GetProperty("records").GetInt32()) return $"{rows.Count} rows";
        var columns = measured.GetProperty("columns").GetInt32();
        var known = measured.GetProperty("errors").EnumerateArray().Select(e => e[0].GetInt64()).ToHashSet();
        var bad = rows.FirstOrDefault(r => !known.Contains(r.Line) && (r.Error is not null || r.Cells.Length != columns));
        if (bad is not null) return bad.ToString();
        return names is null || names.SequenceEqual(HeaderNames.From([.. Strings(measured.GetProperty("column_names"))], 0))
            ? null
            : string.Join('|', names);
    }

    private static int Code(JsonElement entry, string name) => int.Parse(entry.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Strings(JsonElement list) => list.EnumerateArray().Select(e => e.GetString()!);
}
