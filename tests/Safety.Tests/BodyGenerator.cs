using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace IntegrationPoints.Safety.Tests;

/// <summary>Bodies that are wrong in one of many ways, the same for the same seed.</summary>
internal static class BodyGenerator
{
    private const string Condition = """{"field":"Control Number","op":"is-set"}""";

    /// <summary>The ways, each of which makes bytes of a body that was nearly right.</summary>
    public static IReadOnlyDictionary<string, Func<JsonNode, Random, byte[]>> Ways { get; } = new Dictionary<string, Func<JsonNode, Random, byte[]>>
    {
        ["cut off"] = (body, random) => Bytes(body)[..random.Next(Bytes(body).Length)],
        ["flipped bits"] = (body, random) => Flipped(Bytes(body), random),
        ["random bytes"] = (_, random) => Random(random, random.Next(2000)),
        ["members of other kinds"] = (body, random) => Bytes(Changed(body, random, () => Any(random))),
        ["null everywhere"] = (body, random) => Bytes(Changed(body, random, () => null)),
        ["very deep"] = (_, random) => Text(Deep(random.Next(2) == 0 ? "[" : "{\"a\":", random.Next(60, 100_000))),
        ["deep conditions"] = (_, random) => Text($$"""{"name":"a","condition":{{Nested("{\"not\":", "}", Condition, random.Next(10, 2000))}} }"""),
        ["very wide"] = (_, random) => Text($$"""{"name":"a","condition":{"or":[{{string.Join(',', Enumerable.Repeat(Condition, random.Next(2000, 20_000)))}}] } }"""),
        ["huge numbers"] = (body, random) => Bytes(Changed(body, random, () => JsonNode.Parse(Number(random)))),
        ["long texts"] = (body, random) => Bytes(Changed(body, random, () => new string((char)random.Next('!', '~'), random.Next(1000, 200_000)))),
        ["strange characters"] = (body, random) => Bytes(Changed(body, random, () => Strange(random))),
        ["doubled members"] = (body, _) => Doubled(body),
        ["half of characters"] = (body, random) => Text(Bytes(body) is var b ? Encoding.UTF8.GetString(b).Replace("Some", random.Next(2) == 0 ? "\\ud800" : "\\udc00\\ud800", StringComparison.Ordinal) : ""),
        ["invalid UTF-8"] = (body, random) => [.. Bytes(body)[..^2], .. Random(random, 4).Select(b => (byte)(b | 0x80)), .. "\"}"u8],
        ["other encodings"] = (body, random) => (random.Next(3) switch { 0 => Encoding.Unicode, 1 => Encoding.UTF32, _ => Encoding.BigEndianUnicode }).GetBytes("\ufeff" + body.ToJsonString()),
        ["comments and commas"] = (body, _) => Text("/*x*/" + body.ToJsonString()[..^1] + ",}//"),
        ["several documents"] = (body, _) => [.. Bytes(body), .. Bytes(body)],
        ["prototype members"] = (body, random) => Bytes(With(body, random.Next(2) == 0 ? "__proto__" : "$type", "System.Diagnostics.Process, System")),
        ["not an object"] = (_, random) => Text(((string[])["[]", "null", "1", "\"x\"", "true", "[[[[[]]]]]", "-0", "1e999"])[random.Next(8)]),
        ["form, XML, nothing"] = (_, random) => Text(((string[])["a=1&b=2", "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>", "", " ", "\0"])[random.Next(5)]),
    };

    private static byte[] Bytes(JsonNode? body) => Text(body?.ToJsonString() ?? "null");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Random(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    // Up to three places of the tree, of whatever kind.
    private static JsonNode? Changed(JsonNode body, Random random, Func<JsonNode?> value)
    {
        var copy = body.DeepClone();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var places = Places(copy).ToList();
            if (places.Count == 0) break;
            var (parent, key) = places[random.Next(places.Count)];
            if (parent is JsonObject o) o[(string)key] = value();
            else ((JsonArray)parent)[(int)key] = value();
        }
        return copy;
    }

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) => node switch
    {
        JsonObject o => o.Select(m => ((JsonNode)o, (object)m.Key)).Concat(o.SelectMany(m => Places(m.Value))),
        JsonArray a => Enumerable.Range(0, a.Count).Select(i => ((JsonNode)a, (object)i)).Concat(a.SelectMany(Places)),
        _ => [],
    };

    private static JsonNode? Any(Random random) => random.Next(9) switch
    {
        0 => 7,
        1 => "text",
        2 => true,
        3 => null,
        4 => new JsonArray(),
        5 => new JsonObject(),
        6 => new JsonArray(null, 1, "x", new JsonObject()),
        7 => new JsonObject { ["a"] = new JsonArray() },
        _ => -1.5,
    };

    private static string Number(Random random) => random.Next(7) switch
    {
        0 => "9223372036854775808",
        1 => "-9223372036854775809",
        2 => "1e400",
        3 => "-1e400",
        4 => "2147483648",
        5 => "0.00000000000000000000000000000000000000000000001",
        _ => new string('9', 1 + random.Next(20_000)),
    };

    private static string Strange(Random random) => random.Next(8) switch
    {
        0 => "\0",
        1 => "\u202e\u2066x",
        2 => "\ufffe\uffff",
        3 => "𐀀\u0301\u0301\u0301",
        4 => "'; DROP TABLE items; --",
        5 => "\" OR \"\"=\"",
        6 => "{{7*7}}${7*7}%s%n",
        _ => string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next(1, 0xd7ff))),
    };

    private static byte[] Doubled(JsonNode body)
    {
        var text = body.ToJsonString();
        return Text($"{{{text[1..^1]},{text[1..^1]}}}");
    }

    private static JsonNode With(JsonNode body, string name, string value)
    {
        var copy = body.DeepClone();
        copy.AsObject()[name] = value;
        return copy;
    }

    private static string Deep(string open, int levels) => string.Concat(Enumerable.Repeat(open, levels));

    private static string Nested(string open, string close, string inner, int levels)
        => string.Create(CultureInfo.InvariantCulture, $"{string.Concat(Enumerable.Repeat(open, levels))}{inner}{string.Concat(Enumerable.Repeat(close, levels))}");
}
