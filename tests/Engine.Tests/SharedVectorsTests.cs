using System.Globalization;
using System.Text.Json;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Records;
using IntegrationPoints.Engine.Values;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Tests;

/// <summary>
/// Cases gathered from other systems, read where they lie beside the checkout. The tables of this project cover every rule without them. A row
/// that records a quirk, or that contradicts the rules' own text, is left out; the latter are listed with the reason.
/// </summary>
public sealed class SharedVectorsTests
{
    private static readonly Dictionary<string, string> TextWins = new()
    {
        ["val-102"] = "parentheses are a minus",
        ["val-151"] = "parentheses are a minus",
        ["val-112"] = "28 digits, not 15",
        ["val-116"] = "nothing is rounded",
        ["val-229"] = "separators stand in the culture's places",
        ["val-230"] = "separators stand in the culture's places",
    };

    [Fact]
    public void Yes_no_and_numbers()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var row in Rows("import_values.json").Where(r => Text(r, "kind") is "boolean" or "integer" or "decimal" && !TextWins.ContainsKey(Text(r, "id")!)))
        {
            if (Text(row, "path") is "Processing") continue;
            var type = Text(row, "kind") switch { "boolean" => FieldType.YesNo, "integer" => FieldType.WholeNumber, _ => FieldType.Decimal };
            var culture = Text(row, "culture") is null or "invariant" ? "" : Text(row, "culture")!;
            var result = Fixtures.Convert(type, Text(row, "input")!, culture);
            var expected = row.TryGetProperty("expected", out var e) && e.ValueKind != JsonValueKind.Null ? e.ToString().ToLowerInvariant() : null;
            var actual = System.Convert.ToString(result.Value, CultureInfo.InvariantCulture)?.ToLowerInvariant();
            if (result.IsError != (Text(row, "outcome") == "error") || (actual is { Length: > 0 } ? actual : null) != expected)
                wrong.Add($"{Text(row, "id")}: {Words.Quote(Text(row, "input"))} in {culture} is {actual} {result.Code}, expected {expected} {Text(row, "outcome")}");
            seen++;
        }
        Same(wrong, seen, 40);
    }

    [Fact]
    public void Fixed_length_text()
    {
        var rows = Rows("import_values.json").Where(r => Text(r, "kind") == "fixedText").ToList();
        foreach (var row in rows)
            Assert.Equal(Text(row, "expected"), Fixtures.Convert(FieldType.FixedLengthText, Text(row, "input")!, length: row.GetProperty("maxLength").GetInt32()).Value);
        Assert.NotEmpty(rows);
    }

    [Fact]
    public void Choices()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var row in Rows("import_choices.json"))
        {
            if (Text(row, "kind") is not ("multiChoice" or "singleChoice" or "splitMulti")) continue;
            var settings = Fixtures.Settings() with
            {
                MultiValue = (Text(row, "multiDelimiter") ?? ";")[0],
                // Splitting alone: a character that no row holds.
                Nested = Text(row, "kind") == "splitMulti" ? 1 : (Text(row, "nestedDelimiter") ?? "\\")[0],
            };
            var type = Text(row, "kind") == "singleChoice" ? FieldType.SingleChoice : FieldType.MultipleChoice;
            var result = new ValueConverter(Fixtures.Field(type), settings).Convert(Text(row, "input")!);
            var expected = row.GetProperty("expected");
            string[] paths = expected.ValueKind != JsonValueKind.Array ? [expected.GetString() ?? ""]
                : [.. expected.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Array ? string.Join('\\', p.EnumerateArray()) : p.GetString()!)];
            var actual = result.Value is string one ? [one] : result.Value as string[] ?? [];
            if (result.IsError ? result.Code != "choice-too-long" || Text(row, "outcome") != "error" : !actual.SequenceEqual(paths.Order(StringComparer.Ordinal)))
                wrong.Add($"{Text(row, "id")}: {string.Join('|', actual)} {result.Code}");
            seen++;
        }
        Same(wrong, seen, 12);
    }

    [Fact]
    public void Overlaid_choices_and_defaults()
    {
        var seen = 0;
        foreach (var row in Rows("import_values.json").Where(r => Text(r, "kind") is "overlayChoice" or "relationalField"))
        {
            var isChoice = Text(row, "kind") == "overlayChoice";
            var type = !isChoice ? FieldType.FixedLengthText : Text(row, "fieldType") == "SingleChoice" ? FieldType.SingleChoice : FieldType.MultipleChoice;
            var field = Fixtures.Field(type, isChoice ? "Issues" : FieldPlan.GroupIdentifier) with { Overlay = MultiSelectOverlay.Merge };
            var behaviour = Text(row, "behaviour") switch
            {
                "MergeAll" => MultiSelectOverlay.Merge,
                "ReplaceAll" => MultiSelectOverlay.Replace,
                _ => MultiSelectOverlay.UseFieldSettings,
            };
            var rules = new Overlay(Fixtures.Document, [field], new ImportSettings { MultiSelect = behaviour });
            var cell = Text(row, "input") is { } input && input != "(not mapped)" ? new ValueConverter(field, Fixtures.Settings()).Convert(input).Value : null;
            var values = new NewValues
            {
                Identifier = Text(row, "keyValue") ?? "REL1",
                Values = Text(row, "input") == "(not mapped)" ? [] : [new NewValue(field, cell)],
                Stamp = new RecordStamp("job", 0, 1),
                WrittenUtc = DateTimeOffset.UnixEpoch,
            };
            var record = isChoice ? rules.Apply(Before(row, rules, values, field), values).Record! : rules.New(values).Record!;
            var actual = record.ValueOf(field.Id) switch { string one => [one], string[] many => many, _ => [] };
            Assert.Equal(isChoice ? Strings(row, "expected") : [Text(row, "expected")!], actual);
            seen++;
        }
        Assert.True(seen >= 7);
    }

    [Fact]
    public void Objects_users_and_newlines()
    {
        var seen = 0;
        foreach (var row in Rows("import_values.json").Where(r => Text(r, "kind") is "user" or "singleObject" or "multiObject"))
        {
            var type = Text(row, "kind") switch { "user" => FieldType.User, "singleObject" => FieldType.SingleObject, _ => FieldType.MultipleObject };
            int? length = row.TryGetProperty("maxLength", out var most) ? most.GetInt32() : null;
            var result = new ValueConverter(Fixtures.Field(type) with { Length = length }, Fixtures.Settings()).Convert(Text(row, "input")!);
            Assert.Equal(Text(row, "outcome") == "error", result.IsError);
            // There a user is a number; here the address, in whose any case of letters the workspace finds it.
            if (result.IsError) Assert.Equal("text-too-long", result.Code);
            else if (type == FieldType.User) Assert.Contains(((string)result.Value!).ToLowerInvariant(), row.GetProperty("assignableUsers").EnumerateObject().Select(u => u.Name));
            else Assert.Equal(row.GetProperty("expected").ValueKind == JsonValueKind.Array ? Strings(row, "expected") : [Text(row, "expected")!], result.Value as string[] ?? [(string)result.Value!]);
            seen++;
        }
        Assert.True(seen >= 4);
        // The line break of the other system is CRLF, ours LF.
        foreach (var row in Rows("import_tokenising.json").Where(r => Text(r, "kind") == "newlineCharacter"))
            Assert.Equal(Text(row, "expected")!.ReplaceLineEndings("\n"), Fixtures.Convert(FieldType.LongText, Text(row, "cell")!).Value);
    }

    private static Engine.Records.Record Before(JsonElement row, Overlay rules, NewValues values, Field field)
    {
        var existing = Strings(row, "existing");
        return rules.New(values with { Values = [new NewValue(field, field.Type == FieldType.SingleChoice ? existing[0] : existing)] }).Record!;
    }

    [Fact]
    public void Further_values()
    {
        var path = Fixtures.Vectors("values.json");
        Assert.SkipWhen(path is null, "The shared cases do not lie beside the checkout.");
        using var json = JsonDocument.Parse(File.ReadAllText(path!));
        foreach (var row in json.RootElement.GetProperty("multichoice").EnumerateArray())
            Assert.Equal(Strings(row, "selected"), Fixtures.Convert(FieldType.MultipleChoice, Text(row, "in")!).Value);
        foreach (var row in json.RootElement.GetProperty("bool").EnumerateArray())
        {
            var result = Fixtures.Convert(FieldType.YesNo, Text(row, "in")!);
            Assert.Equal(row.GetProperty("out").ValueKind == JsonValueKind.String ? null : row.GetProperty("out").GetBoolean(), result.Value);
            Assert.Equal(row.GetProperty("out").ValueKind == JsonValueKind.String, result.IsError);
        }
        foreach (var row in json.RootElement.GetProperty("newlineSubstitution").EnumerateArray())
            Assert.Equal(Text(row, "out"), Fixtures.Convert(FieldType.LongText, Text(row, "in")!).Value);
    }

    [Fact]
    public void Folders()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var row in Rows("import_folders.json"))
        {
            var kind = Text(row, "kind");
            if (kind == "tooLong")
            {
                var path = string.Join('\\', row.GetProperty("segmentLengths").EnumerateArray().Select(n => new string('x', n.GetInt32())));
                if (FolderPath.Parse("", path).IsError != row.GetProperty("expected").GetBoolean()) wrong.Add($"{Text(row, "id")}: {path.Length}");
            }
            else if (kind == "foldersKnownAfterOnePath")
            {
                if (FolderPath.Parse("", Text(row, "input")!).Folder!.Ids.Distinct().Count() != row.GetProperty("created").GetInt32()) wrong.Add(Text(row, "id")!);
            }
            else if (kind is "cleanPath" or "segmentTrim")
            {
                // The folder cache of the other system trims each level; so do we.
                var expected = string.Join('\\', Text(row, "expected")!.Split('\\').Select(l => l.Trim()).Where(l => l.Length > 0));
                var actual = FolderPath.Parse("", Text(row, "input")!).Folder?.Path ?? "";
                if (actual != expected) wrong.Add($"{Text(row, "id")}: {actual}, expected {expected}");
            }
            else
            {
                continue;
            }
            seen++;
        }
        Same(wrong, seen, 15);
    }

    [Fact]
    public void Names()
    {
        var rows = Rows("names.json").Where(r => r.TryGetProperty("jobName", out _)).ToList();
        Assert.All(rows, row => Assert.Equal(row.GetProperty("valid").GetBoolean(), PointRules.CheckName(Text(row, "jobName")!) is null));
        Assert.NotEmpty(rows);
    }

    [Fact]
    public void Automatic_mapping()
    {
        // Types of the other system, where a name in brackets is a length and "T" a type of its own.
        foreach (var row in Rows("automap.json"))
        {
            var source = row.GetProperty("source").EnumerateArray().ToArray();
            var destination = row.GetProperty("destination").EnumerateArray().ToArray();
            SourceField[] columns = [.. source.Select(s => new SourceField(Text(s, "name")!, IsIdentifier(s), FieldType.FixedLengthText, 250))];
            Field[] fields = [.. destination.Select(d => Fixtures.Field(Text(d, "type") == "Long Text" ? FieldType.LongText : FieldType.FixedLengthText, Text(d, "name")!, 250)
                with { Role = IsIdentifier(d) ? FieldRole.Identifier : FieldRole.None })];
            var pairs = FieldMatcher.Match(columns, fields, new MatchOptions { OnlyIdentifiers = Text(row, "option") == "matchOnlyIdentifiers" }).Pairs
                .Select(p => (Text(source[p.Pair.Column], "id"), Text(destination[Array.IndexOf(fields, p.Pair.Field)], "id")));
            Assert.Equal(row.GetProperty("expectedPairs").EnumerateArray().Select(p => (p[0].GetString(), p[1].GetString())), pairs);
        }
    }

    [Fact]
    public void Compatible_types()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var row in Rows("field_type_compatibility.json"))
        {
            var destination = TypeOf(Text(row, "destination"));
            if (destination is null || Text(row, "source") is { Length: > 0 } name && TypeOf(name) is null) continue;
            // Without a length the other system takes 0 for "not known to fit"; ours knows lengths or does not.
            if (row.TryGetProperty("sourceLength", out _)) continue;
            var column = new SourceField("F", Type: TypeOf(Text(row, "source")), Length: 255);
            if (FieldMatcher.AreCompatible(column, Fixtures.Field(destination.Value, "F", 255)) != row.GetProperty("compatible").GetBoolean())
                wrong.Add($"{Text(row, "source")} to {Text(row, "destination")}");
            seen++;
        }
        Same(wrong, seen, 25);
    }

    internal static List<JsonElement> Rows(string file)
    {
        var path = Fixtures.Vectors(file);
        Assert.SkipWhen(path is null, "The shared cases do not lie beside the checkout.");
        using var json = JsonDocument.Parse(File.ReadAllText(path!));
        return [.. json.RootElement.GetProperty("vectors").EnumerateArray()
            .Where(r => !(r.TryGetProperty("quirk", out var quirk) && quirk.ValueKind == JsonValueKind.True) && !r.TryGetProperty("conflictsWithDocumentation", out _))
            .Select(r => r.Clone())];
    }

    private static void Same(List<string> wrong, int seen, int atLeast)
    {
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(seen >= atLeast, $"Only {seen} rows were read.");
    }

    private static string[] Strings(JsonElement row, string property) => [.. row.GetProperty(property).EnumerateArray().Select(v => v.GetString()!)];

    internal static string? Text(JsonElement row, string property)
        => row.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsIdentifier(JsonElement field) => field.TryGetProperty("isIdentifier", out var value) && value.GetBoolean();

    private static FieldType? TypeOf(string? name) => name switch
    {
        "Fixed-Length Text(255)" => FieldType.FixedLengthText,
        "Long Text" => FieldType.LongText,
        "Whole Number" => FieldType.WholeNumber,
        "Decimal" => FieldType.Decimal,
        "Currency" => FieldType.Currency,
        "Date" => FieldType.Date,
        "Yes/No" => FieldType.YesNo,
        "Single Choice" => FieldType.SingleChoice,
        "Multiple Choice" => FieldType.MultipleChoice,
        _ => null,
    };
}
