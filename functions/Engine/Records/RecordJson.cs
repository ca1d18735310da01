using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IntegrationPoints.Engine.Records;

/// <summary>Records as the stores keep them: one JSON object in UTF-8. The same record is always the same bytes.</summary>
public static class RecordJson
{
    // Stores take any JSON: escaping letters beyond ASCII would only make records larger.
    private static readonly RecordContext Context = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>The record as JSON.</summary>
    public static byte[] Write(Record record) => JsonSerializer.SerializeToUtf8Bytes(record, Context.Record);

    /// <summary>Writes the record as JSON to <paramref name="output"/>.</summary>
    public static void Write(Record record, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        JsonSerializer.Serialize(json, record, Context.Record);
    }

    /// <summary>Whether two records hold the same: a store may give back other bytes than it was given.</summary>
    public static bool IsSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        if (one.Span.SequenceEqual(other.Span)) return true;
        if (one.IsEmpty || other.IsEmpty) return false;
        using var a = JsonDocument.Parse(one);
        using var b = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(a.RootElement, b.RootElement);
    }

    /// <summary>The record that <see cref="Write(Record)"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are no record.</exception>
    public static Record Read(ReadOnlySpan<byte> json)
        => JsonSerializer.Deserialize(json, Context.Record) ?? throw new JsonException("A record was expected, and there is null.");
}

/// <summary>The shape of records, known when the program is built.</summary>
[JsonSerializable(typeof(Record)), JsonSerializable(typeof(TextReference))]
internal sealed partial class RecordContext : JsonSerializerContext;

/// <summary>Values by field id: text, whole numbers, yes/no, arrays of paths, and text that is kept as a file.</summary>
internal sealed class FieldValuesConverter : JsonConverter<Dictionary<string, object>>
{
    public override void Write(Utf8JsonWriter writer, Dictionary<string, object> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (field, content) in value)
        {
            switch (content)
            {
                case string text: writer.WriteString(field, text); break;
                case int number: writer.WriteNumber(field, number); break;
                case bool yes: writer.WriteBoolean(field, yes); break;
                case string[] paths: WriteArray(writer, field, paths); break;
                case TextReference reference: WriteReference(writer, field, reference); break;
                default: throw new JsonException($"A field's value cannot be a {content.GetType().Name}.");
            }
        }
        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, string field, string[] paths)
    {
        writer.WriteStartArray(field);
        foreach (var path in paths) writer.WriteStringValue(path);
        writer.WriteEndArray();
    }

    private static void WriteReference(Utf8JsonWriter writer, string field, TextReference reference)
    {
        writer.WriteStartObject(field);
        writer.WriteString("$blob", reference.Blob);
        writer.WriteNumber("$bytes", reference.Bytes);
        writer.WriteEndObject();
    }

    public override Dictionary<string, object> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Values by field id were expected.");
        var values = new Dictionary<string, object>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = reader.GetString()!;
            reader.Read();
            if (!values.TryAdd(field, ReadValue(ref reader, options))) throw new JsonException("A field has two values.");
        }
        return values;
    }

    private static object ReadValue(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return reader.GetString()!;
            case JsonTokenType.Number: return reader.GetInt32();
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.StartObject: return JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<TextReference>)options.GetTypeInfo(typeof(TextReference)))!;
            case JsonTokenType.StartArray:
                var paths = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) paths.Add(reader.GetString()!);
                return paths.ToArray();
            default: throw new JsonException($"A field's value cannot be {reader.TokenType}.");
        }
    }
}
